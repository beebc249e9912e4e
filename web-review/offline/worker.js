// The service worker: keeps what a technician has read, takes each step that is entered and sends it when there is
// signal, in order and once (NFR-02, NFR-03). The browser may end it at any moment, so what must last is in the Cache API.

import { edit, isOf, isWaiting, load, stepAfter, visitOf } from './queue.js';

const READ = /^\/($|calendar|close-out|tickets)/;
const ENTERED = /^\/close-out\/.+\/(?!note$|look)|\/clock-/;
const BUNDLE = '/close-out/offline';

/** Where the last answer about each visit stands. */
const places = {};
/** Where a tab was just sent to: what stands there is what it is to see. */
let ready;

export function startWorker() {
  const on = (kind, work) => addEventListener(kind, event => event.waitUntil(work()));
  skipWaiting();
  on('activate', () => clients.claim());
  on('message', () => fetchBundle().then(sendSoon, sendSoon));
  on('sync', flush);
  addEventListener('fetch', event => {
    const { request } = event;
    const path = new URL(request.url).pathname;
    // A phone without room for the queue still sends what it can.
    const answer = handle => event.respondWith(handle(request, path).catch(() => fetch(request)));
    if (path.startsWith('/static/')) answer(async () => (await caches.match(request)) ?? fetch(request));
    else if (request.mode !== 'navigate') return;
    else if (request.method === 'GET') READ.test(path) && answer(read);
    else if (ENTERED.test(path)) answer(enter);
    else if (path === '/sign-out') event.waitUntil(edit(clear));
  });
}

/** Asks the server, but not for ever. Who may not read, or not any more, has nothing left here to be read. */
async function ask(request, options) {
  const response = await fetch(request, { ...options, signal: AbortSignal.timeout(15_000) });
  if (/^40[13]|sign-in/.test(response.status + response.url)) await edit(clear);
  return response;
}

/** The network first; what was kept, or the bundle to make it of, when there is none. */
async function read(request, path) {
  const { url } = request;
  const isReady = url.endsWith(ready);
  ready = undefined;
  const { member, [member]: list = [] } = await load();
  // The server does not know yet how far a visit is while a step of it waits, and a kept page does not either.
  const isAhead = list.filter(isOf(path)).some(isWaiting);
  const page = await caches.match(request);
  // A refusal stands under its entry's number.
  if (page && (/\?\d/.test(url) || (isReady && !isAhead))) return page;
  if (!isReady || !isAhead) {
    try {
      if (isAhead) await flush();
      const response = await ask(request);
      if (response.ok) await keep(url, response.clone());
      return response;
    } catch {
      // No signal.
    }
  }
  const kept = (!isAhead && page) || (await caches.match(BUNDLE));
  if (!kept) return new Response('No signal. Entries are kept.');
  const time = `${new Date(kept.headers.get('date'))}`.slice(16, 21);
  return new Response((await kept.text()).replace('<body', `<body data-kept="${time}"`), kept);
}

/** Takes a form, sends it if it can, and leads to the next page either way. */
async function enter(request, path) {
  const form = new URLSearchParams(await request.clone().text());
  // Entries are sent with the token of today, so only a form that has one of ours may become one.
  const { [`of ${form.get('csrf_token')}`]: member } = await load();
  const isStep = path[1] === 'c';
  const stay = () => new Response(null, { status: 204 });
  // A service more is put into the form by the server.
  if (form.has('stay') || !member) return fetch(request).catch(stay);
  const id = `${Date.now() + Math.random()}`;
  const visit = visitOf(path);
  delete places[visit];
  await edit(state => {
    state[member] ??= [];
    const list = state[member];
    // Entered again, or before a refusal that may be due to it: in its place. A clock is pressed as often as it is pressed.
    const place = list.findIndex(
      other => isOf(path)(other) && (other.why || (isStep && other.path === path)),
    );
    list.splice(place < 0 ? list.length : place, list[place]?.path === path, { id, path, form: `${form}` });
  });
  await sendSoon();
  const { [member]: list } = await load();
  ready = places[visit] ?? (isStep && `${visit}/${stepAfter(list.findLast(isOf(path)).path)}`);
  // A page that is answered with nothing stays; it says itself what waits.
  return ready ? Response.redirect(ready) : stay();
}

