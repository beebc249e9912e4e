import type { ParsedComponents, ParsedResult } from 'chrono-node';
import { Temporal } from 'temporal-polyfill';
import { dateParser } from './dates.ts';
import { spanNames } from './seasons.ts';

/** Local days from `from` until before `to`; null where it is open. */
export interface Period {
  from: string | null;
  to: string | null;
}

/** A period and the text around it. */
export interface Dated {
  period: Period;
  rest: string;
}

/** How the days of a text are read. */
export interface Calendar {
  /** In the business's time zone. */
  today: Temporal.PlainDate;
  /** Where the seasons are: `US`. */
  country: string;
}

/**
 * The period a text speaks of, in lower case: "last spring", "in March", "since April", "between May and July", "two
 * weeks ago", "on 5/12/2026". A month or season alone may be a name (April May, June Carter, Summer Hill): it counts only
 * behind a word such as "in" or "since", or, with `bare`, when the caller knows that the text is about visits. One without
 * a year is the latest that has begun. Undefined when there is none.
 */
export async function readPeriod(text: string, calendar: Calendar, bare = false): Promise<Dated | undefined> {
  if (!mayHoldPeriod(text)) return undefined;
  const said = text
    .replace(/\bday before yesterday\b/g, '2 days ago')
    .replace(/\bbetween (.{3,40}?) and /g, 'from $1 to ')
    .replace(weekOfMonth, (_, which: string, month: string, year = '') => {
      const first = 1 + 7 * ['first', 'second', 'third', 'fourth'].indexOf(which);
      return `${month} ${first}${year} - ${month} ${first + 6}${year}`;
    });
  const parser = await dateParser(calendar);
  const noon = new Date(`${calendar.today.toString()}T12:00:00Z`);
  for (const result of parser.parse(said, { instant: noon, timezone: 0 })) {
    const dated = periodOf(result, said, calendar, bare);
    if (dated) return dated;
  }
  return undefined;
}

const weekOfMonth = new RegExp(
  `\\b(first|second|third|fourth) week (?:of|in) (${spanNames})( \\d{4})?\\b`,
  'g',
);

/** Whether a text in lower case can speak of a period; spares most searches the parser. */
export const mayHoldPeriod = (text: string): boolean => periodWord.test(text);

const periodWord = new RegExp(
  `\\b(?:${spanNames}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:on|last|next|this) (?:mon|tue|wed|thu|fri|sat|sun)|days?|weeks?|weekend|months?|years?|quarter|q[1-4]|yesterday|today|tonight|tomorrow|ago)\\b|\\b(?:19|20)\\d\\d\\b|\\d/\\d`,
);

function periodOf(result: ParsedResult, said: string, calendar: Calendar, bare: boolean): Dated | undefined {
  const before = said.slice(0, result.index);
  const after = said.slice(result.index + result.text.length);
  const lead = leading.exec(before)?.[0] ?? '';
  const word =
    /\b(since|after|before|until|till|through|from|in|during|over|throughout|on|around|as of|starting)\b/.exec(
      lead,
    )?.[1];
  if (!isDate(result, { word, before, after, bare })) return undefined;
  const [first, last] = spanOf(result, /\bweek of (the )?$/.test(before), calendar);
  const rest = `${before.slice(0, before.length - lead.length)} ${after.replace(/^\s*(on|onwards?|or later)\b/, '')}`;
  return { period: limit(word, first, last, result), rest: rest.replace(/\s+/g, ' ').trim() };
}

/** What is said in front of a date and belongs to it. */
const leading =
  /(\b(since|after|before|until|till|through|from|in|during|over|throughout|on|around|back|as of|starting|week of|the|about|early|late|mid|sometime|ever|just|only|for)\s*)*$/;

/** The last day is not the period's: [first, last). */
function limit(
  word: string | undefined,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
  { text, end }: ParsedResult,
): Period {
  const [from, to] = [first.toString(), last.toString()];
  if (word === 'since' || word === 'as of' || word === 'starting') return { from, to: null };
  if (word === 'from' && !end && !/^(last|past|this)/.test(text)) return { from, to: null };
  if (word === 'after') return { from: to, to: null };
  if (word === 'before') return { from: null, to: from };
  if (word === 'until' || word === 'till' || word === 'through') return { from: null, to };
  return { from, to };
}

/** What follows the name of a month where it is the name of a street or a town. */
const place =
  /^\s*(hills?|valley|creek|park|lakes?|branch|grove|gardens?|ridge|brook|fields?|woods?|water|house|st|street|rd|road|ln|lane|dr|drive|ave|avenue|ct|court|cir|circle|way|blvd|pl|place|trl|trail|ter|terrace|pkwy|hwy|city|town|meadows?|glen|pointe?|springs?|cove|loop|pike|square|crossing)\b/;

