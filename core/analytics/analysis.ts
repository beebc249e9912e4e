import type { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Totals } from '../kernel/records/totals.ts';
import type { Page, View, ViewQuery } from '../kernel/registry/define.ts';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import { type Span, spanWords } from './periods.ts';

/** What is said of an analysis besides its lines. */
export interface About {
  /** What was counted. */
  measure: string;
  span?: Span;
  /** What it is compared with. */
  before?: Span;
  /** What it comes to, in plain sentences: one of each currency, or of each person. */
  says: readonly string[];
  more?: Totals;
}

interface AnalysisSpec<P extends z.ZodObject, R extends z.ZodObject> {
  type: string;
  summary: string;
  keywords: readonly string[];
  /** `theirs` where its lines hold words of customers. */
  whose?: 'theirs';
  row: R;
  default_fields: readonly (keyof z.infer<R> & string)[];
  params: P;
  run(
    context: ReadContext,
    params: z.output<P>,
    page: PageOf,
  ): Promise<{ lines: readonly z.infer<R>[]; about: About }>;
}

/** Which lines are wanted: a list that reads its own page answers at most `limit + 1` of them from `after` on. */
export interface PageOf {
  /** The members that are answered; what stands in others alone need not be worked out. */
  fields: readonly string[];
  after: number;
  limit: number;
  /** Said by a list that has read from `after` on by itself. */
  isCut?: boolean;
}

/**
 * A view of figures, for those who run the business: technicians read none of it (ANA). Each answer says its measure, its
 * period and what it is compared with, and in `says` what it comes to; amounts stand by currency and are never added across.
 */
export function defineAnalysis<P extends z.ZodObject, R extends z.ZodObject>(spec: AnalysisSpec<P, R>): View {
  const { type, summary, keywords, row, default_fields, params, whose } = spec;
  return defineView({
    type,
    domain: 'analytics',
    summary,
    keywords,
    row,
    default_fields,
    params,
    roles: ['owner', 'admin', 'member'],
    ...(whose ? { whose } : {}),
    async run(context, query) {
      const page: PageOf = { after: placeOf(query), limit: query.limit, fields: query.fields };
      const { lines, about } = await spec.run(context, query.params, page);
      return pageOf(lines, about, page);
    },
  });
}

function pageOf(lines: readonly Record<string, unknown>[], about: About, page: PageOf): Page {
  const { after, limit, isCut = false } = page;
  const rest = isCut ? lines : lines.slice(after);
  return {
    rows: rest.slice(0, limit).map(line => ({ ...line })),
    ...(rest.length > limit ? { next_cursor: String(after + limit) } : {}),
    totals: aboutIn(about),
  };
}

const aboutIn = ({ measure, span, before, says, more = {} }: About): Totals => ({
  measure,
  ...(span ? { period: spanWords(span), from: span.from.toString(), to: span.to.toString() } : {}),
  ...(before ? { compared_with: spanWords(before) } : {}),
  says,
  ...more,
});

function placeOf({ cursor }: Pick<ViewQuery, 'cursor'>): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,6}$/.test(cursor)) throw strangeCursor();
  return Number(cursor);
}

/** The currency of the business first, then the others by name. */
export function currenciesOf(
  { organization }: Pick<ReadContext, 'organization'>,
  rows: readonly { currency: string }[],
): string[] {
  const others = new Set(rows.map(({ currency }) => currency));
  others.delete(organization.currency);
  return [organization.currency, ...[...others].sort()];
}

/** The largest amount first within each currency, the business's own currency before others. */
export function byAmount<R extends { currency: string; amount_cents: number }>(
  context: Pick<ReadContext, 'organization'>,
  rows: readonly R[],
  nameOf: (row: R) => string,
): R[] {
  const order = currenciesOf(context, rows);
  return [...rows].sort(
    (a, b) =>
      order.indexOf(a.currency) - order.indexOf(b.currency) ||
      b.amount_cents - a.amount_cents ||
      nameOf(a).localeCompare(nameOf(b), 'en'),
  );
}

/**
 * What a list is asked for so that it answers the very rows behind a line: with the currency where there are several.
 */
export const rowsBehind = (
  asked: Readonly<Record<string, string>>,
  currency: string,
  all: readonly { currency: string }[],
): Record<string, string> => ({
  ...asked,
  ...(all.some(row => row.currency !== currency) ? { currency } : {}),
});

/** The closed visits of a span, as `tickets` is asked for them. */
export const visitsOf = ({ from, to }: Span) => ({
  status: 'closed',
  from: from.toString(),
  to: to.toString(),
});
