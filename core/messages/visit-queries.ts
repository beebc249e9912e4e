import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { messageKinds, messageStatuses } from './record.ts';

const ofVisit = z.object({
  id: z.string(),
  reference: z.string(),
  kind: z.enum(messageKinds),
  status: z.enum(messageStatuses),
  send_at: z.string(),
});
export type MessageOfVisit = z.infer<typeof ofVisit>;

/** All messages about a visit, whatever became of them, kept as they are until this transaction ends. */
export const lockMessagesOf = (context: ReadContext, ticketId: string): Promise<MessageOfVisit[]> =>
  pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    ofVisit,
    sql`ticket_id = ${ticketId}::uuid
    order by id
    for no key update`,
  );

/** The mails of a visit that a person has still to let go. */
export const listDraftsOf = (context: ReadContext, ticketId: string) =>
  pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    z.object({ id: z.string() }),
    sql`ticket_id = ${ticketId}::uuid and status = 'draft'`,
  );
