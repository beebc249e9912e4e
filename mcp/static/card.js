import { paintDay } from './day.js';
import { meetHost } from './host.js';
import { paintInvoices, paintSent } from './invoice.js';
import { paintSlots } from './slots.js';
import { paintRequests, paintWaiting, waits } from './waiting.js';

// One page for all cards: what stands in `#card` says which one it is. A painter is given an answer and makes an element of it, or
// nothing where the answer is about something else.

const lists = { day: paintDay, invoice: paintInvoices, request: paintRequests };
const deeds = { slots: paintSlots, invoice: paintSent };

const { card, views, pages, base } = JSON.parse(document.getElementById('card').textContent);
const main = document.querySelector('main');
let args = {};

/** The address of the page of a record, by its reference. */
function pageOf(reference) {
  const path = pages[/^[A-Z]+/.exec(reference ?? '')?.[0]];
  return path === undefined ? undefined : `${base}${path}/${encodeURIComponent(reference)}`;
}

/** What a list shows is known by what was asked for. */
function listOf({ rows }) {
  if (!Array.isArray(rows)) return undefined;
  return lists[
    views[
      String(args.type ?? '')
        .trim()
        .replaceAll('-', '_')
    ]
  ];
}

async function paint(answer, context) {
  if (typeof answer !== 'object' || answer === null || answer.error) return undefined;
  const list = listOf(answer);
  if (list) return list(answer, context);
  if (!answer.data) return undefined;
  return waits(answer) ? paintWaiting(answer, context) : deeds[card]?.(answer, context);
}

const root = document.documentElement;
const isHarmless = ([name, value]) =>
  name.startsWith('--') && typeof value === 'string' && !/url\(|[;{}]/.test(value);

function wear({ theme, styles, safeAreaInsets: room }) {
  if (theme === 'light' || theme === 'dark') root.style.colorScheme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}).filter(isHarmless)) {
    root.style.setProperty(name, value);
  }
  if (room)
    document.body.style.padding = [room.top, room.right, room.bottom, room.left]
      .map(side => `${12 + Number(side)}px`)
      .join(' ');
}

const early = [];
let host;
async function show({ structuredContent }) {
  const made = await paint(structuredContent, { host, pageOf });
  if (!made) return host.leave();
  main.replaceChildren(made);
}

host = await meetHost(`deskhand-${card}`, {
  input: given => {
    args = given;
  },
  result: answer => (host ? show(answer) : early.push(answer)),
  cancelled: () => host?.leave(),
  context: wear,
});
for (const answer of early) await show(answer);
