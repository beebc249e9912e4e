import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { freeText, line } from '../kernel/words/text-schemas.ts';
import { moment, readMoment } from '../kernel/words/time.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { draftMessage } from './draft.ts';
import { findRecipient, reach } from './recipient.ts';
import { freeKinds, type MessageKind } from './record.ts';
import { answerMessage, messageAnswer, messageRecord, type ScheduledMessage } from './scheduled-message.ts';
import { isDrafted } from './settings.ts';
import { setTimer } from './timer.ts';
import { checkWords } from './words.ts';

/** What the words of a message may be: card and social security numbers are taken out of both (SAN-07). */
export const messageWords = { subject: line, body: freeText };

/**
 * Plans an e-mail to a customer. It goes out in the name of the business with words an agent has chosen, so an agent
 * says why, as with sending an invoice (MAQ-16); more is not needed, because until its time anybody can cancel it. What is
 * about a visit or a bill is planned by its own flow: said of anything else, it would pass the customer's wish not to be
 * written to (GAP-13).
 */
export const scheduleAction = defineAction({
  domain: 'message',
  name: 'schedule',
  summary: 'E-mail a customer: at send_at, or now.',
  input: z.strictObject({
    contact_id: ref('contact'),
    ticket_id: ref('ticket').optional(),
    kind: z.enum(freeKinds).default('other'),
    ...messageWords,
    send_at: moment.optional().meta({ description: 'local time, 2026-11-23T09:00; now when left out' }),
  }),
  also: {
    send_at: {
      when_left_out: true,
      uses: ['message.send_now'],
      // A draft waits for a person.
      run: async (context, { answer }) =>
        answer.status === 'draft' ? answer : context.call('message.send_now', { message_id: answer.id }),
    },
  },
  output: messageAnswer,
  permission: { level: 'soft_limit' },
  effect: 'create',
  often: { rank: 2, members: ['contact_id', 'subject', 'body', 'send_at'] },
  undo: 'message.cancel',
  example: {
    contact_id: 'Jane Smith',
    subject: 'Shall we come again?',
    body: 'Hello Jane, it has been half a year.',
    send_at: '2026-12-01T09:00',
  },
  touches: ['email'],
  keywords: ['write to', 'reach out', 'e-mail', 'mail', 'later', 'remind', 'plan', 'scheduled message'],
  async run(context, { ticket_id, ...message }) {
    checkWords(message.kind, 'subject', message.subject);
    checkWords(message.kind, 'body', message.body);
    await requireFitting(context, message.contact_id, ticket_id);
    const send_at =
      message.send_at === undefined ? context.now.toString() : readSendAt(context, message.send_at);
    if (message.send_at === undefined) await requireReached(context, message.contact_id, message.kind);
    const row = await scheduleMessage(
      context,
      { ...message, send_at, ...(ticket_id === undefined ? {} : { ticket_id }) },
      'theirs',
    );
    return answerMessage(context, row);
  },
});

/** Who cannot be written to is not told to be written to now. Throws INVALID_STATE with how else they are reached. */
async function requireReached(context: Context, contactId: string, kind: MessageKind): Promise<void> {
  const { obstacle } = await reach(context, { contact_id: contactId, kind });
  if (!obstacle) return;
  const { phone = null } = (await findRecipient(context, { contact_id: contactId })) ?? {};
  const call = phone === null ? '' : `Call ${formatPhone(phone, context.organization.country)} instead, or: `;
  throw new DeskhandError('INVALID_STATE', `Nothing was sent. ${obstacle.reason}`, {
    field: 'contact_id',
    hint: `${call}${obstacle.hint}`,
  });
}

/** Throws NOT_FOUND for a customer or visit that is not there, VALIDATION_ERROR for another customer's visit. */
async function requireFitting(
  context: Context,
  contactId: string,
  ticketId: string | undefined,
): Promise<void> {
  const recipient = await findRecipient(context, { contact_id: contactId });
  if (!recipient || recipient.deleted_at !== null)
    throw notFound('contact', contactId, { field: 'contact_id' });
  if (ticketId === undefined) return;
  const visit = await findRow(context, ticketRecord, ticketId);
  if (!visit) throw notFound('ticket', ticketId, { field: 'ticket_id' });
  if (visit.contact_id === contactId) return;
  throw invalid('ticket_id', 'This visit is another customer’s.', {
    hint: 'Leave ticket_id out, or give the customer of the visit as contact_id.',
  });
}

/** The moment a message goes out, in UTC. Throws VALIDATION_ERROR for one that is past. */
export function readSendAt(context: Context, text: string): string {
  const at = readMoment(text, context.organization.time_zone, 'send_at');
  if (at.epochMilliseconds > context.now.epochMilliseconds) return at.toString();
  throw invalid('send_at', 'This time is past.', {
    got: text,
    hint: 'Choose a time to come; message.send_now sends a planned message at once.',
  });
}

/** A message to come, as other domains hand it over. */
export interface NewMessage {
  contact_id: string;
  ticket_id?: string;
  kind: MessageKind;
  subject: string;
  body: string;
  /** UTC, ISO 8601. */
  send_at: string;
}

/**
 * Writes a message down and sets its timer, in the caller's transaction (CLO-18). Warns when, as things are, it will not
 * be sent; the customer's address and wishes are looked up again when its time has come. `words` says whose the text is:
 * the caller's own to an address that nobody has confirmed wait for a person.
 */
export async function scheduleMessage(
  context: Context,
  message: NewMessage,
  words: 'theirs' | 'ours' = 'ours',
): Promise<ScheduledMessage> {
  if (words === 'theirs' && isDrafted(context)) {
    return draftMessage(context, { id: newId(), ...message });
  }
  const row = await insertRow(context, messageRecord, { id: newId(), ...message });
  await setTimer(context, row, words);
  return row;
}
