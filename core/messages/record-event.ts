import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { stopWriting } from '../contacts/mail-trouble.ts';
import { isUuid } from '../kernel/database/ids.ts';
import { settling_ms } from '../kernel/outside/webhooks.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { externalId } from '../kernel/words/text-schemas.ts';
import { callCustomer } from './call-instead.ts';
import { findMail, type SentMail, updateDelivery } from './queries.ts';
import { type Delivery, deliveries } from './record.ts';
import { messageRecord, ownWords } from './scheduled-message.ts';
import { whyTooLate } from './too-late.ts';

/**
 * Writes down what the mail service says of a mail it has taken: on the delivery, and on the message it carried. What
 * weighs more stays, whatever comes later: a mail that was delivered and complained about is one that was complained about,
 * in whatever order we hear of it. An address that does not exist is not written to again, nor one whose owner complained
 * (EML-13). A mail nobody here knows is waited for a while, because the event may be faster than our
 * own note of the mail's id; later it is somebody else's.
 */
export const recordEvent = defineAction({
  domain: 'message',
  name: 'record_event',
  summary:
    'Write down what the mail service says of a mail: delivered, bounced, complained; done by the service itself.',
  input: z.strictObject({
    sent_as: externalId.optional().meta({ description: 'its id with the mail service' }),
    /** The delivery itself, where it was refused at once. */
    queued_as: externalId.max(60).optional(),
    delivery: z.enum(deliveries),
    occurred_at: z.iso.datetime({ offset: true }),
    reason: z.string().max(300).optional(),
    is_final: z.boolean().default(true).meta({ description: 'false when it may arrive another time' }),
  }),
  output: z.object({ is_ours: z.boolean(), delivery: z.enum(deliveries).nullable() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'told of',
  object: 'message',
  example: { sent_as: 're_123', delivery: 'delivered', occurred_at: '2026-11-18T14:00:00Z' },
  open_to: ['webhook'],
  human_only: true,
  roles: [],
  async run(context, { sent_as, queued_as, ...event }) {
    const job_id = queued_as !== undefined && isUuid(queued_as) ? queued_as : undefined;
    const mail = await findMail(context, queued_as === undefined ? { sent_as } : { job_id });
    if (!mail && queued_as !== undefined) throw notFound('delivery', queued_as, { field: 'queued_as' });
    if (!mail) {
      if (context.now.epochMilliseconds - Date.parse(event.occurred_at) < settling_ms) {
        throw notFound('mail', sent_as ?? 'no id', { field: 'sent_as' });
      }
      return { is_ours: false, delivery: null };
    }
    if (mail.job_id !== null) await updateDelivery(context, mail.job_id, event, lighterThan(event.delivery));
    const delivery =
      mail.message_id === null ? event.delivery : await tellMessage(context, mail.message_id, event);
    await tellAddress(context, mail, event);
    return { is_ours: true, delivery };
  },
});

interface Event {
  delivery: Delivery;
  occurred_at: string;
  reason?: string | undefined;
  is_final: boolean;
}

async function tellMessage(context: Context, id: string, event: Event): Promise<Delivery> {
  const message = await findRow(context, messageRecord, id, { lock: true });
  if (!message) return event.delivery;
  const { delivery: known } = message;
  if (known !== null && !lighterThan(event.delivery).includes(known)) return known;
  const { delivery, occurred_at: delivery_at, reason } = event;
  if (isLost(event) && message.status !== 'skipped' && (await whyTooLate(context, message)) === undefined)
    await callCustomer(
      context,
      { ...message, send_at: context.now.toString(), own: ownWords(message) },
      `The mail to ${quote(message.sent_to ?? 'them')} came back.`,
    );
  await updateRow(context, messageRecord, id, { delivery, delivery_at, delivery_reason: reason ?? null });
  return delivery;
}

/** What stops us from writing to an address again; whoever calls our mail spam hears nothing we write of our own accord. */
async function tellAddress(context: Context, mail: SentMail, event: Event): Promise<void> {
  const { to, contact_id } = mail;
  const status = statusAfter(event);
  // Mail to people of the business is about no bill and no visit.
  if (to === null || (contact_id === null && mail.company_id === null) || status === undefined) return;
  await stopWriting(context, { email: to, status, since: event.occurred_at, reason: event.reason });
  if (status === 'complained' && contact_id !== null)
    await updateRow(context, contactRecord, contact_id, { status: 'unsubscribed' });
}

/** The customer has not got it, and never will. */
const isLost = (event: Event): boolean => statusAfter(event) === 'bounced';

function statusAfter({ delivery, is_final }: Event): 'bounced' | 'complained' | undefined {
  if (delivery === 'complained') return 'complained';
  return delivery === 'suppressed' || (delivery === 'bounced' && is_final) ? 'bounced' : undefined;
}

/** They stand in the order of their weight. */
const lighterThan = (delivery: Delivery) => deliveries.slice(0, deliveries.indexOf(delivery));
