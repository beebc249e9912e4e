import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay, todayOf } from '../kernel/words/time.ts';

/** From a day to a day, both included, as the calendar of the business has them. One that ends before it begins has no days. */
export interface Span {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** Part of a span that stands in a line of its own. */
export interface Period extends Span {
  /** `2026-11`, `2026-Q4`, `2026-11-16` for the week from that Monday. */
  key: string;
  /** Not over yet: it ends today. */
  is_running: boolean;
  /** The days that were asked for leave some of it out: it is compared with no other one. */
  is_cut: boolean;
}

export const steps = ['week', 'month', 'quarter'] as const;
export type Step = (typeof steps)[number];

/** What every analysis is asked for. */
const past = day.optional().meta({ examples: ['2026-01-01'] });
export const spanParams = { from: past, to: day.optional() };
export const spanInput = z.object(spanParams);

const mostPeriods = 120;
const firstYear = 1900;

const { compare } = Temporal.PlainDate;
const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (compare(a, b) <= 0 ? a : b);
const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (compare(a, b) >= 0 ? a : b);

/**
 * The days an analysis is about: until today and from the first of the month eleven months before when nothing is said, or from
 * where its first week or quarter begins, so that it is whole. What is still to come is left out. Throws VALIDATION_ERROR for days that are no period.
 */
export function askedSpan(
  context: ReadContext,
  params: z.infer<typeof spanInput>,
  step: Step = 'month',
): Span {
  const today = todayOf(context);
  const to = earlier(params.to === undefined ? today : readDay(params.to, 'to'), today);
  const from =
    params.from === undefined
      ? beginOf(to.with({ day: 1 }).subtract({ months: 11 }), step)
      : readDay(params.from, 'from');
  if (from.year < firstYear)
    throw invalid('from', 'This is too long ago.', {
      got: params.from,
      hint: `Begin in ${firstYear} or later.`,
    });
  if (compare(from, to) > 0) {
    throw invalid(
      'from',
      compare(from, today) > 0 ? 'This is still to come.' : 'The period ends before it begins.',
      {
        got: params.from,
        hint: `from is the first day, to the last one; today is ${today.toString()}.`,
      },
    );
  }
  return { from, to };
}

/** The span week by week (from Monday), month by month or quarter by quarter, the oldest first. Throws VALIDATION_ERROR for too many. */
export function periodsOf(span: Span, step: Step, today: Temporal.PlainDate): Period[] {
  const found: Period[] = [];
  for (let first = beginOf(span.from, step); compare(first, span.to) <= 0; first = nextOf(first, step)) {
    if (found.length === mostPeriods) {
      throw invalid('from', `These are more than ${mostPeriods} ${step}s.`, {
        hint: 'Ask for a shorter period, or for longer steps.',
      });
    }
    const last = nextOf(first, step).subtract({ days: 1 });
    const is_running = compare(first, today) <= 0 && compare(today, last) < 0;
    const from = later(first, span.from);
    const to = earlier(last, span.to);
    const isWhole = compare(from, first) === 0 && compare(to, is_running ? today : last) === 0;
    found.push({ key: keyOf(first, step), from, to, is_running, is_cut: !isWhole });
  }
  return found;
}

function beginOf(date: Temporal.PlainDate, step: Step): Temporal.PlainDate {
  if (step === 'week') return date.subtract({ days: date.dayOfWeek - 1 });
  return date.with({ day: 1, ...(step === 'quarter' ? { month: date.month - ((date.month - 1) % 3) } : {}) });
}

const lengths = { week: { weeks: 1 }, month: { months: 1 }, quarter: { months: 3 } } as const;
const nextOf = (first: Temporal.PlainDate, step: Step) => first.add(lengths[step]);

function keyOf(first: Temporal.PlainDate, step: Step): string {
  if (step === 'week') return first.toString();
  if (step === 'month') return first.toPlainYearMonth().toString();
  return `${first.year}-Q${Math.ceil(first.month / 3)}`;
}

/**
 * The same days a year before. What ends with its month is compared with what ended with that month, whichever day that was;
 * the 29th of February alone has no day like it and is compared with nothing.
 */
export function yearBefore({ from, to }: Span): Span {
  const before = from.subtract({ years: 1 });
  const end = to.subtract({ years: 1 });
  return {
    from: before.day === from.day ? before : before.add({ days: 1 }),
    to: to.day === to.daysInMonth ? end.with({ day: end.daysInMonth }) : end,
  };
}

/**
 * Whether the earlier days are whole: like is compared with like, and a business that began in the middle of them has nothing like the
 * days before its first one. Days before which all began are whole, and so are those that were over by then: there was nothing.
 */
export const isWhole = ({ from, to }: Span, first: Temporal.PlainDate | undefined): boolean =>
  first === undefined || compare(first, from) <= 0 || compare(first, to) > 0;

/** Which periods have days that were not asked for: `Of Q4 2025 only Dec 2025 is counted.` */
export const cutWords = (periods: readonly Period[], step: Step): string[] =>
  periods
    .filter(({ is_cut }) => is_cut)
    .map(
      ({ from, to }) =>
        `Of ${periodWords(beginOf(from, step), step)} only ${spanWords({ from, to })} is counted.`,
    );

/** `Q4 2025`, `Nov 2025`, `the week of Oct 26, 2026`. */
function periodWords(first: Temporal.PlainDate, step: Step): string {
  if (step === 'week') return `the week of ${dayOf(first)}`;
  return step === 'month'
    ? `${monthOf(first)} ${first.year}`
    : `Q${Math.ceil(first.month / 3)} ${first.year}`;
}

/** Both ends as instants, for moments, and as days. */
export function boundsOf({ from, to }: Span, timeZone: string) {
  return {
    from_at: dayBounds(from, timeZone).from.toString(),
    to_at: dayBounds(later(to, from.subtract({ days: 1 })), timeZone).to.toString(),
    from_on: from.toString(),
    to_on: to.toString(),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const monthOf = (date: Temporal.PlainDate) => months[date.month - 1] ?? '';
const dayOf = (date: Temporal.PlainDate) => `${monthOf(date)} ${date.day}, ${date.year}`;

/** `Nov 1–18, 2026`, `November` in short for a whole month: `Nov 2026`. */
export function spanWords({ from, to }: Span): string {
  if (compare(from, to) > 0) return 'no day';
  const isOneMonth = from.year === to.year && from.month === to.month;
  if (isOneMonth && from.day === 1 && to.day === to.daysInMonth) return `${monthOf(from)} ${from.year}`;
  if (compare(from, to) === 0) return dayOf(from);
  if (isOneMonth) return `${monthOf(from)} ${from.day}–${to.day}, ${from.year}`;
  return `${dayOf(from)} to ${dayOf(to)}`;
}
