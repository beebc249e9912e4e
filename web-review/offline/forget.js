// What a phone forgets when nobody is signed in, on the pages of the sign-in: the pages it kept, and whose forms they were. What
// was entered and could not be sent is locked up with a key that the server alone has then: another person who uses the
// phone cannot read it. The first page of ours after signing in brings the key, and unlocks it (unlock.js).

import { edit } from './queue.js';
import { hasQueue, secretOf } from './unlock.js';

/** Forgets, on a page nobody is signed in on. */
export async function forgetAll() {
  if (await hasQueue()) await edit(forget);
}

async function forget(state) {
  await caches.delete('pages');
  for (const [name, list] of Object.entries(state)) {
    if (name.startsWith('of ')) delete state[name];
    const [id, key] = name.split(' ');
    if (!Array.isArray(list) || !key || id === 'locked') continue;
    delete state[name];
    const left = list.filter(entry => !entry.sent);
    if (left.length > 0) state[`locked ${id}`] = await lock(key, left);
  }
  Object.assign(state, { member: '', token: '', asked: undefined });
  // The page says so only where it is so.
  if (Object.keys(state).some(name => name.startsWith('locked '))) {
    document.querySelector('#kept')?.removeAttribute('hidden');
    // The start page has the key; a step of a close-out is too small for it.
    document.querySelector('[name=next]')?.setAttribute('value', '/');
  }
}

async function lock(key, entries) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await secretOf(key), text);
  return [...iv, ...new Uint8Array(data)];
}
