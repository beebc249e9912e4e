import { Temporal } from 'temporal-polyfill';
import { type DayRange, spanOf } from '../../core/kernel/records/days.ts';
import { html, type Markup } from '../html.ts';
import { type PageRequest, textOf } from '../site.ts';

type Day = Temporal.PlainDate;

/** Today, where the business is. */
export const todayOf = ({ site, identity }: PageRequest): Day =>
  site.clock().toZonedDateTimeISO(identity.organization.time_zone).toPlainDate();

/** The day the address asks for; today when it names none that a calendar has. */
export function askedDay(visit: PageRequest): Day {
  const text = textOf(visit.request.query, 'date');
  try {
    return /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text) : todayOf(visit);
  } catch {
    return todayOf(visit);
  }
}

/** The address of a day, a week or a month of the calendar. */
export const calendarHref = (range: DayRange, date: Day): string =>
  range === 'day' ? `/?date=${date.toString()}` : `/calendar?view=${range}&date=${date.toString()}`;

/** `Wednesday, November 18, 2026` */
export const longDay = (date: Day): string =>
  show(date, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });

/** `Wed, Nov 18` */
export const shortDay = (date: Day): string =>
  show(date, { weekday: 'short', month: 'short', day: 'numeric' });

/** `November 2026`, `November 16 to 22, 2026` */
export function titleOf(range: 'week' | 'month', date: Day): string {
  if (range === 'month') return show(date, { month: 'long', year: 'numeric' });
  const [first, last] = spanOf(date, range);
  const parts = { month: 'long', day: 'numeric' } as const;
  const start = show(first, first.year === last.year ? parts : { ...parts, year: 'numeric' });
  const end = show(last, first.month === last.month ? { day: 'numeric' } : parts);
  return `${start} to ${end}, ${last.year}`;
}

// A day of the calendar has no time zone: UTC shows it as itself.
const show = (date: Day, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(
    Date.UTC(date.year, date.month - 1, date.day),
  );

const ranges = ['day', 'week', 'month'] as const;
const labels = { day: 'Day', week: 'Week', month: 'Month' } as const;

/** The ways from one day, week or month to the ones beside it, to the one that is now, and to the other views. */
export function calendarNavigation(visit: PageRequest, range: DayRange, date: Day): Markup {
  const step = { [`${range}s`]: 1 };
  const [first, last] = spanOf(date, range);
  const today = todayOf(visit);
  const isNow = Temporal.PlainDate.compare(first, today) <= 0 && Temporal.PlainDate.compare(today, last) <= 0;
  const now = range === 'day' ? '/' : `/calendar?view=${range}`;
  return html`<nav class="days" aria-label="Calendar">
<a href="${calendarHref(range, date.subtract(step))}" rel="prev">← ${labels[range]} before</a>
${!isNow && html`<a href="${now}">${range === 'day' ? 'Today' : `This ${range}`}</a>`}
<a href="${calendarHref(range, date.add(step))}" rel="next">${labels[range]} after →</a>
<span class="links">${ranges.map(other => html`<a href="${calendarHref(other, date)}"${other === range && html` aria-current="page"`}>${labels[other]}</a> `)}</span>
</nav>`;
}
