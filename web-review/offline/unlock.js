// What was locked up while nobody was signed in (forget.js) is unlocked by the first page of ours after signing in.

import { edit } from './queue.js';

const { member } = document.body.dataset;

/** Unlocks what was entered, on a page with a member, and has it sent. */
export async function unlockKept() {
  if (!(await hasQueue())) return;
  await edit(unlock);
  (await navigator.serviceWorker.ready).active.postMessage(0);
}

async function unlock(state) {
  const [id, key] = member.split(' ');
  const locked = state[`locked ${id}`];
  if (!locked) return;
  const [iv, data] = [locked.slice(0, 12), locked.slice(12)].map(bytes => Uint8Array.from(bytes));
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await secretOf(key), data);
  state[member] = [...JSON.parse(new TextDecoder().decode(text)), ...(state[member] ?? [])];
  delete state[`locked ${id}`];
}

/** Browsers keep nothing for a plain http address, and most keep nothing of ours. */
export const hasQueue = async () => await globalThis.caches?.has('queue');

export const secretOf = key =>
  crypto.subtle.importKey('raw', new TextEncoder().encode(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
