// The service worker: keeps what a technician has read, takes each step that is entered and sends it when there is
// signal, in order and once (NFR-02, NFR-03). The browser may end it at any moment, so what must last is in the Cache API.

import {
  edit,
  heldWords,
  isHeld,
  isNote,
  isOf,
  isStep,
  isWaiting,
  load,
  stepAfter,
  visitOf,
} from './queue.js';

/** Pages that are kept; not the forms of a visit, which say what was so when they were opened. */
const READ = /^\/($|calendar|close-out|tickets(\/[^/]+)?$)/;
const ENTERED = /^\/close-out\/.+\/(?!look)|\/clock-|^\/tickets\/.+\/notes$/;
const BUNDLE = '/close-out/offline';
/** For so long somebody waits for the line (ms); then the phone goes on by itself. */
const PATIENCE = 2500;
const HALF_DAY = 43_200_000;

/** Where the last answer about each entry stands, and the last refusal about each visit. */
const places = {};
/** Where a tab was just sent to: what stands there is what it is to see. */
let ready;
/** How often everything was forgotten: what was asked for before is not kept after. */
let forgotten = 0;
/** When the entry that is on its way was sent. */
let sentAt;

export function startWorker() {
  const on = (kind, work) => addEventListener(kind, event => event.waitUntil(work(event)));
  skipWaiting();
  on('activate', () => clients.claim());
  on('message', ({ data }) =>
    Promise.all([sendSoon(), data ? retry(data).catch(() => {}) : fetchBundle().then(sendSoon, () => {})]),
  );
  // The attempt that is under way may be one from before there was signal.
  on('sync', () => flush().catch(flush));
  addEventListener('fetch', event => {
    const { request } = event;
    const path = new URL(request.url).pathname;
    // A phone without room for the queue still sends what it can.
    const answer = handle => event.respondWith(handle(request, path, event).catch(() => fetch(request)));
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

const wait = ms => new Promise(done => setTimeout(done, ms));

/** What comes of something before patience ends; nothing, when nothing does or it fails. */
const inTime = (work, ms) => Promise.race([work, wait(ms)]).catch(() => {});

/** The network, if it answers soon; else what was kept, or the bundle to make it of, and the page hears when it has come. */
async function read(request, path, event) {
  const { url } = request;
  const isReady = url.endsWith(ready);
  ready = undefined;
  const { member, [member]: list = [] } = await load();
  // The server does not know yet how far a visit is while a step of it waits, and a kept page does not either.
  const isAhead = list.filter(isOf(path)).some(entry => isWaiting(entry) && isStep(entry.path));
  const page = await caches.match(request);
  // A refusal stands under its entry's number.
  if (page && (/\?\d/.test(url) || (isReady && !isAhead))) return page;
  if (!isReady || !isAhead) {
    const then = forgotten;
    const asking = (isAhead ? flush() : Promise.resolve()).then(async () => {
      const response = await ask(request);
      if (response.ok) await keep(url, response.clone(), then);
      return response;
    });
    let isLate;
    event.waitUntil(asking.then(({ ok }) => isLate && ok && hasCome(url)).catch(() => {}));
    const response = await inTime(asking, PATIENCE);
    if (response) return response;
    isLate = true;
  }
  const isOld = page && path === '/' && !isOfToday(page);
  const kept = (!isAhead && !isOld && page) || (await caches.match(BUNDLE));
  // A page of its own, that tries again by itself.
  if (!kept)
    return new Response(
      `<!doctype html><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>No signal</title><p>No signal for ${path.split('/')[2]?.replace(/[^\w-]/g, '') ?? 'this page'} yet. This page tries again by itself. Entries are kept.`,
      { headers: { 'content-type': 'text/html' } },
    );
  const time = `${dateOf(kept)}`;
  return new Response(
    (await kept.text()).replace(
      '<body',
      `<body data-kept="${isOfToday(kept) ? '' : time.slice(0, 4)}${time.slice(16, 21)}"`,
    ),
    kept,
  );
}

const dateOf = page => new Date(page.headers.get('date'));

const isOfToday = page => dateOf(page).toDateString() === new Date().toDateString();

/** Tells the pages that the real one is here: loaded anew, they show it at once. */
function hasCome(url) {
  ready = url;
  return tell(url);
}

/** Asks for a page that was made for want of signal. One that answers something else is asked for by its tab. */
const retry = once(async url => {
  const then = forgotten;
  const response = await ask(url);
  if (response.status > 428) return;
  if (response.ok && !response.redirected) {
    await keep(url, response, then);
    ready = url;
  }
  await tell(url);
});

/** Takes a form, sends it if it can, and leads to the next page either way. */
async function enter(request, path, event) {
  const form = new URLSearchParams(await request.clone().text());
  // Entries are sent with the token of today, so only a form that has one of ours may become one.
  const { [`of ${form.get('csrf_token')}`]: member } = await load();
  const stay = () => new Response(null, { status: 204 });
  // A service more is put into the form by the server.
  if (form.has('stay') || !member) return fetch(request).catch(stay);
  const id = `${Date.now() + Math.random()}`;
  const visit = visitOf(path);
  const isPart = isStep(path);
  delete places[visit];
  await edit(state => {
    const list = state[member] ?? [];
    state[member] = list;
    if (isNote(path) && !form.has('held'))
      form.set('content', `${form.get('content')}\n${heldWords(list, path, request.referrer)}`);
    form.delete('held');
    // That field has a number whatever is chosen; only who is written to (`reach_out`) is so in some months.
    /=rea/.test(form) || form.delete('months');
    // Entered again, or before a refusal that may be due to it: in its place. A clock is pressed as often as it is pressed.
    const place = list.findIndex(other => isPart && isOf(path)(other) && (other.why || other.path === path));
    list.splice(place < 0 ? list.length : place, list[place]?.path === path, { id, path, form: `${form}` });
  });
  const sending = sendSoon();
  event.waitUntil(sending);
  // While an earlier entry gets no answer this one need not wait as well.
  await inTime(sending, PATIENCE + Math.min(0, sentAt - Date.now() || 0));
  const { [member]: list = [] } = await load();
  ready = places[id] ?? places[visit];
  if (!ready && isPart)
    ready = `${visit}/${stepAfter(list.findLast(other => isOf(path)(other) && isStep(other.path)).path)}`;
  else if (!ready && /notes?$/.test(path)) ready = isNote(path) ? '/' : visit;
  // A page that is answered with nothing stays; it says itself what waits.
  return ready ? Response.redirect(ready) : stay();
}

/** Work that goes on once at a time: who wants it meanwhile gets what comes of it, and it is done once more if need be. */
function once(work) {
  let going;
  let isWanted;
  const go = async wish => {
    try {
      do {
        isWanted = false;
        await work(wish);
      } while (isWanted);
    } finally {
      going = undefined;
    }
  };
  return wish => {
    isWanted = true;
    going ??= go(wish);
    return going;
  };
}

/** Sends what waits, one after the other. Throws when it had to stop for want of signal, or of a server. */
const flush = once(() =>
  navigator.locks.request('send', { ifAvailable: true }, async lock => {
    while (lock) {
      const { member, token, [member]: list = [] } = await load();
      // A refusal holds back what follows it on its visit; what is kept as a note of it is not held back.
      const entry = list.find(
        (other, place) =>
          token &&
          isWaiting(other) &&
          (isNote(other.path) ||
            !list
              .slice(0, place)
              .filter(isOf(other.path))
              .some(before => before.why)),
      );
      await tell(entry?.id);
      if (!entry) return;
      sentAt = Date.now();
      await send(entry, member, token).finally(() => {
        sentAt = undefined;
        return tell();
      });
    }
  }),
);

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
  const then = forgotten;
  const body = new URLSearchParams(form);
  body.set('csrf_token', token);
  if (path.includes('clock')) body.set('ago', Math.round((Date.now() - id) / 1000));
  const response = await ask(path, { method: 'POST', body });
  const { status, ok, headers, url } = response;
  const text = await response.text();
  if (status > 428) throw status;
  // What refuses an entry stands under its number.
  const place = ok ? (headers.get('content-location') ?? url) : `${path}?${id}`;
  await keep(place, new Response(text, response), then);
  if (ok && place.includes(visitOf(path))) await keep(visitOf(path), new Response(text, response), then);
  await edit(state => {
    // The session is over, or it is another one now, whose token stands in the page that says so: nothing was done.
    if (state.token !== token) return;
    places[ok ? id : visitOf(path)] = place;
    const entry = state[member].find(other => other.id === id) ?? {};
    if (!ok) entry.why = /(?:lead|problem)"[^>]*>([^<]*)/.exec(text)?.[1] || status;
    else if (isNote(path))
      // Everything that was written about the visit and could not be sent is in it.
      state[member] = state[member].filter(other => other.id !== id && !(isHeld(other) && isOf(path)(other)));
    else entry.sent = true;
  });
}

/** Tells every open page that something changed, and which entry is on its way. */
async function tell(id) {
  for (const client of await clients.matchAll()) client.postMessage(id);
}

/** Keeps a page that was shown to somebody who closes out, with the files it takes; not when they signed out meanwhile. */
async function keep(address, response, then) {
  const text = await response.clone().text();
  if (then !== forgotten || !(await learn(text))) return;
  const cache = await caches.open('pages');
  await cache.put(address, response);
  // A file that does not come keeps back neither the page nor what is to be sent after it.
  await inTime(cache.addAll(text.match(/\/static\/[\w.?=-]+/g)), PATIENCE);
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
  forgotten += 1;
  Object.assign(state, {
    member: '',
    token: '',
    asked: undefined,
    [member]: list.filter(entry => !entry.sent),
  });
  await caches.delete('pages');
}

/** What the visits of the next days take without signal: one request, now and then. */
const fetchBundle = once(async () => {
  const { asked, member } = await load();
  const age = Date.now() - asked;
  if (age < 600_000) return;
  // The pages of another week.
  if (age > 14 * HALF_DAY) await edit(clear);
  const then = forgotten;
  const response = await ask(BUNDLE);
  // Not when they signed out meanwhile.
  if ((await load()).member !== member) return;
  await keep(BUNDLE, response, then);
  await edit(state => {
    state.asked = Date.now();
  });
  await dropOld();
});

/** The pages of another day go; what a refusal says stays until somebody has read it. */
async function dropOld() {
  const cache = await caches.open('pages');
  for (const request of await cache.keys()) {
    if (/static|\?\d/.test(request.url)) continue;
    const page = await cache.match(request);
    if (Date.now() - dateOf(page) > HALF_DAY) await cache.delete(request);
  }
}
