import { z } from 'zod';
import { type BusinessHours, businessHours } from '../../core/kernel/pipeline/context.ts';

type Span = BusinessHours['mon'][number];

/** The days as they are written out. */
export const weekdayWords: Readonly<Record<keyof BusinessHours, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

/** A field for a time knows no 24:00. */
export const clockWords = (time: string): string => (time === '24:00' ? '00:00' : time);

/** The pairs of a day as they were typed; what stands in no field leaves no pair. Undefined for a day the form has not. */
export function readSpans(typed: Readonly<Record<string, string>>, day: string): Span[] | undefined {
  if (typed[`${day}_from_0`] === undefined) return undefined;
  const spans: Span[] = [];
  for (let index = 0; index < 12 && typed[`${day}_from_${index}`] !== undefined; index++) {
    const from = typed[`${day}_from_${index}`] ?? '';
    const to = typed[`${day}_to_${index}`] ?? '';
    if (from !== '' || to !== '') spans.push([from.slice(0, 5), to === '00:00' ? '24:00' : to.slice(0, 5)]);
  }
  return spans;
}

/** The pairs a page carried along; none for what is no list of them. */
export function daySpans(text: string | undefined): Span[] {
  try {
    return z.object({ spans: businessHours.shape.mon }).parse({ spans: JSON.parse(text ?? '[]') }).spans;
  } catch {
    return [];
  }
}

/** `8:00 AM – 12:00 PM, 1:00 PM – 5:00 PM`, or `closed`. */
export const spansWords = (spans: readonly Span[]): string =>
  spans.length === 0 ? 'closed' : spans.map(([from, to]) => `${clock(from)} – ${clock(to)}`).join(', ');

function clock(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  if (hours === 24 || (hours === 0 && minutes === 0)) return 'midnight';
  return `${hours % 12 === 0 ? 12 : hours % 12}:${String(minutes).padStart(2, '0')} ${hours < 12 ? 'AM' : 'PM'}`;
}
