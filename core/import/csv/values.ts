import { Temporal } from 'temporal-polyfill';
import { fold } from '../../kernel/words/fold.ts';
import { decimalsOf } from '../../kernel/words/money.ts';

// What a cell says, once it is known for the whole column in which order its dates are and what its commas mean.

export const dateOrders = ['day_first', 'month_first'] as const;
export type DateOrder = (typeof dateOrders)[number];
export const decimalSigns = ['point', 'comma'] as const;
export type DecimalSign = (typeof decimalSigns)[number];

const numeric = /^(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\b/;

/** What the dates of a column tell: their order, that both would do (`either`), that they contradict, or nothing. */
export function dateOrderOf(texts: readonly string[]): DateOrder | 'either' | 'both' | undefined {
  let [days, months, either] = [0, 0, 0];
  for (const text of texts) {
    const [, first, mark, second] = numeric.exec(withoutWeekday(text)) ?? [];
    if (first === undefined || second === undefined) continue;
    if (Number(first) > 12 || mark === '.') days++;
    else if (Number(second) > 12) months++;
    else if (first !== second) either++;
  }
  if (days > 0 && months > 0) return 'both';
  if (days > 0) return 'day_first';
  if (months > 0) return 'month_first';
  return either > 0 ? 'either' : undefined;
}

const amount =
  /^[(-]?\s*(?:[A-Z]{3}|\p{Sc}|[A-Z]{0,2}\$)?\s*[-(]?\s*([\d.,'\s\u00a0\u202f]*\d)\s*(?:[A-Z]{3}|\p{Sc})?\s*[)-]?$/u;

/** What the amounts of a column tell about their decimal sign; `either` for amounts such as `1,234` alone. */
export function decimalSignOf(texts: readonly string[]): DecimalSign | 'either' | 'both' | undefined {
  let [points, commas, either] = [0, 0, 0];
  for (const text of texts) {
    const digits = amount.exec(text.trim())?.[1]?.replace(/['\s\u00a0\u202f]/g, '') ?? '';
    const sign = signIn(digits);
    if (sign === 'point') points++;
    else if (sign === 'comma') commas++;
    else if (sign === 'either') either++;
  }
  if (points > 0 && commas > 0) return 'both';
  if (points > 0) return 'point';
  if (commas > 0) return 'comma';
  return either > 0 ? 'either' : undefined;
}

function signIn(digits: string): DecimalSign | 'either' | undefined {
  const [comma, point] = [digits.lastIndexOf(','), digits.lastIndexOf('.')];
  if (comma < 0 && point < 0) return undefined;
  if (comma >= 0 && point >= 0) return comma > point ? 'comma' : 'point';
  const mark = comma >= 0 ? ',' : '.';
  const parts = digits.split(mark);
  const [sign, other] = mark === ',' ? (['comma', 'point'] as const) : (['point', 'comma'] as const);
  if (parts.length > 2) return other;
  return parts[1]?.length === 3 && (parts[0] ?? '') !== '0' && (parts[0] ?? '').length <= 3 ? 'either' : sign;
}

/** Minor units of an amount, less than nothing for one in brackets or with a minus; undefined for what is no amount. */
export function readAmount(text: string, sign: DecimalSign, currency: string): number | undefined {
  const written = text.trim();
  const digits = amount.exec(written)?.[1]?.replace(/['\s\u00a0\u202f]/g, '');
  if (digits === undefined) return undefined;
  const [thousands, decimal] = sign === 'comma' ? ['.', ','] : [',', '.'];
  const plain = digits.replaceAll(thousands, '');
  const [whole = '', part = '', ...more] = plain.split(decimal);
  const places = decimalsOf(currency);
  const cut = part.slice(0, places);
  if (
    more.length > 0 ||
    whole.length > 12 ||
    /[^0-9]/.test(whole + part) ||
    Number(part.slice(places) || 0) > 0
  )
    return undefined;
  const cents = Number((whole || '0') + cut.padEnd(places, '0'));
  return /^[(-]|[-)]$|^\S{1,3}\s*-/.test(written) ? -cents : cents;
}

/** The currency an amount is written with, where that is said; undefined when it is not. */
export function currencyIn(text: string): string | undefined {
  const code = /(?:^|[^A-Za-z])([A-Z]{3})(?:[^A-Za-z]|$)/.exec(text)?.[1];
  return code ?? { '€': 'EUR', '£': 'GBP', '₹': 'INR' }[/[€£₹]/.exec(text)?.[0] ?? ''];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const withoutWeekday = (text: string) =>
  text.trim().replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+/i, '');

interface Read {
  day: Temporal.PlainDate;
  /** What stands behind the day: a time, or ''. */
  rest: string;
}

/** The day at the beginning of a cell, in the order of its column. Undefined for what is none, or does not exist. */
export function readDayAt(text: string, order: DateOrder | undefined): Read | undefined {
  const written = withoutWeekday(text);
  const year_first = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(written);
  if (year_first) return dayOf(year_first, [1, 2, 3], written);
  const plain = /^(\d{4})(\d{2})(\d{2})(?=$|T)/.exec(written);
  if (plain) return dayOf(plain, [1, 2, 3], written);
  const numbers = numeric.exec(written);
  if (numbers) {
    const of = numbers[2] === '.' ? 'day_first' : order;
    if (of === undefined && numbers[1] !== numbers[3]) return undefined;
    return dayOf(numbers, of === 'month_first' ? [4, 1, 3] : [4, 3, 1], written);
  }
  const named =
    /^(?<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?<month>[A-Za-z]{3,9})\.?[\s,.-]+(?<year>\d{4}|\d{2})(?!\d)/.exec(
      written,
    ) ??
    /^(?<month>[A-Za-z]{3,9})\.?[\s-]+(?<day>\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?<year>\d{4}|\d{2})(?!\d)/.exec(
      written,
    );
  const { day = '', month = '', year = '' } = named?.groups ?? {};
  const at = months.findIndex(name => month.toLowerCase().startsWith(name));
  return named && at >= 0 ? made(year, at + 1, day, written.slice(named[0].length)) : undefined;
}

const dayOf = (match: RegExpExecArray, [year, month, day]: readonly [number, number, number], text: string) =>
  made(match[year] ?? '', Number(match[month]), match[day] ?? '', text.slice(match[0].length));

function made(year: string, month: number, day: string, rest: string): Read | undefined {
  const full = year.length === 2 ? Number(year) + (Number(year) > 69 ? 1900 : 2000) : Number(year);
  if (full < 1900 || full > 2200) return undefined;
  try {
    const found = Temporal.PlainDate.from({ year: full, month, day: Number(day) }, { overflow: 'reject' });
    return { day: found, rest: rest.replace(/^(?:\s*T|,?\s*(?:at\s)?)/i, '').trim() };
  } catch {
    return undefined;
  }
}

/** `14:30`, `2:30 PM`, `2pm`, `14.30`; undefined for what is no time. */
export function readClock(text: string): Temporal.PlainTime | undefined {
  const match = /^(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?\s*(?:m\.?)?$/i.exec(
    text.trim(),
  );
  if (!match || (match[2] === undefined && match[4] === undefined)) return undefined;
  const [, hours = '', minutes = '0', seconds = '0', half] = match;
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59 || (half && Number(hours) > 12))
    return undefined;
  return new Temporal.PlainTime(hour, Number(minutes), Number(seconds));
}

/** Minutes of `90`, `1:30`, `1h 30m`, `1.5 hours`, `45 min`; undefined for what is no duration. */
export function readMinutes(text: string): number | undefined {
  const written = fold(text).trim();
  const clock = /^(\d{1,3}):(\d{2})(?::\d{2})?$/.exec(written);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const hours =
    /^(\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hour|hours)\.?(?:\s*(\d+)\s*(?:m|min|mins|minutes)?\.?)?$/.exec(
      written,
    );
  if (hours) return Math.round(Number((hours[1] ?? '').replace(',', '.')) * 60) + Number(hours[2] ?? 0);
  const minutes = /^(\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minute|minutes)?\.?$/.exec(written);
  return minutes ? Math.round(Number((minutes[1] ?? '').replace(',', '.'))) : undefined;
}

/** Yes or no in the words of a file; undefined for anything else. */
export function readYes(text: string): boolean | undefined {
  if (/^(?:yes|y|true|t|1|x|on|ja|oui|si|subscribed|active)$/i.test(text.trim())) return true;
  if (/^(?:no|n|false|f|0|off|nein|non|unsubscribed|inactive)$/i.test(text.trim())) return false;
  return undefined;
}
