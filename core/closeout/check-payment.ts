import { z } from 'zod';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { lockPaidAtDoor } from './queries.ts';
import { saveSession } from './session.ts';

/**
 * Says that the money a technician took at the door is there. People of the office only, for no program can see it; and whoever
 * takes money does not check it, so a member or admin who closed the visit leaves that to somebody else. An owner may check
 * their own: the money is theirs, and who works alone has nobody else. Throws FORBIDDEN for one's own money, INVALID_STATE
 * when none was taken or it is checked already, NOT_FOUND.
 */
export const checkPayment = defineAction({
  domain: 'closeout',
  name: 'check_payment',
  summary: 'Say that the money a technician took at the door of a visit is there.',
  input: z.strictObject({ ticket_id: ref('ticket') }),
  output: z.object({
    payment_method: z.string(),
    payment_cents: z.number(),
    check_number: z.string().nullable(),
    payment_checked_at: z.string(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  past: 'checked',
  object: 'the payment at the door of a visit',
  example: { ticket_id: 'T-2001' },
  keywords: ['cash', 'check', 'card', 'money is there', 'deposit', 'paid at the door'],
  roles: ['owner', 'admin', 'member'],
  human_only: true,
  async run(context, { ticket_id }) {
    const session = await lockPaidAtDoor(context, ticket_id);
    if (!session?.payment_method || session.payment_cents === null) {
      const { reference } = await getRow(context, ticketRecord, ticket_id);
      throw new DeskhandError('INVALID_STATE', `Nobody took money at the door of ${reference}.`, {
        field: 'ticket_id',
        hint: 'Bill the visit instead.',
      });
    }
    if (session.payment_checked_at !== null) {
      throw new DeskhandError('INVALID_STATE', 'This payment is checked already.', { field: 'ticket_id' });
    }
    if (session.member_id === context.actor.id && context.actor.role !== 'owner') {
      throw new DeskhandError('FORBIDDEN', 'You took this money yourself, so you are not who checks it.', {
        field: 'ticket_id',
        hint: 'Hand it to somebody else of the office; they press “The money is here”.',
      });
    }
    const payment_checked_at = context.now.toString();
    await saveSession(context, session.id, { payment_checked_at, payment_checked_by: context.actor.id });
    const { payment_method, payment_cents, check_number } = session;
    return { payment_method, payment_cents, check_number, payment_checked_at };
  },
});
