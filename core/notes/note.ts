import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { invalid } from '../kernel/errors.ts';
import { defineRecord } from '../kernel/record.ts';
import { requireLiving } from '../kernel/record-queries.ts';
import { ref } from '../kernel/refs.ts';
import { freeText, rowFacts } from '../kernel/schema.ts';
import { sql } from '../kernel/sql.ts';
import { findTicketContact } from './queries.ts';

export const noteRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  ticket_id: z.string().nullable(),
  content: z.string(),
  source: z.string(),
  import_batch_id: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});

/** A dated entry about a customer or a visit (CFL-28). May be written about a closed visit too (GAP-02). */
export const noteRecord = defineRecord({
  name: 'note',
  plural: 'notes',
  table: 'notes',
  summary: 'Dated notes on customers and visits, newest first with sort=-created_at.',
  keywords: ['remark', 'memo', 'comment', 'gate code', 'dog'],
  reference: { prefix: 'N', start: 1001 },
  columns: {
    id: 'uuid',
    reference: 'text',
    contact_id: 'uuid',
    ticket_id: 'uuid',
    content: 'text',
    source: 'text',
    import_batch_id: 'uuid',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: noteRow,
  label: row => String(row.content).slice(0, 60),
  writable: z.strictObject({
    contact_id: ref('contact').optional(),
    ticket_id: ref('ticket').optional(),
    content: freeText,
  }),
  default_fields: ['id', 'reference', 'contact_id', 'ticket_id', 'content', 'source', 'created_at'],
  sorts: ['created_at'],
  params: z.strictObject({ contact_id: ref('contact').optional(), ticket_id: ref('ticket').optional() }),
  where: params => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.ticket_id ? [sql`ticket_id = ${params.ticket_id}::uuid`] : []),
  ],
  actions: {
    create: { summary: 'Write a note on a customer or a visit.', permission: { level: 'unrestricted' } },
    update: { summary: 'Correct a note.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove a note; can be restored.', permission: { level: 'soft_limit' } },
  },
  async toColumns(context, input, before) {
    await requireLiving(context, contactRecord, input.contact_id, 'contact_id');
    const ticketId = input.ticket_id ?? before?.ticket_id;
    if (typeof ticketId !== 'string') {
      if (before || input.contact_id) return input;
      throw invalid('contact_id', 'A note is about somebody.', { hint: 'Give contact_id or ticket_id.' });
    }
    const contact_id = await findTicketContact(context, ticketId);
    if ((input.contact_id ?? before?.contact_id ?? contact_id) !== contact_id) {
      throw invalid('ticket_id', 'This visit is another customer’s.', {
        hint: 'Leave contact_id out: the note goes to the customer of the visit.',
      });
    }
    return { ...input, contact_id };
  },
  alsoIndexed: row => [{ kind: 'contact', id: row.contact_id }],
});
