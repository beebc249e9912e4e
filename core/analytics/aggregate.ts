import { z } from 'zod';
import type { Sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { requireReader } from '../kernel/pipeline/roles.ts';
import type { FieldKind } from '../kernel/records/field-shape.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { resolveRefs } from '../kernel/records/references.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { parseInput } from '../kernel/words/parse-input.ts';
import { counted } from '../kernel/words/plural.ts';
import { aggregateRows, type Grouping } from './aggregate-queries.ts';
import { defineAnalysis } from './analysis.ts';

const line = z.object({
  /** A word, a tag or a month, as `by` asks; null where a row has none, and without `by`. */
  group: z.string().nullable(),
  /** Of sums of money: amounts are never added across currencies. */
  currency: z.string().nullable(),
  count: z.number(),
  /** Null when nothing was to be summed. */
  sum: z.number().nullable(),
});

const ranges = new Set<FieldKind>(['number', 'money']);
const word = z.string().min(1).max(63);

/**
 * Rows of any kind of record, counted and summed by a word, a tag or a month (ANA-09). What can be summed and grouped by follows
 * from the fields of the record, and so do the filters; a caller counts what they may read, and nothing else.
 */
export const aggregate = defineAnalysis({
  type: 'aggregate',
  summary:
    'Count the rows of any list, or sum a number of them, by a word, tag or month: {list: "leads", by: "source"}; only takes the filters of that list.',
  keywords: ['count', 'sum', 'how many', 'group by', 'statistics', 'total', 'per month'],
  whose: 'theirs',
  row: line,
  default_fields: ['group', 'currency', 'count', 'sum'],
  params: z.strictObject({
    list: word.default('tickets').meta({ description: 'a list of records: tickets, leads, invoices' }),
    sum: word.optional().meta({ description: 'a number of its rows: total_cents' }),
    by: word
      .optional()
      .meta({ description: 'a choice, yes or no, tags, or a date by month: status, created_at' }),
    only: z.record(z.string(), z.unknown()).optional(),
    preset: word.optional().meta({ description: 'a preset of that list: open, overdue' }),
  }),
  async run(context, { list, sum, by, only = {}, preset }, page) {
    const record = recordCalled(context, list);
    const grouping = by === undefined ? undefined : groupingOf(record, by);
    if (sum !== undefined) requireOneOf('sum', sum, summable(record));
    const isByCurrency =
      sum !== undefined && record.fields[sum]?.kind === 'money' && 'currency' in record.fields;
    const lines = await aggregateRows(context, record, {
      of: sum,
      by: grouping,
      isByCurrency,
      conditions: await conditionsOf(context, record, only, preset),
      page: { after: page.after, limit: page.limit + 1 },
    });
    page.isCut = true;
    const [first] = lines;
    const what = first?.currency && first.sum !== null ? formatMoney(first.sum, first.currency) : first?.sum;
    return {
      lines,
      about: {
        measure: `${record.nouns}${sum === undefined ? '' : `, the sum of ${sum}`}${by === undefined ? '' : `, by ${by}`}`,
        says: first
          ? [
              `${by === undefined ? 'All' : `${grouping?.by.startsWith('month') ? 'Newest' : 'Most'}: ${first.group?.replaceAll('_', ' ') ?? 'none'}`}, ${counted(first.count, record.noun, record.nouns)}${what === null || what === undefined ? '' : `, ${what}`}.`,
            ]
          : ['There is nothing of this kind.'],
      },
    };
  },
});

/** The record of a list. Throws VALIDATION_ERROR for none, FORBIDDEN and HUMAN_ONLY as the list itself does. */
function recordCalled(context: ReadContext, list: string): RecordSpec {
  const { registry, actor } = context;
  const all = [...registry.records.values()].filter(({ plural }) => registry.views.has(plural));
  const record = all.find(({ plural, name }) => plural === list || name === list);
  if (!record) {
    const names = all.map(({ plural }) => plural);
    throw invalid('list', 'There is no list of records of this name.', {
      got: list,
      valid_options: names,
      did_you_mean: didYouMean(list, names),
    });
  }
  requireReader(actor, registry.view(record.plural).spec);
  return record;
}

/** What the rows of a record can be put together by, and what of them can be summed up. */
export const countable = (record: RecordSpec): { by: string[]; sum: string[] } => ({
  by: groupings(record).map(({ name }) => name),
  sum: summable(record),
});

const shown = (record: RecordSpec) =>
  Object.entries(record.fields).filter(([, { internal }]) => internal !== true);

const summable = (record: RecordSpec): string[] =>
  shown(record).flatMap(([name, { kind }]) => (ranges.has(kind) ? [name] : []));

function groupingOf(record: RecordSpec, by: string): Grouping {
  const found = groupings(record);
  const grouping = found.find(({ name }) => name === by);
  if (grouping) return grouping;
  requireOneOf(
    'by',
    by,
    found.map(({ name }) => name),
  );
  throw new Error('unreachable');
}

function groupings(record: RecordSpec): Grouping[] {
  const own = shown(record).flatMap(([name, { kind }]): Grouping[] => {
    if (kind === 'choice' || kind === 'boolean') return [{ name, by: 'word' }];
    if (kind === 'tags') return [{ name, by: 'tag' }];
    if (kind === 'moment') return [{ name, by: 'month of a moment' }];
    if (kind === 'date') return [{ name, by: 'month of a day' }];
    return [];
  });
  return [...own, { name: 'created_at', by: 'month of a moment' }];
}

function requireOneOf(field: string, got: string, options: readonly string[]): void {
  if (options.includes(got)) return;
  throw invalid(field, `${field} cannot be this here.`, {
    got,
    valid_options: options,
    did_you_mean: didYouMean(got, options),
  });
}

/** The rows the list itself would answer. */
async function conditionsOf(
  context: ReadContext,
  record: RecordSpec,
  only: Record<string, unknown>,
  preset: string | undefined,
): Promise<Sql[]> {
  const { registry } = context;
  const view = registry.view(record.plural);
  const asked = parseInput(record.params, view.paramsSchema, only, { aliases: registry.aliases });
  const params = await resolveRefs(context, view.refs, asked, { isRead: true });
  if (preset !== undefined) requireOneOf('preset', preset, Object.keys(record.filters ?? {}));
  const where = preset === undefined ? undefined : record.filters?.[preset]?.where;
  const restriction = record.restrict?.(context);
  return [
    ...(restriction ? [restriction] : []),
    ...(where ? [typeof where === 'function' ? where(context) : where] : []),
    ...record.where(params, context),
  ];
}
