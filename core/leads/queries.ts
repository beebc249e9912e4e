import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { columnsOf } from '../kernel/records/record-queries.ts';
import { leadRecord } from './lead.ts';
import type { Lead } from './record.ts';

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

/** Living leads by id, in the order of the ids. */
export function listCandidates(context: ReadContext, ids: readonly string[]): Promise<Candidate[]> {
  return context.tx.many(
    candidate,
    sql`
    select id, reference, coalesce(full_name, company_name, title) as label
    from leads
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null
    order by array_position(${[...ids]}::uuid[], id)`,
  );
}

const withEntries = z.object({ entries: z.array(z.string()).nullable() });

/** Living leads with the beginnings of their notes: everything a lead is found by. */
export function listWithNotes(
  context: ReadContext,
  ids: readonly string[],
): Promise<(Lead & z.infer<typeof withEntries>)[]> {
  return context.tx.many(
    z.intersection(leadRecord.parsed, withEntries),
    sql`
    select ${columnsOf(leadRecord)},
      (
        select array_agg(left(n.content, 2000) order by n.id desc)
        from notes as n
        where n.organization_id = l.organization_id
          and n.lead_id = l.id
          and n.deleted_at is null
      ) as entries
    from leads as l
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null`,
  );
}

/** Makes what comes in by the same form wait for this transaction; false when the form is gone. */
export async function lockForm(context: ReadContext, formId: string): Promise<boolean> {
  const form = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from lead_forms
    where organization_id = ${context.organization.id}::uuid
      and id = ${formId}::uuid
      and deleted_at is null
    for no key update`,
  );
  return form !== undefined;
}

/** Whether the same came in by this form within the last hour. */
export async function cameInAlready(context: ReadContext, formId: string, digest: string): Promise<boolean> {
  const { exists } = await context.tx.one(
    z.object({ exists: z.boolean() }),
    sql`
    select exists (
      select 1
      from leads
      where organization_id = ${context.organization.id}::uuid
        and form_id = ${formId}::uuid
        and form_digest = ${digest}
        and created_at > now() - interval '1 hour'
    ) as exists`,
  );
  return exists;
}
