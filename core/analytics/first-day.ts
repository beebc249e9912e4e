import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { isWhole, type Span, spanWords } from './periods.ts';
import { findFirstDay, type Measure } from './queries.ts';

/** Since when there are figures of a measure, and what follows for comparing them with a year before. */
export interface Beginnings {
  /** Whether some earlier days are whole, so that a percentage says something. */
  isWhole(before: Span): boolean;
  /** `nothing to compare it with: the first visit was on Sep 29, 2025`, for days that are not whole. */
  words: string;
  /** What is told with the answer: `figures_since`, when there are any. */
  facts: Readonly<Record<string, string>>;
}

const firstOf: Readonly<Record<Measure, string>> = {
  work: 'the first visit was on',
  billed: 'the first bill went out on',
  received: 'the first payment came on',
};

/** Asks for the first day of a measure. */
export async function beginningsOf(context: ReadContext, measure: Measure): Promise<Beginnings> {
  const day = await findFirstDay(context, measure);
  const first = day === undefined ? undefined : Temporal.PlainDate.from(day);
  const said = first === undefined ? '' : spanWords({ from: first, to: first });
  return {
    isWhole: before => isWhole(before, first),
    words: `nothing to compare it with: ${firstOf[measure]} ${said}`,
    facts: day === undefined ? {} : { figures_since: day },
  };
}
