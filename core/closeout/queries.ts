import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { sessionRecord } from './record.ts';

const ofPerson = (ticketId: string, memberId: string) =>
  sql`ticket_id = ${ticketId}::uuid and member_id = ${memberId}::uuid`;

/** The close-out of a visit by one person. */
export async function findSession(context: ReadContext, ticketId: string, memberId: string) {
  const [session] = await pickRows(context, sessionRecord, sessionRecord.row, ofPerson(ticketId, memberId));
  return session;
}

/** The same, kept from changing until this transaction ends. */
export async function lockSession(context: ReadContext, ticketId: string, memberId: string) {
  const which = sql`${ofPerson(ticketId, memberId)} for no key update`;
  const [session] = await pickRows(context, sessionRecord, sessionRecord.row, which);
  return session;
}

/** The close-out of a visit in which money was taken at the door, kept from changing until this transaction ends. */
export async function lockPaidAtDoor(context: ReadContext, ticketId: string) {
  const which = sql`ticket_id = ${ticketId}::uuid and payment_cents is not null for no key update`;
  const [session] = await pickRows(context, sessionRecord, sessionRecord.row, which);
  return session;
}
