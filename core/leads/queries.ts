import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { leadRow } from './record.ts';

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

const documentSource = leadRow
  .pick({
    id: true,
    reference: true,
    title: true,
    raw_notes: true,
    description: true,
    closed_reason: true,
    full_name: true,
    email: true,
    phone: true,
    company_name: true,
    line1: true,
    line2: true,
    city: true,
    state: true,
    postal_code: true,
    service_interest: true,
    preferred_time: true,
    budget_range: true,
    property_details: true,
    tags: true,
    status: true,
    contact_id: true,
  })
  .extend({ entries: z.array(z.string()).nullable() });
export type DocumentSource = z.infer<typeof documentSource>;

/** Everything a lead is found by: itself and its notes. */
export function listDocumentSources(context: ReadContext, ids: readonly string[]): Promise<DocumentSource[]> {
  return context.tx.many(
    documentSource,
    sql`
    select id, reference, title, raw_notes, description, closed_reason, full_name, email, phone, company_name, line1,
      line2, city, state, postal_code, service_interest, preferred_time, budget_range, property_details, tags, status,
      contact_id,
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

const historyCounts = z.object({ notes: z.number(), interactions: z.number() });

/** What deleting this lead would lose sight of, besides how it came in. */
export function countHistory(context: ReadContext, id: string) {
  return context.tx.one(
    historyCounts,
    sql`
    select
      (
        select count(*)
        from notes
        where organization_id = ${context.organization.id}::uuid
          and lead_id = ${id}::uuid
          and deleted_at is null
      ) as notes,
      (
        select greatest(count(*) - 1, 0)
        from interactions
        where organization_id = ${context.organization.id}::uuid
          and lead_id = ${id}::uuid
          and deleted_at is null
      ) as interactions`,
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
