import type { ReadContext } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { fitSections } from './day-fit.ts';
import { countRows, readDayRows } from './day-rows.ts';
import { daySections, type Requests } from './day-sections.ts';
import { saySpan, spanOf } from './day-span.ts';

/**
 * A briefing with everything around it is 1,200 tokens at most.
 */
const most_tokens = 1150;

export interface Briefing {
  day: string;
  /** How much of everything, in one sentence. */
  summary: string;
  [section: string]: string | string[];
}

/**
 * The day in the business time zone (OPQ-17), today when none is given: visits in travel order, what still needs somebody,
 * who has to be called, who has not paid in time, what waits for the owner and what was decided (MCP-10). However large the
 * day, it is cut to what an agent can read at once; each list then says how many are missing and which call shows them.
 */
export async function describeDay(
  context: ReadContext,
  { date, to }: { date?: string | undefined; to?: string | undefined },
  requests: Requests,
): Promise<{ briefing: Briefing; day: string; counts: Record<string, number> }> {
  const span = spanOf(context, { date, to });
  const rows = await readDayRows(context, span);
  const { waiting, decided } = requests;
  const counts = { ...countRows(rows), waiting: waiting.length, decided: decided.length };
  const head = {
    day: saySpan(span),
    summary: summarize(counts, requests.more, {
      overdue_invoices: rows.overdueSums
        .map(({ due_cents, currency }) => formatMoney(due_cents, currency))
        .join(' and '),
    }),
  };
  const describe = (lines: Record<string, string[]>): Briefing => ({ ...head, ...lines });
  const sections = daySections(context, { span, rows, counts, requests });
  return { briefing: describe(fitSections(sections, most_tokens, describe)), day: span.day, counts };
}

/** What counts come to is said behind them: `2 overdue invoices ($724.00)`. */
function summarize(
  counts: Record<string, number>,
  more: boolean,
  sums: Readonly<Record<string, string>>,
): string {
  const parts = Object.entries(counts)
    .filter(([name, count]) => count > 0 || name === 'visits')
    .map(
      ([name, count]) =>
        `${count}${more && name === 'decided' ? ' or more' : ''} ${named(name, count)}${sums[name] ? ` (${sums[name]})` : ''}`,
    );
  return parts.join(', ');
}

/** `open leads`, but one `open lead`; `1 attribute to confirm`. */
const named = (name: string, count: number): string => {
  const words = name.replaceAll('_', ' ');
  return count === 1 ? words.replace(/s( to confirm)?$/, '$1') : words;
};
