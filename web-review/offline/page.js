// The page's part: takes card numbers out of fields, keeps the total of the work current, has the worker installed, shows
// what waits to be sent, and makes the pages of a close-out without signal.

import { redact } from '../../core/kernel/words/redaction.ts';
import { edit, isOf, isWaiting, load, stepAfter } from './queue.js';
import { countUp } from './totals.js';

export async function startPage() {
  const { member, kept } = document.body.dataset;
  const { serviceWorker } = navigator;
  const main = document.querySelector('main');
  const on = (kind, handle) => addEventListener(kind, handle, true);
  let isWriting;
  let hasWaited;
  let shows = 0;

  // Capturing, because blur does not bubble and others may read the fields on submit.
  on('blur', clean);
  on('submit', clean);
  on('input', change);
  on('formdata', change);
  // Back, out of the memory of the browser: whether they may is asked anew.
  on('pageshow', ({ persisted }) => persisted && location.reload());
  if (!serviceWorker || !member) return;
  const box = document.querySelector('#queue');
  const ask = async () => (await serviceWorker.ready).active.postMessage(0);
  serviceWorker.onmessage = ({ data }) => show(data);
  on('online', ask);
  box.onclick = async ({ target }) => {
    if (!target.value || !confirm('Discard it?')) return;
    // What was held back with it goes with it.
    await edit(state => {
      state[member] = state[member].filter(entry => entry.sent || !isOf(target.value)(entry));
    });
    ask();
  };
  setInterval(ask, 30_000);
  // Not while a step is open: there every byte is the step's.
  if (!/T-/.test(location)) serviceWorker.register('/service-worker.js');
  if (kept) makePage(main, (await load())[member] ?? []);
  await show();
  ask();

  // Somebody writes, or sends what they wrote: the page stays under their hands, though the real one be on its way.
  function change({ target, formData }) {
    isWriting ||= !kept || !stop();
    const more = countUp(target.form ?? target);
    for (const name in more) formData?.set(name, more[name]);
  }

  async function show(sending) {
    const turn = ++shows;
    const { member: now, [now]: list = [] } = await load();
    // Signed out meanwhile: nothing stays but what somebody is writing.
    if (now === '' && !isWriting) location.reload();
    // The real page, when this one was made for want of it.
    if (list.some(isWaiting)) hasWaited = true;
    else if (hasWaited && kept && !isWriting) location.reload();
    // Asked again meanwhile: what was read first may come last, and would stay.
    if (turn < shows) return;
    const lines = list.map(({ id, path, sent, why }, place) => {
      const name = path.replace(/.*\/(.+)\/(.+)/, '$2 of $1');
      if (sent) return list[place + 1] ? '' : `<p>Sent: ${name}`;
      if (!why) return `<p>${id === sending ? 'Sending' : 'Not sent yet'}: ${name}`;
      // The page that refuses it says the same.
      return location.href.endsWith(id)
        ? ''
        : `<p>Refused: ${name}. ${why} <a href="${path}?${id}">Open it</a> <button value="${path}">Discard it</button><pre>${wordsOf(list.filter(isOf(path)).filter(entry => !entry.sent))}</pre>`;
    });
    box.innerHTML = (kept ? `<p>No signal: as of ${kept}` : '') + lines.join('');
  }
}

/** Takes card and social security numbers out of fields and tells the writer (SAN-01, SAN-02). */
function clean({ target }) {
  for (const field of target.elements ?? [target]) {
    if (!field.matches?.('[data-redact]')) continue;
    const { text, found } = redact(field.value);
    if (!found[0]) continue;
    field.value = text;
    field.insertAdjacentHTML(
      'afterend',
      '<p role="status" class="redaction-warning">A card or social security number was removed.',
    );
  }
}

/** Puts a step's template into the page; without one it stays as it is. */
function makePage(main, list) {
  const path = location.pathname;
  const [, , ref, asked] = path.split('/');
  const entries = list.filter(isOf(path));
  const step = asked ?? stepAfter(entries.at(-1)?.path ?? path);
  const template = document.getElementById(`step-${step}`) ?? document.getElementById(ref);
  if (!template) return;
  const typed = typedIn(entries);
  const values = { REF: ref, SUMMARY: wordsOf(entries) };
  main.innerHTML = template.innerHTML.replace(/__([A-z]+)__/g, (_, name) => values[name] ?? typed.get(name));
  // What was entered here before.
  if (entries.some(entry => entry.path === path))
    for (const field of main.querySelectorAll('[name]:not([type=hidden])')) {
      const { name, type } = field;
      if (/check|radio/.test(type)) field.checked = typed.getAll(name).includes(field.value);
      else field.value = typed.get(name) ?? field.value;
    }
}

const typedIn = entries => new URLSearchParams(entries.map(({ form }) => form).join('&'));

// Numbers and marks for the server; the totals of the page say the same in words.
const UNREAD = /^(csrf|idem|seen|rev|line|off|price|shown_[mt])/;

/** A line for everything that was typed. */
const wordsOf = entries =>
  [...typedIn(entries)]
    .map(([name, text]) =>
      text && !UNREAD.test(name) ? `${name.replace('shown_', '').replace('_', ' ')}: ${text}\n` : '',
    )
    .join('')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;');
