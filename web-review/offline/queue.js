// What was entered and may still have to be sent, as JSON in the Cache API: pages and the worker read and write the same.
// Older and newer versions of this file read it too, so its names stay as they are.
//
// { member, token, asked, ['of ' + token]: member, [member]: list, ['locked ' + id]: bytes }: who is signed in and the token of
// their forms ('' when the server said that they are signed out), whose each token is or was, and for each member the entries
// in the order they are sent in. A member is an id and a key; under the id alone stands what was locked up with the key when
// they were signed out (forget.js). An entry: { id, path, form, sent?, why? }: the id is the time it was entered, `sent` that it arrived, `why`
// the server's words when it refused it.

export const load = async () => (await (await caches.match('/queue'))?.json()) ?? {};

/** Changes it, one change at a time in whatever tab or worker. */
export const edit = change =>
  navigator.locks.request('queue', async () => {
    const state = await load();
    await change(state);
    const cache = await caches.open('queue');
    await cache.put('/queue', new Response(JSON.stringify(state)));
  });

export const isWaiting = entry => !entry.sent && !entry.why;

/** `/close-out/T-2071` of `/close-out/T-2071/notes`. */
export const visitOf = path => path.split('/', 3).join('/');

/** Tells the entries of the visit a path is about. */
export const isOf = path => entry => visitOf(entry.path) === visitOf(path);

/** Tells a step of a close-out from a clock and a note. */
export const isStep = path => path[1] === 'c' && !isNote(path);

/** Tells what is kept as a note because it could be kept no other way. */
export const isNote = path => path.endsWith('/note');

const STEPS = ['work', 'notes', 'next', 'review', 'payment', 'done'];

/** The step after the one of a path; the first one for a path without. */
export const stepAfter = path => STEPS[STEPS.indexOf(path.split('/')[3]) + 1];

/** Tells what a note of everything that was written about a visit takes along; another note that waits is sent by itself. */
export const isHeld = ({ path, sent, why }) => !sent && (why || !isNote(path));

/** The words held back with the refusal a page shows: its own it shows itself. */
export const heldWords = (list, path, url) =>
  linesOf(list.filter(entry => isHeld(entry) && isOf(path)(entry) && !url.endsWith(entry.id)));

/** Everything that was typed in entries, by the names of the fields. */
export const typedIn = entries => new URLSearchParams(entries.map(({ form }) => form).join('&'));

// Numbers and marks for the server; the totals of the page say the same in words.
const UNREAD = /^(csrf|idem|seen|rev|line|off|price|is_|held|shown_[mt])/;

/** A line for everything that was typed. */
export const linesOf = entries =>
  [...typedIn(entries)]
    .map(([name, text]) =>
      text && !UNREAD.test(name) ? `${name.replace('shown_', '').replace('_', ' ')}: ${text}\n` : '',
    )
    .join('');