/** Sends what waits, one after the other. Throws when it had to stop for want of signal, or of a server. */
const flush = () =>
  navigator.locks.request('send', async () => {
    for (;;) {
      const { member, token, [member]: list = [] } = await load();
      // A refusal holds back what follows it on its visit.
      const entry = list.find(
        (other, place) =>
          token &&
          isWaiting(other) &&
          !list
            .slice(0, place)
            .filter(isOf(other.path))
            .some(before => before.why),
      );
      await tell(entry?.id);
      if (!entry) return;
      await send(entry, member, token).finally(tell);
    }
  });

/**
 * Sends what waits; what it cannot send is sent when the browser says that there is signal, even when no page is open,
 * if it knows how. Not asked of it when it has just said so: it would say so again at once, for ever.
 */
const sendSoon = () =>
  flush()
    .catch(() => registration.sync?.register('send'))
    .catch(() => {});

/** Sends one entry and writes down what became of it. Throws when there is no signal, none that lasts, or no server. */
async function send({ id, path, form }, member, token) {
  const body = new URLSearchParams(form);
  body.set('csrf_token', token);
  if (path.includes('clock')) body.set('ago', Math.round((Date.now() - id) / 1000));
  const response = await ask(path, { method: 'POST', body });
  const { status, ok, headers, url } = response;
  const text = await response.text();
  if (status > 428) throw status;
  // What refuses an entry stands under its number.
  const place = ok ? (headers.get('content-location') ?? url) : `${path}?${id}`;
  await keep(place, new Response(text, response));
  if (ok) await keep(visitOf(path), new Response(text, response));
  await edit(state => {
    // The session is over, or it is another one now, whose token stands in the page that says so: nothing was done.
    if (state.token !== token) return;
    places[visitOf(path)] = place;
    const entry = state[member].find(other => other.id === id) ?? {};
    if (ok) entry.sent = true;
    else entry.why = /(lead|problem)"[^>]*>([^<]*)/.exec(text)?.[2] || status;
  });
}

/** Tells every open page that something changed, and which entry is on its way. */
async function tell(id) {
  for (const client of await clients.matchAll()) client.postMessage(id);
}

/** Keeps a page that was shown to somebody who closes out, with the files it takes. */
async function keep(address, response) {
  const text = await response.clone().text();
  if (!(await learn(text))) return;
  const cache = await caches.open('pages');
  await cache.put(address, response);
  await cache.addAll(text.match(/\/static\/[\w.?=-]+/g)).catch(() => {});
}

/** Takes from a page who is signed in; what was kept for somebody else goes. */
async function learn(text) {
  const [, token, member] = /data-token="([^"]*)" data-member="([^"]+)"/.exec(text) ?? [];
  if (member) {
    await edit(async state => {
      if (state.member !== member) await clear(state);
      Object.assign(state, { member, token, [`of ${token}`]: member });
    });
  }
  return member;
}

/** Forgets everything about customers but what could not be sent; the page of the sign-in locks that up (forget.js). */
async function clear(state) {
  const { member, [member]: list = [] } = state;
  Object.assign(state, {
    member: '',
    token: '',
    asked: undefined,
    [member]: list.filter(entry => !entry.sent),
  });
  await caches.delete('pages');
}

/** What today's visits take without signal: one request, now and then. */
async function fetchBundle() {
  const { asked, member } = await load();
  const age = Date.now() - asked;
  if (age < 600_000) return;
  // The pages of another day.
  if (age > 43_200_000) await edit(clear);
  const response = await ask(BUNDLE);
  // Not when they signed out meanwhile.
  if ((await load()).member !== member) return;
  await keep(BUNDLE, response);
  await edit(state => {
    state.asked = Date.now();
  });
}
