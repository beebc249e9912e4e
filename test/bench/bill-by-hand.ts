import type pg from 'pg';
import { newId } from '../../core/kernel/database/ids.ts';
import { ask, inTransaction } from './hand-written.ts';

/**
 * A draft of a closed visit with number, lines, audit entries (by the triggers) and search document: the statements of
 * `invoice.create_from_ticket`, each once, and those together that do not wait for each other.
 */
export function billVisit(pool: pg.Pool, key: string, ticket: string): Promise<{ reference: string }> {
  return inTransaction(
    pool,
    'read write',
    key,
    'invoice.create_from_ticket',
    async (client, organization) => {
      const locked = await ask(
        client,
        `select id, reference, contact_id, status, currency, total_cents
       from tickets
       where organization_id = $1::uuid and reference = $2
       for no key update`,
        [organization, ticket],
      );
      const visit = locked.rows[0];
      const [lines, known, customer] = await Promise.all([
        ask(
          client,
          `select id, service_id, position, description, pricing, quantity, unit_price_cents, total_cents, duration_minutes
         from ticket_lines
         where organization_id = $1::uuid and deleted_at is null and ticket_id = $2::uuid
         order by position, id`,
          [organization, visit.id],
        ),
        ask(
          client,
          `select id, reference, status
         from invoices
         where organization_id = $1::uuid and ticket_id = $2::uuid and status not in ('void', 'cancelled')`,
          [organization, visit.id],
        ),
        ask(
          client,
          `select c.full_name, o.id as company_id
         from contacts as c
         left join companies as o
           on o.organization_id = c.organization_id and o.id = c.company_id and o.pays_for_its_people and o.deleted_at is null
         where c.organization_id = $1::uuid and c.id = $2::uuid`,
          [organization, visit.contact_id],
        ),
        ask(
          client,
          `select s.id, s.payment_cents, p.reference as recorded_as
         from closeout_sessions as s
         left join payments as p
           on p.organization_id = s.organization_id and p.closeout_session_id = s.id and p.deleted_at is null
         where s.organization_id = $1::uuid and s.ticket_id = $2::uuid and s.payment_cents is not null
         limit 1`,
          [organization, visit.id],
        ),
      ]);
      if (visit.status !== 'closed' || known.rows.length > 0) throw new Error('this visit cannot be billed');
      const id = newId();
      const year = new Date().getUTCFullYear();
      const made = await ask(
        client,
        `with numbered as (
         insert into counters as c (organization_id, kind, value)
         values ($1::uuid, $2, 1)
         on conflict (organization_id, kind) do update set value = c.value + 1
         returning value
       )
       insert into invoices (
         organization_id, id, reference, source, contact_id, company_id, ticket_id, currency, subtotal_cents, tax_cents,
         total_cents, due_on
       )
       select $1::uuid, $3::uuid, $2 || '-' || lpad(value::text, greatest(3, length(value::text)), '0'), 'ticket', $4::uuid,
         $5::uuid, $6::uuid, $7, $8::bigint, 0, $8::bigint, current_date + 30
       from numbered
       returning *`,
        [
          organization,
          `INV-${year}`,
          id,
          visit.contact_id,
          customer.rows[0].company_id,
          visit.id,
          visit.currency,
          visit.total_cents,
        ],
      );
      const { reference } = made.rows[0];
      const column = (name: string) => lines.rows.map(line => line[name]);
      const title = column('description').join(', ');
      const words = `${customer.rows[0].full_name} ${title}`.toLowerCase();
      const [written] = await Promise.all([
        ask(
          client,
          `insert into invoice_lines (
           organization_id, invoice_id, id, position, service_id, description, quantity, unit_price_cents, tax_rate,
           subtotal_cents, tax_cents, total_cents
         )
         select $1::uuid, $2::uuid, l.id, l.at, l.service_id, l.description, l.quantity, l.price, 0, l.total, 0, l.total
         from unnest($3::uuid[], $4::uuid[], $5::text[], $6::numeric[], $7::bigint[], $8::bigint[]) with ordinality
           as l (id, service_id, description, quantity, price, total, at)
         returning *`,
          [
            organization,
            id,
            lines.rows.map(() => newId()),
            column('service_id'),
            column('description'),
            column('quantity'),
            column('unit_price_cents'),
            column('total_cents'),
          ],
        ),
        ask(
          client,
          `insert into search_documents (
           organization_id, kind, record_id, reference, title, detail, contact_id, names, lexemes
         )
         values (
           $1::uuid, 'invoice', $2::uuid, $3, $4::text, $5, $6::uuid, $7::text,
           search_lexemes($1::uuid, 'invoice', lower($4::text), $7::text, lower($3), $8)
         )`,
          [
            organization,
            id,
            reference,
            title,
            `draft, ${visit.total_cents}`,
            visit.contact_id,
            words,
            `invoice\n${title}`,
          ],
        ),
        ask(
          client,
          `insert into search_words (organization_id, word)
         select $1::uuid, word from unnest($2::text[]) as word
         on conflict do nothing`,
          [organization, [...new Set(words.match(/[a-z]+/g) ?? [])].sort()],
        ),
        ask(client, 'commit'),
      ]);
      return { ...made.rows[0], lines: written.rows };
    },
  );
}
