// Booking follows what is typed: customers are found, free times and the price follow. Without this the buttons of the form
// do the same. What is written into free fields stays in the browser until the visit is booked.

const form = document.getElementById('book-form');
let asking;
let timer;
// A button that is being answered, a customer who was chosen, is answered to its end: what is typed meanwhile waits for it.
let choosing;

form.addEventListener('input', ({ target }) => {
  if (target.name === 'customer') later('found', 200);
  else if (/^(service|quantity|price)-|^(date|technician|minutes)$/.test(target.name))
    later('sum times last', 300);
  else if (target.name === 'time') later('last', 300);
});
form.addEventListener('submit', event => {
  const { submitter } = event;
  if (submitter?.value === 'book') {
    if (choosing) {
      event.preventDefault();
      choosing.then(() => form.querySelector('button[value="book"]')?.click());
    } else leaveAsItIs();
    return;
  }
  event.preventDefault();
  const isEnter = submitter === null || submitter.classList.contains('enter');
  look(isEnter ? 'found sum times last' : submitter.dataset.parts, isEnter ? undefined : submitter);
});

// What is under a finger is not replaced before it has been pressed.
form.addEventListener('pointerdown', ({ target }) => {
  if (!choosing && target.closest('button')) leaveAsItIs();
});

function leaveAsItIs() {
  clearTimeout(timer);
  asking?.abort();
}

function later(parts, wait) {
  clearTimeout(timer);
  timer = setTimeout(() => look(parts), wait);
}

async function look(parts, button) {
  if (!button) {
    await choosing;
    return ask(parts);
  }
  const answer = ask(parts, button);
  choosing = answer;
  await answer;
  if (choosing === answer) choosing = undefined;
}

async function ask(parts, button) {
  leaveAsItIs();
  asking = new AbortController();
  const { signal } = asking;
  const typed = new FormData(form);
  for (const field of form.querySelectorAll('[data-redact]:not([data-find])')) typed.delete(field.name);
  typed.set('part', '1');
  typed.set(button?.name ?? 'step', button?.value ?? 'look');
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(typed),
      signal,
      redirect: 'manual',
    });
    if (!response.ok) throw new Error(`booking answered ${response.status}`);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (signal.aborted) return;
    for (const name of parts.split(' ')) replace(`part-${name}`, fresh);
  } catch {
    // Off the line: the button still works as a plain form.
    if (button && !signal.aborted) HTMLFormElement.prototype.submit.call(withValue(button));
  }
}

function replace(id, fresh) {
  const old = document.getElementById(id);
  const next = fresh.getElementById(id);
  if (!old || !next) return;
  const hadFocus = old.contains(document.activeElement);
  const name = hadFocus ? document.activeElement.name : '';
  old.replaceWith(next);
  if (!hadFocus) return;
  const same = name && next.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
  (same || next.querySelector('input:not([type=hidden]), select, button, a'))?.focus();
}

// What a button says goes with the form when a script sends it.
function withValue({ name, value }) {
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name, value });
  form.append(field);
  return form;
}
