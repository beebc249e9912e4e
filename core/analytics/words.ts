import { formatMoney } from '../kernel/words/money.ts';
import type { Measure } from './queries.ts';

/** What a measure counts, as every answer says it. */
export const measureWords: Readonly<Record<Measure, string>> = {
  work: 'work: closed visits, on the day they were planned for',
  billed: 'billed: invoices on their day of issue, without drafts, cancelled and void ones',
  received: 'received: payments on the day they came, less what was given back on the day that went',
};

/** `$1,240.00 of work`, `$1,240.00 billed`. */
export const amountOf = (measure: Measure, cents: number, currency: string): string =>
  `${formatMoney(cents, currency)} ${measure === 'work' ? 'of work' : measure}`;

/** How much more than before, in percent with one decimal; null when there was nothing before to compare with. */
export const percentOf = (now: number, before: number): number | null =>
  before > 0 ? Math.round(((now - before) * 1000) / before) / 10 || 0 : null;

/** A part of the whole, in percent with one decimal; null when there is no whole. */
export const shareOf = (part: number, whole: number): number | null =>
  whole > 0 ? Math.round((part * 1000) / whole) / 10 : null;

/** Of so many, rounded half away from zero; null of none. */
export const averageOf = (cents: number, count: number): number | null =>
  count > 0 ? Math.sign(cents) * Math.round(Math.abs(cents) / count) : null;

/** `up 12 % on the same days of 2025`, `down 3 % on Nov 2025`; what was nothing before is said so. */
export function changeWords(now: number, before: number, than: string): string {
  const percent = percentOf(now, before);
  if (percent === null) return now > 0 ? `nothing in ${than}` : `as in ${than}`;
  if (now === before) return `the same as in ${than}`;
  const much = Math.abs(percent);
  const rounded = much >= 10 ? Math.round(much) : much;
  return `${percent < 0 ? 'down' : 'up'} ${rounded} % on ${than}`;
}

export const countWords: Readonly<Record<Measure, string>> = {
  work: 'visit',
  billed: 'bill',
  received: 'payment',
};

/** What is most of something: `mostly Gutter Cleaning`, or what comes first when nothing is half of it. */
export function mostlyWords(parts: readonly { name: string; cents: number }[]): string | undefined {
  const [first] = [...parts].sort((a, b) => b.cents - a.cents);
  const whole = parts.reduce((sum, { cents }) => sum + cents, 0);
  if (!first || first.cents <= 0) return undefined;
  const share = Math.round((first.cents * 100) / whole);
  return share >= 50 ? `mostly ${first.name}` : `${first.name} first (${share} %)`;
}