function isDate(
  { text, start }: ParsedResult,
  { word, before, after, bare }: { word: string | undefined; before: string; after: string; bare: boolean },
): boolean {
  if (place.test(after)) return false;
  const has = (component: 'day' | 'month' | 'year' | 'weekday') => start.isCertain(component);
  const relative =
    /\b(ago|last|past|previous|this|next|today|yesterday|tomorrow|tonight|from now|earlier)\b/.test(text);
  if (relative) return true;
  if (!has('day') && !has('month') && !has('year') && !has('weekday')) return false;
  if (/^(in|within) /.test(text)) return true;
  const isYear = has('year') && !has('month');
  const isStrong =
    /^q\d|quarter/.test(text) ||
    (has('year') && has('month')) ||
    (has('day') && has('month') && !text.includes('/')) ||
    /^on /.test(text);
  if (isStrong || word !== undefined) return true;
  if (!bare || /^(mon|tue|wed|thu|fri|sat|sun)$/.test(text)) return false;
  // "2025 Whitesburg Dr" is a house, "12 may" somebody's.
  return isYear ? after.trim() === '' : !/\d\s*$/.test(before);
}

function spanOf(
  result: ParsedResult,
  ofWeek: boolean,
  { today }: Calendar,
): [first: Temporal.PlainDate, last: Temporal.PlainDate] {
  const { start, end, text } = result;
  const rolling =
    /^(?:in |within )?(?:the )?(?:last|past|previous) (?:\d+|an?|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple|several|half)\b/;
  if (rolling.test(text) || /^past (week|month|year|quarter)/.test(text))
    return [dayOf(start, start.get('day')), today.add({ days: 1 })];
  const unit = unitOf(start, text, ofWeek);
  if (!end)
    return spanAround(unit === 'week' && text.startsWith('this') ? today : latest(start, today), unit);
  const closing = latest(end, today);
  return [spanAround(latest(start, closing), unit)[0], spanAround(closing, unitOf(end, '', false))[1]];
}

type Unit = 'day' | 'week' | 'weekend' | 'month' | 'quarter' | 'year';

function unitOf(date: ParsedComponents, text: string, ofWeek: boolean): Unit {
  if (/\bweekend\b/.test(text)) return 'weekend';
  if (ofWeek || /\bweeks?\b/.test(text)) return 'week';
  if (date.tags().has('quarter') || /\bquarter\b/.test(text)) return 'quarter';
  if (/\bmonths?\b/.test(text)) return 'month';
  if (!date.isCertain('month') && /\byears?\b/.test(text)) return 'year';
  if (date.isCertain('day') || date.isCertain('weekday')) return 'day';
  return date.isCertain('month') ? 'month' : 'year';
}

function spanAround(date: Temporal.PlainDate, unit: Unit): [Temporal.PlainDate, Temporal.PlainDate] {
  if (unit === 'week') {
    const monday = date.subtract({ days: date.dayOfWeek - 1 });
    return [monday, monday.add({ days: 7 })];
  }
  if (unit === 'weekend') {
    const saturday =
      date.dayOfWeek === 7 ? date.subtract({ days: 1 }) : date.add({ days: 6 - date.dayOfWeek });
    return [saturday, saturday.add({ days: 2 })];
  }
  if (unit === 'day') return [date, date.add({ days: 1 })];
  const first = date.with({ day: 1 });
  if (unit === 'month') return [first, first.add({ months: 1 })];
  // A quarter of a year or a season: it begins with the month that was found.
  if (unit === 'quarter') return [first, first.add({ months: 3 })];
  const newYear = first.with({ month: 1 });
  return [newYear, newYear.add({ years: 1 })];
}

/** The day that is meant; without a year the latest one until another. */
function latest(date: ParsedComponents, until: Temporal.PlainDate): Temporal.PlainDate {
  const found = dayOf(date, date.isCertain('day') || !date.isCertain('month') ? date.get('day') : 1);
  if (date.isCertain('year') || !date.isCertain('month')) return found;
  const sameYear = found.with({ year: until.year });
  return Temporal.PlainDate.compare(sameYear, until) <= 0 ? sameYear : sameYear.subtract({ years: 1 });
}

const dayOf = (date: ParsedComponents, day: number | null): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: date.get('year') ?? 2000, month: date.get('month') ?? 1, day: day ?? 1 });
