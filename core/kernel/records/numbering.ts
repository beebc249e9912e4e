import { z } from 'zod';
import { type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { inZone } from '../words/time.ts';
import { countedAs, type Numbering, writeReference } from './reference.ts';

/** Under what the next number of a record is counted, and how many digits it has at least. */
export const numberingOf = (context: ReadContext, numbering: Numbering): { kind: string; digits: number } =>
  countedAs(numbering, numbering.is_yearly ? yearOf(context) : noYear);

/** What is not counted by years has none, and the calendar of the business need not be asked. */
const noYear = 0;

/** The year it is for the business. */
export const yearOf = ({ now, organization }: ReadContext): number =>
  inZone(now, organization.time_zone).year;

/** The statement that takes `count` numbers of a kind and answers the last, as `value`. Locks the counter until commit. */
export const lockNumbers = (
  { organization }: ReadContext,
  { kind, start }: { kind: string; start: number },
  count: number,
): Sql => sql`
  insert into counters as c (organization_id, kind, value)
  values (${organization.id}::uuid, ${kind}, ${start + count - 1}::bigint)
  on conflict (organization_id, kind) do update set value = c.value + ${count}::bigint
  returning value`;

const locked = z.object({ value: z.number() });

/** Takes the next number and answers the reference: `R-1`. */
export async function nextReference(context: ReadContext, numbering: Numbering): Promise<string> {
  return (await reserveReferences(context, numbering, 1))(0);
}

/** Takes `count` numbers at once; answers what writes the reference of each, the first being 0. */
export async function reserveReferences(
  context: ReadContext,
  numbering: Numbering,
  count: number,
): Promise<(index: number) => string> {
  const counted = numberingOf(context, numbering);
  const { start, is_gapless } = numbering;
  const first = await takeNumbers(context, { start, is_gapless, kind: counted.kind }, count);
  return index => writeReference(counted, first + index);
}

async function takeNumbers(
  context: ReadContext,
  { kind, start, is_gapless }: { kind: string; start: number; is_gapless: boolean | undefined },
  count: number,
): Promise<number> {
  const organization_id = context.organization.id;
  const first = is_gapless
    ? undefined
    : await context.tx.numbers.take({ organization_id, kind, start }, count);
  if (first !== undefined) return first;
  // Nobody else waits for a counter of a business that is being founded: nobody else knows it.
  const { value } = await context.tx.one(locked, lockNumbers(context, { kind, start }, count));
  return value - count + 1;
}
