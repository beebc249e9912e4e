import { showClock } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';

interface Visit {
  status: string;
  scheduled_at: string;
  duration_minutes: number;
  technicians: readonly string[] | null;
}

/**
 * Says that several visits of one time have nobody yet: each of them is well by itself, and together they need as many people.
 * Nobody is hindered, for who goes is often settled later. Of what is over nothing is said.
 */
export function nobodyYet(request: PageRequest, rows: readonly Visit[]): Markup | false {
  const { time_zone } = request.identity.organization;
  const clock = (at: number) => showClock(new Date(at).toISOString(), time_zone);
  const said = together(rows, request.site.clock().epochMilliseconds).map(({ count, from, last, to }) =>
    from === last
      ? `${count} visits at ${clock(from)} have nobody yet.`
      : `${count} visits between ${clock(from)} and ${clock(to)} have nobody yet, and are at the same time.`,
  );
  return said.length > 0 && html`<p class="warning">${said.join(' ')}</p>`;
}

interface Heap {
  count: number;
  from: number;
  /** When the last of them begins. */
  last: number;
  to: number;
}

/** Visits nobody goes to that overlap, each heap of them once. */
function together(rows: readonly Visit[], now: number): Heap[] {
  const heaps: Heap[] = [];
  const open = rows.filter(({ status, technicians }) => status === 'scheduled' && !technicians?.length);
  const spans = open.map(({ scheduled_at, duration_minutes }) => {
    const from = Date.parse(scheduled_at);
    return { from, to: from + duration_minutes * 60_000 };
  });
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (to <= now) continue;
    const heap = heaps.at(-1);
    if (heap === undefined || from >= heap.to) heaps.push({ count: 1, from, last: from, to });
    else Object.assign(heap, { count: heap.count + 1, last: from, to: Math.max(heap.to, to) });
  }
  return heaps.filter(({ count }) => count > 1);
}
