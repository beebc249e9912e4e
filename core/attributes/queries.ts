import { z } from 'zod';
import type { ProposedAttribute } from '../extraction/record.ts';
import { newId } from '../kernel/database/ids.ts';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { columnsOf } from '../kernel/records/columns.ts';
import { nextReference } from '../kernel/records/numbering.ts';
import { pickRows, updateRow } from '../kernel/records/record-queries.ts';
import { type Attribute, attributeRecord } from './attribute.ts';
import { type AttributeSource, attributeNumbering } from './record.ts';

/** One fact and who says it. */
export interface Fact extends ProposedAttribute {
  contact_id: string;
  source: AttributeSource;
  note_id: string | null;
  ticket_id: string | null;
  lead_id: string | null;
  extracted_by: 'rules' | 'llm' | 'agent' | null;
  /** Of the note it stands in, when that came with an import. */
  import_batch_id?: string | null;
  is_confirmed: boolean;
  /** Whose word an agent passes on. */
  said_by?: 'owner' | null;
}

// Case makes no other fact, and neither does 20 instead of "20".
const sameFact = (fact: ProposedAttribute & { contact_id: string }): Sql => sql`
  contact_id = ${fact.contact_id}::uuid
  and key = ${fact.key}
  and lower(value #>> '{}') = lower(${String(fact.value)})
  and lower(details::text) = lower(${JSON.stringify(fact.details ?? {})}::jsonb::text)`;

/** The living row of a fact, locked. */
export async function lockSame(
  context: Context,
  fact: ProposedAttribute & { contact_id: string },
): Promise<Attribute | undefined> {
  const which = sql`${sameFact(fact)} order by confirmed_at nulls last, id limit 1 for no key update`;
  const rows = await pickRows(context, attributeRecord, attributeRecord.row, which);
  return rows[0];
}

/** Whether somebody has said of this fact that it is wrong. */
export async function isRejected(
  context: ReadContext,
  fact: ProposedAttribute & { contact_id: string },
): Promise<boolean> {
  const which = sql`deleted_at is not null and is_rejected and ${sameFact(fact)} limit 1`;
  const deleted = { ...attributeRecord, soft_deletes: false };
  return (await pickRows(context, deleted, z.object({ id: z.string() }), which)).length > 0;
}

/** Inserts a fact, confirmed by the acting person when it is; undefined when the same fact has come in meanwhile. */
export async function insertFact(context: Context, fact: Fact): Promise<Attribute | undefined> {
  const { organization, now } = context;
  const reference = await nextReference(context, attributeNumbering);
  return context.tx.maybe(
    attributeRecord.parsed,
    sql`
    insert into attributes (
      organization_id, id, reference, contact_id, key, value, details, source, note_id, ticket_id, lead_id, extracted_by,
      said_by, confirmed_by, confirmed_at, import_batch_id
    )
    select ${organization.id}::uuid, ${newId()}::uuid, ${reference}, ${fact.contact_id}::uuid, ${fact.key},
      ${JSON.stringify(fact.value)}::jsonb, ${JSON.stringify(fact.details ?? {})}::jsonb, ${fact.source},
      ${fact.note_id}::uuid, ${fact.ticket_id}::uuid, ${fact.lead_id}::uuid, ${fact.extracted_by},
      ${fact.said_by ?? null}, ${fact.is_confirmed ? personOf(context) : null}::uuid,
      ${fact.is_confirmed ? now.toString() : null}::timestamptz, ${fact.import_batch_id ?? null}::uuid
    on conflict (organization_id, contact_id, key, value, details) where deleted_at is null do nothing
    returning ${columnsOf(attributeRecord)}`,
  );
}

const personOf = ({ actor }: ReadContext) => (actor.kind === 'user' ? actor.id : null);

/** Marks a fact as confirmed by the acting person, or by whom it says; one that is confirmed already stays as it is. */
export function confirmFact(
  context: Context,
  id: string,
  said_by: Fact['said_by'] = null,
): Promise<Attribute> {
  return context.tx.one(
    attributeRecord.parsed,
    sql`
    update attributes
    set confirmed_by = case when confirmed_at is null then ${personOf(context)}::uuid else confirmed_by end,
      said_by = case when confirmed_at is null then ${said_by} else said_by end,
      confirmed_at = coalesce(confirmed_at, ${context.now.toString()}::timestamptz)
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
    returning ${columnsOf(attributeRecord)}`,
  );
}

/** Gives a fact another key, value and details. */
export const rewriteFact = (context: Context, id: string, { key, value, details }: ProposedAttribute) =>
  updateRow(context, attributeRecord, id, { key, value, details: details ?? {} });

const gone = z.object({ id: z.string(), reference: z.string(), contact_id: z.string() });
export type Gone = z.infer<typeof gone>;

function deleteWhere(context: Context, conditions: readonly Sql[]): Promise<Gone[]> {
  return context.tx.many(
    gone,
    sql`
    update attributes
    set deleted_at = now()
    where organization_id = ${context.organization.id}::uuid
      and deleted_at is null
      and ${join(conditions, ' and ')}
    returning id, reference, contact_id`,
  );
}

/** Deletes the other values of a key that can have one only; `unconfirmed`: leaves what somebody has confirmed. */
export const deleteOthers = (context: Context, kept: Attribute, which: 'all' | 'unconfirmed') =>
  deleteWhere(context, [
    sql`contact_id = ${kept.contact_id}::uuid`,
    sql`key = ${kept.key}`,
    sql`id <> ${kept.id}::uuid`,
    ...(which === 'unconfirmed' ? [sql`confirmed_at is null`] : []),
  ]);

export const deleteFact = (context: Context, id: string) => deleteWhere(context, [sql`id = ${id}::uuid`]);

/** Deletes what a note said and nobody has confirmed, except `kept`; `byAgent`: also what an agent handed in. */
export const deleteStaleOfNote = (
  context: Context,
  noteId: string,
  kept: readonly string[],
  byAgent: boolean,
) =>
  deleteWhere(context, [
    sql`note_id = ${noteId}::uuid`,
    sql`confirmed_at is null`,
    sql`not id = any (${[...kept]}::uuid[])`,
    ...(byAgent ? [] : [sql`extracted_by is distinct from 'agent'`]),
  ]);

/** Brings back what was deleted together with its note, unless the same is known again by now. */
export function restoreOfNote(context: Context, noteId: string, deletedAt: string): Promise<Gone[]> {
  return context.tx.many(
    gone,
    sql`
    update attributes as a
    set deleted_at = null
    where a.organization_id = ${context.organization.id}::uuid
      and a.note_id = ${noteId}::uuid
      and date_trunc('milliseconds', a.deleted_at) = ${deletedAt}::timestamptz
      and not a.is_rejected
      and not exists (
        select 1
        from attributes as o
        where o.organization_id = a.organization_id
          and o.contact_id = a.contact_id
          and o.key = a.key
          and o.value = a.value
          and o.details = a.details
          and o.deleted_at is null
      )
    returning id, reference, contact_id`,
  );
}
