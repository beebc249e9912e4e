import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { moment } from '../kernel/words/time.ts';
import { answerVisit } from './answer.ts';
import { settleMails } from './cycle.ts';
import { type Answer, answers, confirmationStatuses } from './record.ts';
import { mostWords } from './respond.ts';
import { lockOpenTicket, ticketRecord } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';
import { readFutureTime } from './visit-time.ts';

/** Records what the customer said to the appointment (TKT-11): on the phone, by mail, at the door. */
export const confirmTicket = defineAction({
  domain: 'ticket',
  name: 'confirm',
  summary: 'Record the customer’s answer to an appointment: accepted, declined, modify_requested.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    confirmation_status: z.enum(confirmationStatuses).default('accepted'),
    asked_for_at: moment.optional().meta({ description: 'with modify_requested: the time they would like' }),
    customer_words: z.string().trim().min(1).max(mostWords).optional(),
  }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'ticket_id',
  often: { rank: 2, members: ['ticket_id', 'confirmation_status'] },
  example: { ticket_id: 'T-2001', confirmation_status: 'accepted' },
  keywords: ['accept', 'decline', 'customer said yes'],
  async run(context, { ticket_id, confirmation_status, asked_for_at, customer_words }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    const answer = answers.find(given => given === confirmation_status);
    if (answer === undefined) {
      const visit = await updateRow(context, ticketRecord, ticket.id, {
        confirmation_status,
        answered_at: null,
        asked_for_at: null,
      });
      await settleMails(context, visit);
    } else {
      const asked_for = asked_for_at === undefined ? undefined : readFutureTime(context, asked_for_at);
      await answerVisit(context, ticket, {
        answer,
        asked_for: wishOf(answer, asked_for),
        words: customer_words,
      });
    }
    return answerTicket(context, ticket.id);
  },
});

const wishOf = <T>(answer: Answer, wish: T): T | undefined =>
  answer === 'modify_requested' ? wish : undefined;
