// The page's part: takes card numbers out of fields, keeps the total of the work current, has the worker installed, shows
// what waits to be sent, and makes the pages of a close-out without signal.

import { redact } from '../../core/kernel/words/redaction.ts';
import { edit, heldWords, isOf, isWaiting, linesOf, load, stepAfter, typedIn } from './queue.js';
import { countUp } from './totals.js';

export async function startPage() {
  const { member } = document.body.dataset;
  let { kept } = document.body.dataset;
  const { serviceWorker } = navigator;
  const main = document.querySelector('main');
  const on = (kind, handle) => addEventListener(kind, handle, true);
  let isWriting;
  let hasWaited;
  let hasWaiting;
  let isAhead;
  let isLeaving;
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
  const ask = async () =>
    (await serviceWorker.ready).active.postMessage(kept && !isAhead ? location.href : 0);
  serviceWorker.onmessage = ({ data }) => (data === location.href ? giveWay() : show(data));
  on('online', ask);
  box.onclick = async ({ target }) => {
    if (!target.value || !confirm(`Discard all you wrote about ${target.value.split('/')[2]} for good?`))
      return;
    // What was held back with it goes with it.
    await edit(state => {
      state[member] = state[member].filter(entry => entry.sent || !isOf(target.value)(entry));
    });
    ask();
  };
  // While something waits, soon again.
  let ticks = 0;
  setInterval(() => (kept || hasWaiting || ++ticks % 6 === 0) && ask(), 5000);
  // Not while a step is open: there every byte is the step's.
  if (!/T-/.test(location)) serviceWorker.register('/service-worker.js');
  const { [member]: entries = [] } = await load();
  if (kept) makePage(main, entries);
  else addHeld(entries);
  await show();
  ask();

  // Somebody writes, or sends what they wrote: the page stays under their hands, though the real one be on its way.
  function change({ target, formData }) {
    isWriting ||= !kept || !stop();
    const more = countUp(target.form ?? target);
    for (const name in more) formData?.set(name, more[name]);
  }

  /** Once: each time more would begin anew what is on its way. */
  function leave() {
    if (isLeaving) return;
    isLeaving = true;
    location.reload();
  }

  /** The server has answered: the real page takes the place of this one, unless somebody writes here. */
  function giveWay() {
    if (!isWriting) return leave();
    kept = '';
    show();
  }

  async function show(sending) {
    const turn = ++shows;
    const { member: now, [now]: list = [] } = await load();
    // Signed out meanwhile: nothing stays but what somebody is writing.
    if (now === '' && !isWriting) leave();
    // The real page, when this one was made for want of it.
    hasWaiting = list.some(isWaiting);
    isAhead = list.filter(isOf(location.pathname)).some(isWaiting);
    if (hasWaiting) hasWaited = true;
    else if (hasWaited && kept && !isWriting) leave();
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
    const { text } = redact(field.value);
    if (text === field.value) continue;
    field.value = text;
    field.insertAdjacentHTML(
      'afterend',
      '<p role="status" class="redaction-warning">A card or social security number was removed.',
    );
  }
}

/**
 * What was entered after a step that was refused is held back on this phone: where all of it can be kept as a note, it
 * stands there, too.
 */
function addHeld(list) {
  const field = document.querySelector('#content');
  if (!field) return;
  const words = heldWords(list, location.pathname, location.href);
  if (!field.value.includes(words)) field.value += `\n${words}`;
  // Where this is missing the worker adds them: the button was faster than this script.
  field.insertAdjacentHTML('afterend', '<input type="hidden" name="held" value="1">');
}

/** Makes of the bundle the page that is meant: a step of a visit, the visit, or a day; the list of visits is left for others. */
function makePage(main, list) {
  const { pathname: path, search } = location;
  const [, kind, ref, asked] = path.split('/');
  const entries = list.filter(isOf(path));
  const step = asked ?? stepAfter(entries.at(-1)?.path ?? path);
  const find = id => document.getElementById(id);
  const template =
    (kind[1] === 'l' && (find(`step-${step}`) ?? find(ref))) ||
    find(`visit-${ref}`) ||
    (ref && find('no-page'));
  const day = find(`day-${/\d{4}-\d\d-\d\d/.exec(search) ?? new Date().toLocaleDateString('sv')}`);
  // The calendar of a day shows that day.
  if (!ref && kind[1] !== 'l' && day)
    for (const other of main.querySelectorAll('section')) other.hidden = other !== day;
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

/** What was typed, for markup. */
const wordsOf = entries => linesOf(entries).replace(/&/g, '&amp;').replace(/</g, '&lt;');
