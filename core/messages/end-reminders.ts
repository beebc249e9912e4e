import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { endCallAbout } from '../tasks/call.ts';
import { lockRemindersOf } from './bill-queries.ts';
import { messageRecord } from './scheduled-message.ts';

interface Reminded {
  id: string;
  contact_id: string | null;
  ticket_id: string | null;
}

/** Leaves out what was planned to remind a customer of a bill, mails and the call, saying why; nobody has cancelled it. */
export async function endReminders(
  context: Context,
  { id: invoice_id, contact_id, ticket_id }: Reminded,
  why: string,
): Promise<void> {
  for (const { id } of await lockRemindersOf(context, invoice_id))
    await updateRow(context, messageRecord, id, { status: 'skipped', error: why });
  await endCallAbout(context, { contact_id, ticket_id, invoice_id, call_kind: 'overdue' });
}
