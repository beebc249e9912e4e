import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { readDay } from '../kernel/words/time.ts';
import type { Series } from './record.ts';
import { clockParts, ruleOf, rulePartsOf, wallTimesOf, weekdayNumber } from './recurrence.ts';
import { ruleInWords, wordsOfRule } from './words.ts';

/** When a series comes, as a caller says it: words or a rule. */
export interface Wish {
  rule: string;
  starts_on: string;
  start_time: string;
  ends_on?: string | null | undefined;
}

export type Planned = Pick<Series, 'rule' | 'repeats' | 'starts_on' | 'start_time' | 'ends_on'>;

const perDay = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];

/**
 * Reads when a series comes. Its first date is the first one of its kind from `starts_on` on: "every second Tuesday" from a
 * Wednesday begins on the next Tuesday. An end the rule has itself (UNTIL, COUNT) becomes `ends_on`, so that the rule can change
 * later and the end stays. Throws VALIDATION_ERROR for words nobody understands and for what never comes.
 */
export function readPlan({ organization }: ReadContext, wish: Wish): Planned {
  const parts = readRule(wish.rule);
  const clock = Temporal.PlainTime.from(wish.start_time);
  const wanted = readDay(wish.starts_on, 'starts_on').toPlainDateTime(clock);
  const starts = firstDate(parts, wanted);
  if (!starts) throw neverComes(wish);
  const whole = ruleOf(parts);
  const isBounded = parts.has('COUNT') || parts.has('UNTIL');
  const times = wallTimesOf(
    { rule: whole, start: starts, time_zone: organization.time_zone },
    { most: isBounded ? mostBounded : 1 },
  );
  const last = times.at(-1)?.toPlainDate().toString();
  if (last === undefined) throw neverComes(wish);
  if (isBounded && times.length >= mostBounded)
    throw invalid('rule', `So many visits are no series: at most ${mostBounded - 1}.`, { got: wish.rule });
  const ends = [isBounded ? last : undefined, endOf(wish)].filter(day => day !== undefined).sort()[0] ?? null;
  const starts_on = starts.toPlainDate().toString();
  if (ends !== null && ends < starts_on)
    throw invalid('ends_on', 'It would end before its first visit.', {
      got: ends,
      hint: `It begins on ${starts_on}.`,
    });
  for (const name of ['COUNT', 'UNTIL']) parts.delete(name);
  const rule = ruleOf(parts);
  return { rule, repeats: wordsOfRule(rule), starts_on, start_time: wish.start_time, ends_on: ends };
}

/** The days of the week a rule names, 1 is Monday; undefined when it names none. Throws VALIDATION_ERROR as `readPlan` does. */
export function weekdaysIn(rule: string): number[] | undefined {
  const days = readRule(rule).get('BYDAY')?.split(',');
  return days?.map(day => weekdayNumber(day.slice(-2)));
}

/** Ten years of weeks. */
const mostBounded = 521;

const endOf = ({ ends_on }: Wish): string | undefined =>
  ends_on === null || ends_on === undefined ? undefined : readDay(ends_on, 'ends_on').toString();

function readRule(words: string): Map<string, string> {
  const rule = ruleInWords(words);
  const parts = rule === undefined ? undefined : new Map(rulePartsOf(rule));
  const frequency = parts?.get('FREQ') ?? '';
  const perHour = clockParts.some(name => parts?.has(name));
  if (parts && perDay.includes(frequency) && !perHour && Number(parts.get('INTERVAL') ?? 1) >= 1)
    return parts;
  throw invalid('rule', 'Nobody can tell from this when to come again.', {
    got: words,
    hint: 'Say "every 6 weeks", "every second Tuesday", "monthly on the 1st Monday", "twice a year", or an RFC 5545 rule with one visit a day at most.',
  });
}

/** The first date of its kind, whatever the interval: from it on the interval is counted. */
function firstDate(parts: ReadonlyMap<string, string>, wanted: Temporal.PlainDateTime) {
  const steps = new Map(parts);
  for (const name of ['INTERVAL', 'COUNT', 'UNTIL']) steps.delete(name);
  try {
    return wallTimesOf({ rule: ruleOf(steps), start: wanted }, { most: 1 })[0];
  } catch (error) {
    throw invalid('rule', 'This is no rule of RFC 5545.', {
      got: ruleOf(parts),
      hint: error instanceof Error ? error.message : 'Say it in words: every 6 weeks.',
    });
  }
}

const neverComes = ({ rule, starts_on }: Wish) =>
  invalid('rule', `This never comes from ${starts_on} on.`, {
    got: rule,
    hint: 'Look at the days and months it names.',
  });
