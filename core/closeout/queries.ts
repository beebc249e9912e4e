import { raw, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { sessionRecord } from './record.ts';

const columns = raw(Object.keys(sessionRecord.columns).join(', '));

const ofPerson = (context: ReadContext, ticketId: string, memberId: string) => sql`
    select ${columns}
    from closeout_sessions
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and member_id = ${memberId}::uuid`;

/** The close-out of a visit by one person. */
export const findSession = (context: ReadContext, ticketId: string, memberId: string) =>
  context.tx.maybe(sessionRecord.parsed, ofPerson(context, ticketId, memberId));

/** The same, kept from changing until this transaction ends. */
export const lockSession = (context: ReadContext, ticketId: string, memberId: string) =>
  context.tx.maybe(sessionRecord.parsed, sql`${ofPerson(context, ticketId, memberId)} for no key update`);
