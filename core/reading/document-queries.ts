import { z } from 'zod';
import { attributeDetails, attributeValue } from '../extraction/record.ts';
import { eachById } from '../kernel/database/each-by-id.ts';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { serviceNames, visits } from './visit-parts.ts';

// What customers, visits, bills and facts are found by, where that is more than their own row. Reads contacts,
// contact_merges, companies, addresses, notes, attributes, attribute_keys, tickets, ticket_lines, invoices and
// invoice_lines.

const contactSource = z.object({
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
  /** References of customers who went into this one. */
  merged: z.array(z.string()).nullable(),
});
export type ContactSource = z.infer<typeof contactSource>;

/**
 * Everything a contact is found by: itself, its company, addresses, facts, the services it had or has booked, and its
 * notes. Of what can be many the newest; each note and visit has a document of its own besides.
 */
export function listContactSources(context: ReadContext, ids: readonly string[]): Promise<ContactSource[]> {
  return context.tx.many(
    contactSource,
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
      ) as services,
      (
        select array_agg(o.reference order by m.id)
        from contact_merges as m
        join contacts as o on o.organization_id = m.organization_id and o.id = m.merged_contact_id
        where m.organization_id = c.organization_id
          and m.contact_id = c.id
          and m.undone_at is null
      ) as merged
    from ${eachById({ table: 'contacts', alias: 'c', organization: context.organization, ids })}
    where c.deleted_at is null`,
  );
}

const ticketSource = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  notes: z.string().nullable(),
  cancel_reason: z.string().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
  customer: z.string(),
  address: z.string().nullable(),
  lines: z.array(z.string()).nullable(),
});
export type TicketSource = z.infer<typeof ticketSource>;

/** What visits are found by: customer, place, lines and texts. Who goes is a filter of the list, and not among it. */
export function listTicketSources(context: ReadContext, ids: readonly string[]): Promise<TicketSource[]> {
  return context.tx.many(
    ticketSource,
    sql`
    select t.id, t.reference, t.contact_id, t.status, t.scheduled_at, t.notes, t.cancel_reason, t.custom_fields,
      c.full_name as customer,
      (
        select concat_ws(' ', a.line1, a.line2, a.city, a.postal_code, a.label)
        from addresses as a
        where a.organization_id = t.organization_id
          and a.id = t.address_id
      ) as address,
      ${serviceNames} as lines
    from ${visits}
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = any (${[...ids]}::uuid[])`,
  );
}

const billed = z.object({
  id: z.string(),
  /** Whom we know. */
  customer: z.string().nullable(),
  /** The company that pays, by all its names. */
  company: z.string().nullable(),
  lines: z.array(z.string()).nullable(),
});
export type Billed = z.infer<typeof billed>;

/** Who is billed by some bills, and for what. */
export function listBilled(context: ReadContext, ids: readonly string[]): Promise<Billed[]> {
  return context.tx.many(
    billed,
    sql`
    select i.id, c.full_name as customer,
      (
        select concat_ws(' ', o.name, o.legal_name)
        from companies as o
        where o.organization_id = i.organization_id
          and o.id = i.company_id
      ) as company,
      (
        select array_agg(l.description order by l.position)
        from invoice_lines as l
        where l.organization_id = i.organization_id
          and l.invoice_id = i.id
          and l.deleted_at is null
      ) as lines
    from invoices as i
    left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
    where i.organization_id = ${context.organization.id}::uuid
      and i.id = any (${[...ids]}::uuid[])`,
  );
}

const attributeSource = z.object({
  id: z.string(),
  reference: z.string(),
  key: z.string(),
  value: attributeValue,
  details: attributeDetails,
  contact_id: z.string(),
  is_confirmed: z.boolean(),
  aliases: z.array(z.string()),
});
export type AttributeSource = z.infer<typeof attributeSource>;

/** What living facts of living customers are found by. */
export function listAttributeSources(
  context: ReadContext,
  ids: readonly string[],
): Promise<AttributeSource[]> {
  return context.tx.many(
    attributeSource,
    sql`
    select a.id, a.reference, a.key, a.value, a.details, a.contact_id, a.is_confirmed, k.aliases
    from attributes as a
    join contacts as c on c.organization_id = a.organization_id and c.id = a.contact_id and c.deleted_at is null
    join attribute_keys as k on k.organization_id = a.organization_id and k.key = a.key
    where a.organization_id = ${context.organization.id}::uuid
      and a.id = any (${[...ids]}::uuid[])
      and a.deleted_at is null`,
  );
}
