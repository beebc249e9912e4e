import type { Chrono, Parser, ParsingComponents } from 'chrono-node';
import type { Temporal } from 'temporal-polyfill';
import type { Calendar } from './period.ts';
import { firstMonthOf, monthOf, spanNames } from './seasons.ts';

// Months, seasons, quarters and years as people say them, on top of what the library reads.

type Context = Parameters<Parser['extract']>[0];

/** A parser of dates whose months, seasons, quarters and years are those of a business. */
export async function dateParser(calendar: Calendar): Promise<Chrono> {
  // Loaded when a text may hold a date: most searches and most commands have none.
  const { casual } = await import('chrono-node');
  const parser = casual.clone();
  // It throws years away, and the month of May.
  parser.refiners = parser.refiners.filter(
    refiner => !/UnlikelyFormatFilter$/.test(refiner.constructor.name),
  );
  parser.parsers.unshift(
    {
      pattern: () => spanPattern,
      extract: (context, match) => spanIn(context, match, calendar),
    },
    {
      pattern: () => quarterPattern,
      extract: (context, match) => quarterIn(context, match, calendar.today),
    },
    {
      pattern: () => /\b((?:19|20)\d\d)\b(?![-/.]\d)/i,
      extract: (_context, [, year]) => ({ year: Number(year) }),
    },
  );
  return parser;
}

const which = '(?:(last|past|this past|previous|this|next|current|coming)\\s+)?';
const whose = "(?:(last|this|next) year['’]?s?\\s+)?";
const ofYear = '(?:,?\\s+(?:of\\s+)?(?:the\\s+)?(\\d{4}|last year|this year|next year)\\b)?';
const spanPattern = new RegExp(`\\b${whose}${which}(${spanNames})\\b\\.?(?!['’])${ofYear}`, 'i');
const quarterPattern = new RegExp(
  `\\b${which}(?:q([1-4])|(first|second|third|fourth|1st|2nd|3rd|4th|last)\\s+quarter|(quarter))\\b${ofYear}`,
  'i',
);

function spanIn(
  context: Context,
  [, whoseYear, modifier, name = '', year]: RegExpMatchArray,
  { today, country }: Calendar,
): ParsingComponents | null {
  const season = firstMonthOf(name.toLowerCase(), country);
  const month = season ?? monthOf(name.toLowerCase().replace(/^sept$/, 'sep'));
  if (month === undefined) return null;
  const components = context.createParsingComponents({ month });
  components.imply('day', 1);
  components.imply('year', today.year);
  if (season !== undefined) components.addTag('quarter');
  const said = year ?? (whoseYear === undefined ? undefined : `${whoseYear} year`);
  if (said !== undefined) return components.assign('year', yearOf(said, today));
  if (modifier === undefined) return components;
  const chosen = chooseYear(modifier.toLowerCase(), month, season === undefined ? 1 : 3, today);
  return components.assign('year', chosen);
}

function quarterIn(
  context: Context,
  [, modifier, number, ordinal, plain, year]: RegExpMatchArray,
  today: Temporal.PlainDate,
): ParsingComponents | null {
  if (plain !== undefined && modifier === undefined) return null;
  const current = Math.ceil(today.month / 3);
  const wanted = number ? Number(number) : ordinal ? ordinals[ordinal.toLowerCase()] : undefined;
  const shift = { last: -1, past: -1, previous: -1, 'this past': -1, next: 1, coming: 1 }[
    modifier?.toLowerCase() ?? ''
  ];
  const isLast = ordinal?.toLowerCase() === 'last' && modifier === undefined;
  const from = today
    .with({ day: 1, month: 3 * ((wanted ?? current) - 1) + 1 })
    .add({ months: wanted === undefined ? 3 * (isLast ? -1 : (shift ?? 0)) : 0 });
  const components = context.createParsingComponents({ month: from.month });
  components.addTag('quarter').imply('day', 1).imply('year', from.year);
  if (year !== undefined) return components.assign('year', yearOf(year, today));
  return wanted === undefined ? components.assign('year', from.year) : components;
}

const ordinals: Readonly<Record<string, number>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
};

/** `2025`, `last year` */
function yearOf(said: string, today: Temporal.PlainDate): number {
  if (/^\d+$/.test(said)) return Number(said);
  return today.year + (/^last/i.test(said) ? -1 : /^next/i.test(said) ? 1 : 0);
}

/**
 * The year in which a month or season begins: `last` is the latest that is over, `this` the one that is now or begins this
 * year, `next` the first that is to come.
 */
function chooseYear(modifier: string, month: number, months: number, today: Temporal.PlainDate): number {
  const inYear = (year: number) => today.with({ year, month, day: 1 });
  const hasBegun = (year: number) => inYear(year).since(today).sign <= 0;
  const isOver = (year: number) => inYear(year).add({ months }).since(today).sign <= 0;
  const { year } = today;
  if (modifier === 'next' || modifier === 'coming') return hasBegun(year) ? year + 1 : year;
  if (modifier === 'this' || modifier === 'current')
    return hasBegun(year - 1) && !isOver(year - 1) ? year - 1 : year;
  if (isOver(year)) return year;
  return isOver(year - 1) ? year - 1 : year - 2;
}
