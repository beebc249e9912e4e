import { type Bar, drawBars } from './chart.ts';
import { shortMoney, wholeMoney } from './short-money.ts';

/** A line of any analysis, as far as it is drawn or shown. */
export type Line = Readonly<Record<string, unknown>> & { currency: string };

/** What of an analysis is drawn. */
export interface Picture {
  /** What it is called in addresses: `services`. */
  name: string;
  label: string;
  view: string;
  params?: Readonly<Record<string, string>>;
  bar(line: Line): Bar;
  /** What the filled bars are. */
  now: string;
  /** Whether the bars have a year before beside them. */
  isCompared?: true;
  /** Whether it tells how things stand, and not what twelve months came to. */
  isOfToday?: true;
  /** Whether what is drawn is no money but how many. */
  isCount?: true;
}

const text = (line: Line, name: string): string => (typeof line[name] === 'string' ? line[name] : '');
const count = (line: Line, name: string): number => (typeof line[name] === 'number' ? line[name] : 0);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `Nov 2026` of `2026-11`. */
export const monthSaid = (month: string): string =>
  `${months[Number(month.slice(5, 7)) - 1] ?? ''} ${month.slice(0, 4)}`;

/** How late bills are, as people say it. */
export const agesSaid: Readonly<Record<string, string>> = {
  not_due: 'not due yet',
  days_1_30: '1–30 days late',
  days_31_60: '31–60 days late',
  days_61_90: '61–90 days late',
  days_over_90: 'over 90 days late',
};

/** What a line without a service or a place is called. */
export const serviceOf = (line: Line): string => text(line, 'service') || 'off the price list';
export const placeOf = (line: Line): string => text(line, 'neighborhood') || 'not known';

const compared = (label: (line: Line) => string) => ({
  bar: (line: Line): Bar => ({
    label: label(line),
    amount: count(line, 'amount_cents'),
    said: wholeMoney(count(line, 'amount_cents'), line.currency),
    before: count(line, 'last_year_cents'),
  }),
  now: 'now',
  isCompared: true as const,
});

const monthly = compared(line => monthSaid(text(line, 'month')));

const byMonth = (measure: string, label: string): Picture => ({
  name: measure,
  label,
  view: 'analytics_yoy',
  params: { measure },
  ...monthly,
  bar(line) {
    const { before, ...own } = monthly.bar(line);
    // Days a year before of which only some were worked have nothing like them (`percent` is null): no bar stands beside.
    return line.percent === null || before === undefined ? own : { ...own, before };
  },
});

/** The end of a step, as short as it fits: `Nov 2026`, `2026-Q4`, `Nov 16` for the week from that Monday. */
export function periodSaid(period: string): string {
  if (/^\d{4}-\d{2}$/.test(period)) return monthSaid(period);
  const [, month = '', day = ''] = /^\d{4}-(\d{2})-(\d{2})$/.exec(period) ?? [];
  return month === ''
    ? period.replace(/^(\d{4})-(Q\d)$/, '$2 $1')
    : `${months[Number(month) - 1] ?? ''} ${Number(day)}`;
}

/** The pictures there are, in the order of their pages. */
export const pictures: readonly Picture[] = [
  byMonth('work', 'Work'),
  byMonth('billed', 'Billed'),
  byMonth('received', 'Received'),
  {
    name: 'trends',
    label: 'Week by week',
    view: 'analytics_trends',
    params: { step: 'week' },
    bar: line => ({
      label: periodSaid(text(line, 'period')),
      amount: count(line, 'amount_cents'),
      said: wholeMoney(count(line, 'amount_cents'), line.currency),
    }),
    now: 'work',
  },
  { name: 'services', label: 'Services', view: 'analytics_service_types', ...compared(serviceOf) },
  { name: 'places', label: 'Places', view: 'analytics_neighborhoods', ...compared(placeOf) },
  {
    name: 'team',
    label: 'Team',
    view: 'analytics_technicians',
    ...compared(line => text(line, 'technician')),
  },
  {
    name: 'open',
    label: 'Open bills',
    view: 'analytics_open',
    bar: line => ({
      label: (agesSaid[text(line, 'age')] ?? '').replace(' late', ''),
      amount: count(line, 'due_cents'),
      said: wholeMoney(count(line, 'due_cents'), line.currency),
    }),
    now: 'open',
    isOfToday: true,
  },
];

/** So many lines are drawn; the list has all of them. */
export const drawn = 12;

/**
 * The picture of the lines of one currency; undefined where there is nothing to draw. `alone` is what it comes to in words, for a
 * picture that stands on no page; `write` makes a text ready for the page it stands on. Earlier days that are not whole (`isLike`) are
 * not drawn beside.
 */
export function draw(
  { label, now, isCompared, isCount, bar }: Picture,
  lines: readonly Line[],
  {
    alone,
    write,
    isLike = true,
  }: { alone?: string; write?: (text: string) => string; isLike?: boolean } = {},
): string | undefined {
  const isBeside = isCompared && isLike;
  const bars = lines.slice(0, drawn).map(line => {
    const { before, ...own } = bar(line);
    return isBeside && before !== undefined ? { ...own, before } : own;
  });
  const [first] = lines;
  if (!first || !bars.some(({ amount, before = 0 }: Bar) => amount > 0 || before > 0)) return undefined;
  return drawBars(bars, {
    title:
      alone === undefined
        ? `${label} as bars; the table has the same amounts.`
        : `${label}, in ${first.currency}`,
    now,
    ...(isBeside ? { before: 'year before' } : {}),
    said: amount =>
      isCount || first.currency === ''
        ? Math.round(amount).toLocaleString('en-US')
        : shortMoney(amount, first.currency),
    ...(alone === undefined ? {} : { alone }),
    ...(write ? { write } : {}),
  });
}
