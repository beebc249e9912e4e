import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref, referenceTerms } from '../kernel/records/references.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { day, dayBounds, localTime, readDay } from '../kernel/words/time.ts';
import {
  type messageAnswer,
  messageColumns,
  messageKinds,
  messageRow,
  messageStatuses,
  type ScheduledMessage,
} from './record.ts';
import { listRelated } from './scheduled-queries.ts';

/** E-mails to customers that go out at a time to come (EML-04, EML-05). */
export const messageRecord = defineRecord({
  name: 'scheduled_message',
  plural: 'scheduled_messages',
  domain: 'message',
  table: 'scheduled_messages',
  summary: 'E-mails to customers that go out at a time to come, by that time; days with from and to.',
  keywords: ['message', 'e-mail', 'reach out', 'outreach', 'planned mail', 'pending', 'later'],
  reference: { prefix: 'M', start: 1001 },
  columns: messageColumns,
  row: messageRow,
  label: row => String(row.subject),
  writable: z.strictObject({}),
  default_fields: ['id', 'reference', 'contact_id', 'ticket_id', 'kind', 'subject', 'send_at', 'status'],
  sorts: ['send_at', 'created_at'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    ticket_id: ref('ticket').optional(),
    kind: z.enum(messageKinds).optional(),
    status: z.enum(messageStatuses).optional(),
    from: day.optional(),
    to: day.optional(),
  }),
  where: (params, context) => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.ticket_id ? [sql`ticket_id = ${params.ticket_id}::uuid`] : []),
    ...(params.kind ? [sql`kind = ${params.kind}`] : []),
    ...(params.status ? [sql`status = ${params.status}`] : []),
    ...(params.from
      ? [sql`send_at >= ${boundsOf(context, params.from, 'from').from.toString()}::timestamptz`]
      : []),
    ...(params.to ? [sql`send_at < ${boundsOf(context, params.to, 'to').to.toString()}::timestamptz`] : []),
  ],
  filters: {
    pending: { summary: 'still to be sent', where: sql`status = 'pending'` },
    due: {
      summary: 'still to be sent although its time has come',
      where: ({ now }) => sql`status = 'pending' and send_at <= ${now.toString()}::timestamptz`,
    },
    sent: { summary: 'sent', where: sql`status = 'sent'` },
    failed: { summary: 'could not be sent', where: sql`status = 'failed'` },
  },
  includes: {
    customer: { summary: 'to whom', load: (context, ids) => loadRelated(context, ids, 'customer') },
    visit: { summary: 'the visit it came from', load: (context, ids) => loadRelated(context, ids, 'visit') },
  },
  // What happens to a message has verbs of its own: schedule, update, cancel, send_now.
  actions: {},
  documentOf(row) {
    const { id, reference, contact_id, subject, body, kind, send_at, status } = messageRow.parse(row);
    return {
      id,
      reference,
      contact_id,
      title: subject,
      detail: `${send_at}, ${status}`,
      names: '',
      terms: referenceTerms(reference).join(' '),
      body: [subject, body, kind.replaceAll('_', ' ')].join('\n'),
    };
  },
});

const boundsOf = (context: ReadContext, text: string, field: string) =>
  dayBounds(readDay(text, field), context.organization.time_zone);

const loadRelated = async (context: ReadContext, ids: readonly string[], member: 'customer' | 'visit') =>
  new Map((await listRelated(context, ids)).map(row => [row.message_id, row[member]]));

/** The locked row of a message. Throws NOT_FOUND. */
export const lockMessage = async (context: Context, id: string): Promise<ScheduledMessage> =>
  messageRow.parse(await getRow(context, messageRecord, id, { lock: true }));

/** Throws INVALID_STATE unless the message still waits for its time: who comes too late hears what happened to it. */
export function requirePending(context: ReadContext, message: ScheduledMessage): void {
  if (message.status === 'pending') return;
  throw new DeskhandError('INVALID_STATE', `${message.reference} ${whatHappened(context, message)}.`, {
    field: 'message_id',
    state: message.status,
    hint:
      message.status === 'failed'
        ? 'When the reason is gone, send it with message.send_now; or write another with message.schedule.'
        : 'Write another one with message.schedule.',
  });
}

function whatHappened({ organization }: ReadContext, { status, sent_at, error }: ScheduledMessage): string {
  if (status === 'cancelled') return 'is cancelled, which is final';
  if (status === 'failed') return `could not be sent: ${error?.replace(/\.$/, '') ?? 'nobody knows why'}`;
  if (status === 'sending' || sent_at === null) return 'is being sent right now';
  return `was sent on ${localTime(sent_at, organization.time_zone)}`;
}

/** What every message action answers. */
export const answerMessage = (
  { organization }: ReadContext,
  message: ScheduledMessage,
): z.input<typeof messageAnswer> => ({
  ...message,
  send_local: localTime(message.send_at, organization.time_zone),
});
