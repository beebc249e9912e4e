import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { endCallsOfAnswered, isAnswer } from './answer-by-phone.ts';
import { confirmationStatuses } from './record.ts';
import { answerTicket, lockOpenTicket, ticketAnswer, ticketRecord } from './ticket.ts';

/** Records what the customer said to the appointment (TKT-11): on the phone, by mail, at the door. */
export const confirmTicket = defineAction({
  domain: 'ticket',
  name: 'confirm',
  summary: 'Record the customer’s answer to an appointment: accepted, declined, modify_requested.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    confirmation_status: z.enum(confirmationStatuses).default('accepted'),
  }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  often: { rank: 2 },
  example: { ticket_id: 'T-2001', confirmation_status: 'accepted' },
  keywords: ['accept', 'decline', 'customer said yes'],
  async run(context, { ticket_id, confirmation_status }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    await updateRow(context, ticketRecord, ticket.id, { confirmation_status });
    if (isAnswer(confirmation_status)) await endCallsOfAnswered(context, ticket.id, confirmation_status);
    return answerTicket(context, ticket.id);
  },
});
