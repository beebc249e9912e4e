import { z } from 'zod';
import type { ReversalContext } from '../kernel/pipeline/context.ts';
import { explain } from '../kernel/pipeline/invocation.ts';
import {
  attempt,
  insertAsWritten,
  lockAsWritten,
  putBack,
  takeAwayUnused,
} from '../kernel/records/put-back.ts';
import type { Row, StoredRow } from '../kernel/records/record.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { deleteAlong, reindexChildren } from '../kernel/records/relations.ts';
import { participleOf } from '../kernel/registry/deed.ts';
import { markForSearch, markOwners } from '../kernel/search/indexed.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { flipOf, requireEndable } from './flips.ts';
import { nameOf, type Step } from './plan.ts';

/** What an action that takes something back says of what it left. */
const said = z.object({ stays: z.array(z.string()).optional(), customer_told: z.string().optional() });

/** What was done of a step, or why it was not. */
export interface Taken {
  did?: string;
  stays?: string;
  /** What stays and is no reason to do nothing: a word that others may use by now, customers of an import who have visits. */
  left?: readonly string[];
  /** How the customer was told of it. */
  told?: string;
}

/**
 * Does one step. What somebody has changed since stays as they left it, and the step is not done, unless `partly` says to do
 * what is left of it.
 */
export async function takeStep(context: ReversalContext, step: Step, partly: boolean): Promise<Taken> {
  if (!partly) return doStep(context, step, partly);
  try {
    return await attempt(context, () => doStep(context, step, partly));
  } catch (error) {
    const known = explain(context.registry, error);
    if (known instanceof DeskhandError) return { stays: known.message };
    throw known;
  }
}

async function doStep(context: ReversalContext, step: Step, partly: boolean): Promise<Taken> {
  const { registry } = context;
  if (step.kind === 'call') {
    const takes = registry.action(step.action).inputSchema.properties ?? {};
    const asked = partly && 'as_far_as_possible' in takes ? { as_far_as_possible: true } : {};
    const { stays: left, customer_told } = said.parse(
      await context.call(step.action, { ...step.input, ...asked }),
    );
    const record = step.row && registry.records.get(step.row.entity_type);
    const name = step.row ? `${nameOf(record, step.row)} is ` : '';
    return {
      did: `${name}${participleOf(registry, step.action)}`,
      ...(left ? { left } : {}),
      ...(customer_told === undefined || !step.input.notify_customer ? {} : { told: customer_told }),
    };
  }
  if (step.kind === 'end along') {
    await registry.records.get(step.row.entity_type)?.endAlong?.(context, step.row.entity_id);
    return {};
  }
  const { row, table, kind } = step;
  const name = nameIn(context, step);
  if (kind === 'put back') return putRowBack(context, step, partly);
  if (kind === 'insert') await insertAsWritten(context, table, row.before);
  else if (!(await takeAwayUnused(context, table, row.entity_id)))
    return { left: [`${name} stays, for it is used`] };
  mark(context, step, { id: row.entity_id, ...row.before, ...row.after });
  return { did: kind === 'insert' ? `${name} is there again` : `${name} is gone again` };
}

type RowStep = Extract<Step, { table: unknown }>;

const nameIn = ({ registry }: ReversalContext, { row }: RowStep): string =>
  nameOf(registry.records.get(row.entity_type), row);

async function putRowBack(context: ReversalContext, step: RowStep, partly: boolean): Promise<Taken> {
  const { row, table } = step;
  const known = (values: Row) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => table.columns.includes(name)));
  const after = known(row.after);
  const seen = await lockAsWritten(context, table, row.entity_id, after);
  const name = seen ? String(seen.row.reference ?? nameIn(context, step)) : nameIn(context, step);
  if (!seen) return { stays: `${name} is not there any more` };
  const before = await lockAsWritten(context, table, row.entity_id, known(row.before));
  if (before?.differs.length === 0) return { did: `${name} is as before` };
  const changed = seen.differs;
  const left = Object.keys(after).filter(column => !changed.includes(column));
  const since = `${saidOf(changed)} of ${name} ${changed.length === 1 ? 'was' : 'were'} changed since`;
  if (changed.length > 0 && (!partly || left.length === 0)) return { stays: since };
  const values = Object.fromEntries(left.map(column => [column, row.before[column] ?? null]));
  await writeBack(context, step, seen.row, values);
  return { did: doneTo(name, values, seen.row), ...(changed.length > 0 ? { stays: since } : {}) };
}

function doneTo(name: string, values: Row, now: Row): string {
  if ('deleted_at' in values)
    return values.deleted_at === null ? `${name} is there again` : `${name} is deleted`;
  return `${name}: ${saidOf(Object.keys({ ...values }).filter(column => column in now))} as before`;
}

// What follows from others goes without saying.
const follows = new Set(['ends_at', 'updated_by', 'digest']);

const saidOf = (columns: readonly string[]): string =>
  columns
    .filter(column => !follows.has(column))
    .join(', ')
    .replace(/_(cents|id|at)\b/g, '')
    .replaceAll('_', ' ');

async function writeBack(
  context: ReversalContext,
  step: RowStep,
  now: StoredRow,
  values: Row,
): Promise<void> {
  const { row, table } = step;
  const record = context.registry.records.get(row.entity_type);
  const flips = flipOf(values, now);
  if (record && flips === 'ends') {
    await requireEndable(context, record, { row, name: String(now.reference ?? record.noun) });
  }
  const gone =
    record && flips === 'revives'
      ? await findRow(context, record, row.entity_id, { lock: true, deleted: true })
      : undefined;
  await record?.putBack?.(context, row.entity_id, values, now);
  await putBack(context, table, row.entity_id, values);
  await record?.afterPutBack?.(context, row.entity_id, values, now);
  if (record && flips === 'ends') await deleteAlong(context, record, row.entity_id);
  if (gone) await record?.afterRestore?.(context, row.entity_id, gone);
  const after = { ...now, ...values, id: now.id };
  mark(context, step, after);
  if (!record) return;
  markOwners(context, record, now);
  await reindexChildren(context, record, after, now);
}

/** Whatever is found by the words of a row is found by those it has now. */
function mark(context: ReversalContext, { row }: RowStep, values: Row): void {
  const record = context.registry.records.get(row.entity_type);
  if (record) markForSearch(context, record, { ...values, id: row.entity_id });
  else context.reindex(row.subject_type, row.subject_id);
}
