import { z } from 'zod';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

/** Living contacts by id, in the order of the ids. */
export function listCandidates(context: ReadContext, ids: readonly string[]): Promise<Candidate[]> {
  return context.tx.many(
    candidate,
    sql`
    select id, reference, full_name as label
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null
    order by array_position(${[...ids]}::uuid[], id)`,
  );
}

const sameKey = z.object({ key: z.string(), contact_id: z.string() });

/** Other contacts that have one of these keys, deleted ones too, at most twenty. */
export function listSameKeys(context: ReadContext, keys: readonly string[], except: string) {
  return context.tx.many(
    sameKey,
    sql`
    select key, contact_id
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and key = any (${[...keys]}::text[])
      and contact_id <> ${except}::uuid
    order by contact_id
    limit 20`,
  );
}

/** Writes the keys of a contact; at least one. */
export function sendKeys(context: ReadContext, contactId: string, keys: readonly string[]): void {
  const rows = keys.map(key => sql`(${context.organization.id}::uuid, ${key}, ${contactId}::uuid)`);
  context.tx.send(sql`
    insert into contact_keys (organization_id, key, contact_id)
    values ${join(rows, ', ')}
    on conflict (organization_id, key, contact_id) do nothing`);
}

/** Removes the e-mail and telephone keys a contact has no longer; keys of other systems stay. */
export async function deleteStaleKeys(
  context: ReadContext,
  contactId: string,
  keep: readonly string[],
): Promise<void> {
  await context.tx.run(sql`
    delete from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and (key like 'email:%' or key like 'phone:%')
      and not key = any (${[...keep]}::text[])`);
}

const documentSource = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  nickname: z.string().nullable(),
  company: z.string().nullable(),
  emails: z.array(z.object({ email: z.string() })),
  phones: z.array(z.object({ number: z.string() })),
  tags: z.array(z.string()),
  job_title: z.string().nullable(),
  phone: z.string().nullable(),
  notes: z.string().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
  addresses: z.array(z.string()).nullable(),
  town: z.string().nullable(),
  entries: z.array(z.string()).nullable(),
  attributes: z
    .array(z.object({ key: z.string(), value: z.unknown(), details: z.record(z.string(), z.unknown()) }))
    .nullable(),
  services: z.array(z.string()).nullable(),
});
export type DocumentSource = z.infer<typeof documentSource>;

/**
 * Everything a contact is found by: itself, its company, addresses, facts, the services it had or has booked, and its
 * notes. Of what can be many the newest; each note and visit has a document of its own besides.
 */
export function listDocumentSources(context: ReadContext, ids: readonly string[]): Promise<DocumentSource[]> {
  return context.tx.many(
    documentSource,
    sql`
    select c.id, c.reference, c.full_name, c.nickname, c.emails, c.phones, c.tags, c.job_title, c.phone, c.notes, c.custom_fields,
      (
        select o.name
        from companies as o
        where o.organization_id = c.organization_id
          and o.id = c.company_id
      ) as company,
      (
        select array_agg(concat_ws(' ', a.line1, a.line2, a.city, a.state, a.postal_code, a.label) order by a.id)
        from addresses as a
        where a.organization_id = c.organization_id
          and a.contact_id = c.id
          and a.deleted_at is null
      ) as addresses,
      (
        select a.city
        from addresses as a
        where a.organization_id = c.organization_id
          and a.contact_id = c.id
          and a.city is not null
          and a.deleted_at is null
        order by a.id
        limit 1
      ) as town,
      (
        select array_agg(left(n.content, 2000) order by n.id desc)
        from (
          select id, content
          from notes
          where organization_id = c.organization_id
            and contact_id = c.id
            and deleted_at is null
          order by id desc
          limit 40
        ) as n
      ) as entries,
      (
        select jsonb_agg(jsonb_build_object('key', f.key, 'value', f.value, 'details', f.details) order by f.id)
        from (
          select id, key, value, details
          from attributes
          where organization_id = c.organization_id
            and contact_id = c.id
            and deleted_at is null
          order by id desc
          limit 100
        ) as f
      ) as attributes,
      (
        select array_agg(s.description order by s.description)
        from (
          select distinct l.description
          from tickets as t
          join ticket_lines as l on l.organization_id = t.organization_id and l.ticket_id = t.id
          where t.organization_id = c.organization_id
            and t.contact_id = c.id
            and t.status <> 'cancelled'
            and l.deleted_at is null
          order by l.description
          limit 40
        ) as s
      ) as services
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.id = any (${[...ids]}::uuid[])
      and c.deleted_at is null`,
  );
}
