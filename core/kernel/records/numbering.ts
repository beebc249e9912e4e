import { z } from 'zod';
import { type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { inZone } from '../words/time.ts';
import { countedAs, type Numbering, writeReference } from './reference.ts';

/** Under what the next number of a record is counted, and how many digits it has at least. */
export const numberingOf = (context: ReadContext, numbering: Numbering): { kind: string; digits: number } =>
  countedAs(numbering, yearOf(context));

/** The year it is for the business. */
export const yearOf = ({ now, organization }: ReadContext): number =>
  inZone(now, organization.time_zone).year;

/** The statement that takes the next number of a kind, as `value`. Locks the counter until commit. */
export const takeNumber = (context: ReadContext, prefix: string, start: number): Sql => sql`
  insert into counters as c (organization_id, kind, value)
  values (${context.organization.id}::uuid, ${prefix}, ${start}::bigint)
  on conflict (organization_id, kind) do update set value = c.value + 1
  returning value`;

/** Takes the next number and answers the reference: `R-1`. */
export async function nextReference(context: ReadContext, numbering: Numbering): Promise<string> {
  const counted = numberingOf(context, numbering);
  const { value } = await context.tx.one(taken, takeNumber(context, counted.kind, numbering.start));
  return writeReference(counted, value);
}

const taken = z.object({ value: z.number() });

/** Takes `count` numbers at once; answers what writes the reference of each, the first being 0. */
export async function reserveReferences(
  context: ReadContext,
  numbering: Numbering,
  count: number,
): Promise<(index: number) => string> {
  const counted = numberingOf(context, numbering);
  const { value } = await context.tx.one(
    taken,
    sql`
    insert into counters as c (organization_id, kind, value)
    values (${context.organization.id}::uuid, ${counted.kind}, ${numbering.start + count - 1}::bigint)
    on conflict (organization_id, kind) do update set value = c.value + ${count}::bigint
    returning value`,
  );
  return index => writeReference(counted, value - count + 1 + index);
}
