// Tells what changed while a page is open, and keeps the count of what waits true: one small question every few seconds while
// somebody looks, longer apart on a bad line. Nothing on the page is replaced: whoever writes is not disturbed.

const often = 5000;
const seldom = 60_000;
const { live } = document.body.dataset;
const box = document.createElement('div');
box.className = 'news';
box.setAttribute('role', 'status');
let tag;
let pause = often;
let timer;

document.body.append(box);
document.addEventListener('visibilitychange', () => again(0));
// What is sent mostly takes the page with it; and whoever signs out is nobody to be told, though the page still stands there.
document.addEventListener('submit', () => again(pause));
again(500);

function again(milliseconds) {
  clearTimeout(timer);
  if (document.visibilityState === 'visible') timer = setTimeout(ask, milliseconds);
}

async function ask() {
  const began = Date.now();
  try {
    // While something that was entered here waits to be sent, the line is left to that.
    if (!document.querySelector('#queue > *')) await look();
    // A slow line is asked less often, and so is a phone that saves data.
    pause = Date.now() - began > 1500 || navigator.connection?.saveData ? seldom : often;
  } catch (error) {
    if (error === 401) return;
    pause = Math.min(pause * 2, seldom * 5);
  }
  again(pause);
}

async function look() {
  const day = new URLSearchParams(location.search).get('date') ?? '';
  const response = await fetch(`/live?at=${live}&day=${day}`, {
    headers: tag ? { 'If-None-Match': tag } : {},
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 304) return;
  if (!response.ok) throw response.status;
  tag = response.headers.get('ETag');
  show(await response.json());
}

function show({ waits, told, to }) {
  const tab = document.querySelector('.tabs a[href="/inbox"]');
  tab?.querySelector('.count')?.remove();
  if (waits && tab) {
    const count = document.createElement('b');
    count.className = 'count';
    count.innerHTML = '<span class="unseen"> waiting</span>';
    count.prepend(waits > 99 ? '99+' : waits);
    tab.append(' ', count);
  }
  if (!told) return;
  // A day is shown anew; from everywhere else the way leads to the visit, or to the day.
  const isDay = /^\/(calendar)?$/.test(location.pathname);
  const way = document.createElement('a');
  way.href = isDay ? location.pathname + location.search : (to ?? '/');
  way.textContent = 'Show';
  const close = document.createElement('button');
  close.className = 'plain';
  close.textContent = 'Close';
  close.onclick = () => box.replaceChildren();
  box.replaceChildren(`${told} `, way, ' ', close);
}
