import { z } from 'zod';
import { type Line, periodSaid } from '../../core/analytics/pictures.ts';
import { wholeMoney } from '../../core/analytics/short-money.ts';
import { type Content, html } from '../html.ts';
import type { Column } from './part.ts';

// What stands in the cells of figures: a member of a line in words, and where one comes to what it counts.

/** A member of a line as a text or a number, or in words; '' and 0 where it is none. */
export const text = (line: Line, name: string): string => (typeof line[name] === 'string' ? line[name] : '');
export const count = (line: Line, name: string): number => (typeof line[name] === 'number' ? line[name] : 0);
export const counted = (line: Line, name: string): string => count(line, name).toLocaleString('en-US');
export const money = (line: Line, name: string): string => wholeMoney(count(line, name), line.currency);
/** A dash for what there is nothing to be said of. */
export const moneyOr = (line: Line, name: string): string => (line[name] === null ? '–' : money(line, name));
export const percent = (line: Line, name: string): number | null =>
  typeof line[name] === 'number' ? line[name] : null;

/** A column of numbers. */
export const number = (title: string, cell: Column['cell'], isWide = false): Column => ({
  title,
  cell,
  isNumber: true,
  ...(isWide ? { isWide } : {}),
});

const asked = z.record(z.string(), z.string());

/** The list that holds the very rows a line counts, as its filters say. */
export function listBehind(plural: string, said: unknown): string | undefined {
  const { data } = asked.safeParse(said);
  if (!data) return undefined;
  const { filter, ...params } = data;
  const query = new URLSearchParams({
    ...(filter === undefined ? {} : { filter }),
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [`by_${name}`, value])),
  });
  return `/records/${plural}?${query}`;
}

/** A name, which leads to what is behind it where that can be looked at. */
export const named = (name: Content, href: string | undefined): Content =>
  href === undefined ? name : html`<a href="${href}">${name}</a>`;

/** `Week of Nov 16, 2026`, `Q4 2026`, `Nov 2026`. */
export const weekSaid = (period: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(period)
    ? `Week of ${periodSaid(period)}, ${period.slice(0, 4)}`
    : periodSaid(period);

/** The visits of a month, where it is work that is told. */
export const monthLink = (line: Line): string | undefined =>
  line.measure === 'work'
    ? listBehind('tickets', { status: 'closed', from: text(line, 'from'), to: text(line, 'to') })
    : line.measure === 'received'
      ? listBehind('payments', { status: 'succeeded', from: text(line, 'from'), to: text(line, 'to') })
      : undefined;
