// Ctrl+K, ⌘K or / opens the command bar anywhere, and so does touching the field of the header: a finger has no keys.
// With the Tab key that field stays a plain form. The bar is fetched when it is first asked for.

import { unlockKept } from '../offline/unlock.js';
// One script in one request: on one bar of signal each takes long.
import './live.js';

const field = document.querySelector('header [role=search] input');

document.addEventListener('keydown', event => {
  const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k';
  const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !isTyping(event.target);
  if (event.isComposing || !(isChord || isSlash)) return;
  event.preventDefault();
  toggle('');
});
field.addEventListener('click', () => toggle(field.value));
// On a phone the field has no room in the header, only its button.
field.form.addEventListener('submit', event => {
  if (field.checkVisibility?.() ?? true) return;
  event.preventDefault();
  toggle('');
});

if (document.body.dataset.member) unlockKept();

// Back, out of the memory of the browser: hidden until it is known that they are still signed in.
addEventListener('pageshow', async ({ persisted }) => {
  const root = document.documentElement;
  root.hidden = persisted;
  if (!persisted) return;
  const { ok } = await fetch('/sign-in', { redirect: 'manual' }).catch(() => ({ ok: true }));
  if (ok) location.replace('/sign-in');
  else root.hidden = false;
});

function toggle(text) {
  import('/static/command-bar.js').then(
    bar => bar.toggle(text),
    () => field.focus(),
  );
}

function isTyping(target) {
  return target.isContentEditable || target.matches('input, textarea, select');
}
