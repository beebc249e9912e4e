import { Temporal } from 'temporal-polyfill';
import { type DayRange, spanOf } from '../../core/kernel/records/days.ts';
import { html, type Markup } from '../html.ts';
import { icon } from '../icons.ts';
import { type PageRequest, textOf } from '../site.ts';

type Day = Temporal.PlainDate;

/** Today, where the business is. */
export const todayOf = ({ site, identity }: PageRequest): Day =>
  site.clock().toZonedDateTimeISO(identity.organization.time_zone).toPlainDate();

/** The day the address asks for; today when it names none that a calendar has. */
export function askedDay(request: PageRequest): Day {
  return dayIn(textOf(request.http.query, 'date')) ?? todayOf(request);
}

/** The day a text names; undefined when a calendar has none like it. */
export function dayIn(text: string): Day | undefined {
  try {
    return /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a day, a week or a month of the calendar; of one technician when given. */
export const calendarHref = (range: DayRange, date: Day, technician?: string): string =>
  `/calendar?view=${range}&date=${date.toString()}${technician === undefined ? '' : `&technician=${technician}`}`;

/** `Wednesday, November 18, 2026` */
export const longDay = (date: Day): string =>
  show(date, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });

/** `Wed, Nov 18` */
export const shortDay = (date: Day): string =>
  show(date, { weekday: 'short', month: 'short', day: 'numeric' });

/** `November 2026`, `November 16 to 22, 2026`, `Wednesday, November 18, 2026` */
export function titleOf(range: DayRange, date: Day): string {
  if (range === 'day') return longDay(date);
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
export function calendarNavigation(
  request: PageRequest,
  range: DayRange,
  date: Day,
  technician?: string,
): Markup {
  const step = { [`${range}s`]: 1 };
  const [first, last] = spanOf(date, range);
  const today = todayOf(request);
  const isNow = Temporal.PlainDate.compare(first, today) <= 0 && Temporal.PlainDate.compare(today, last) <= 0;
  const href = (to: DayRange, day: Day) => calendarHref(to, day, technician);
  return html`<nav class="days" aria-label="Calendar">
<span class="steps"><a class="button plain" href="${href(range, date.subtract(step))}" rel="prev" aria-label="${labels[range]} before">${icon('back')}</a>
<a class="button plain" href="${href(range, today)}"${isNow && html` aria-current="date"`}>Today</a>
<a class="button plain" href="${href(range, date.add(step))}" rel="next" aria-label="${labels[range]} after">${icon('next')}</a></span>
<span class="views">${ranges.map(other => html`<a href="${href(other, date)}"${other === range && html` aria-current="page"`}>${labels[other]}</a> `)}</span>
</nav>`;
}
