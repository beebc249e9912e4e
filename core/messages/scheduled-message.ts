import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { boolean, choice, email, longText, moment, own, ref, text } from '../kernel/records/field.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord, type Row, type RowIn } from '../kernel/records/record.ts';
import { findRow, getRow, updateRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { kinds } from './kinds.ts';
import { hasMail } from './mail-queries.ts';
import { deliveries, messageKinds, messageStatuses, plannedLink } from './record.ts';
import { isDrafted } from './settings.ts';
import { keepTimer } from './timer.ts';

/**
 * How a message stands in the timeline of its customer: one that somebody has written, and one that will not go out. What goes out
 * stands there as the e-mail it is, and what follows from a visit by itself is no news before.
 */
const inTimeline: TimelineEntry = {
  kind: 'message',
  at: sql`case when r.status in ('failed', 'cancelled') then r.updated_at else r.created_at end`,
  what: sql`case r.status
    when 'failed' then 'message could not be sent'
    when 'cancelled' then 'message cancelled'
    when 'draft' then 'message waits for somebody to look at it'
    else 'message planned'
  end`,
  where: sql`(r.status in ('failed', 'cancelled', 'draft') or r.status = 'pending' and r.words = 'own')`,
  text: sql`concat_ws(': ', r.subject, r.error)`,
};

/** E-mails to customers that go out at a time to come (EML-04, EML-05, GAP-18). */
export const messageRecord = defineRecord({
  name: 'scheduled_message',
  plural: 'scheduled_messages',
  domain: 'message',
  summary: 'E-mails to customers that go out at a time to come, by that time; days with from and to.',
  keywords: ['message', 'e-mail', 'reach out', 'outreach', 'planned mail', 'pending', 'later'],
  often: { rank: 3, members: ['contact_id', 'status'] },
  reference: { prefix: 'M', start: 1001 },
  noun: 'message',
  fields: {
    kind: choice(messageKinds, { filled: true, writable: false, list: true, filter: true, search: 'body' }),
    /** None where a company gets it of which we know nobody. */
    contact_id: ref('contact', {
      about: true,
      told_with_parent: true,
      timeline: inTimeline,
      writable: false,
      list: true,
      filter: true,
      include: { as: 'customer', summary: 'to whom', shows: ['reference', 'full_name', 'email'] },
    }),
    /** The company it goes to: what is about a bill goes to who pays it. */
    company_id: ref('company', { writable: false, filter: true, living: false, told: false }),
    ticket_id: ref('ticket', {
      writable: false,
      list: true,
      filter: true,
      include: { as: 'visit', summary: 'the visit it came from', shows: ['reference', 'scheduled_at'] },
    }),
    invoice_id: ref('invoice', { writable: false, told: false }),
    template_id: ref('template', { writable: false, told: false, living: false }),
    subject: text({ goes_out: true, filled: true, writable: false, list: true, label: true, search: 'body' }),
    body: longText({ goes_out: true, filled: true, writable: false, search: 'body' }),
    /** Whether it goes out in its own words, or in those its kind has when it goes; `body` is how those read when it was planned. */
    words: choice(['own', 'template'], { default: 'own', writable: false, told: false }),
    custom_message: longText({ goes_out: true, writable: false, search: 'body' }),
    send_at: moment({
      filled: true,
      writable: false,
      list: true,
      sort: true,
      filter: 'range',
      search: 'detail',
    }),
    /** Where to, when not to the customer's own address. */
    send_to: email({ writable: false }),
    /** After this it says nothing anybody needs, and is left out. */
    send_before: moment({ writable: false, told: false }),
    status: choice(messageStatuses, {
      ends: ['cancelled'],
      default: 'pending',
      writable: false,
      list: true,
      filter: true,
      search: 'detail',
    }),
    sent_at: moment({ writable: false }),
    sent_to: email({ writable: false }),
    /** What really went out; the addresses of links stand in the mail alone. */
    sent_subject: text({ writable: false, told: false }),
    sent_body: longText({ goes_out: true, writable: false, told: false }),
    facts: own(z.record(z.string(), z.string()), 'jsonb', {
      default: {},
      writable: false,
      internal: true,
      told: false,
    }),
    links: own(z.record(z.string(), plannedLink), 'jsonb', {
      default: {},
      writable: false,
      internal: true,
      told: false,
    }),
    /** Which statement it brings, where it brings one. */
    statement: own(z.record(z.string(), z.string()), 'jsonb', {
      default: {},
      writable: false,
      internal: true,
      told: false,
    }),
    is_bounded: boolean({ default: false, writable: false, internal: true, told: false }),
    /** Why it failed, or why it was not sent. */
    error: text({ title: 'Not sent because', writable: false }),
    provider_message_id: text({ writable: false }),
    delivery: choice(deliveries, { writable: false }),
    delivery_at: moment({ writable: false }),
    /** Codes of the mail service. */
    delivery_reason: text({ writable: false }),
  },
  filters: {
    draft: { summary: 'written by an assistant, waits for a person', where: sql`status = 'draft'` },
    pending: { summary: 'still to be sent', where: sql`status = 'pending'` },
    due: {
      summary: 'still to be sent although its time has come',
      where: ({ now }) => sql`status = 'pending' and send_at <= ${now.toString()}::timestamptz`,
    },
    sent: { summary: 'sent', where: sql`status = 'sent'` },
    skipped: { summary: 'left out: too late, or said by telephone', where: sql`status = 'skipped'` },
    failed: { summary: 'could not be sent', where: sql`status = 'failed'` },
  },
  ...namedAfter('scheduled_message', {
    owners: ['contact_id'],
    usual: ['pending', 'failed'],
    never: sql`r.status in ('cancelled', 'skipped')`,
    at: { moment: sql`r.send_at` },
    label: sql`r.subject`,
    words: sql`r.subject`,
  }),
  // Words of its kind say nothing that the visit or the bill does not say: those are found by it.
  document: ({ words, kind }) =>
    words === 'own' ? {} : { title: `Mail: ${kinds[kind].label.toLowerCase()}`, body: '' },
  // What happens to a message has verbs of its own: schedule, update, cancel, send_now.
  actions: {},
  async putBack(context, id, columns) {
    requireOutstanding(context, await getRow(context, messageRecord, id, { lock: true }), columns);
  },
  async queueAgain(context, id) {
    const message = await findRow(context, messageRecord, id);
    if (message?.status === 'sending' && !(await hasMail(context, message))) await leaveOut(context, message);
    await keepTimer(context, message);
  },
  async endAlong(context, id) {
    const message = await findRow(context, messageRecord, id, { lock: true });
    const waits = message?.status === 'pending' || message?.status === 'draft';
    const isStopped = message?.status === 'sending' && !(await hasMail(context, message));
    if (message && (waits || isStopped)) await leaveOut(context, message);
  },
});

export type ScheduledMessage = RowIn<typeof messageRecord>;

/** The words a message has of its own; undefined for one that goes out in those of its kind. */
export const ownWords = ({
  words,
  subject,
  body,
}: ScheduledMessage): { subject: string; body: string } | undefined =>
  words === 'own' ? { subject, body } : undefined;

/** A message with its time as people read it. Answers of the message actions. */
export const messageAnswer = messageRecord.row
  .omit({ facts: true, links: true, statement: true, is_bounded: true })
  .extend({ send_local: z.string() });

/** The locked row of a message. Throws NOT_FOUND. */
export const lockMessage = (context: Context, id: string): Promise<ScheduledMessage> =>
  getRow(context, messageRecord, id, { lock: true });

/** The same for what may be changed or thrown away: a draft, too. */
export function requireWaiting(context: ReadContext, message: ScheduledMessage): void {
  if (message.status !== 'draft') requirePending(context, message);
}

/** Throws INVALID_STATE unless the message still waits for its time: who comes too late hears what happened to it. */
export function requirePending(context: ReadContext, message: ScheduledMessage): void {
  if (message.status === 'pending') return;
  if (message.status === 'draft') {
    throw new DeskhandError('INVALID_STATE', `${message.reference} is a draft that waits for a person.`, {
      field: 'message_id',
      state: message.status,
      hint: 'Somebody looks at it on the page /messages and sends it; message.update and message.cancel work before.',
    });
  }
  throw new DeskhandError('INVALID_STATE', `${message.reference} ${whatHappened(context, message)}.`, {
    field: 'message_id',
    state: message.status,
    hint:
      message.status === 'failed'
        ? 'When the reason is gone, send it with message.send_now; or write another with message.schedule.'
        : 'Write another one with message.schedule.',
  });
}

/** Nobody has cancelled it, so that what calls for it again later plans it anew. */
async function leaveOut(context: Context, { id }: ScheduledMessage): Promise<void> {
  const error = 'What it was written for was taken back.';
  await updateRow(context, messageRecord, id, { status: 'skipped', error });
}

const written = ['subject', 'body', 'send_at'] as const;

/**
 * What a message says, and when it goes, comes back only while it waits, and for a time to come: neither is what went out
 * told otherwise afterwards, nor does anything wait for a time that is past. Throws INVALID_STATE.
 */
function requireOutstanding(context: Context, message: ScheduledMessage, columns: Row): void {
  if (!written.some(name => name in columns) && columns.status !== 'pending') return;
  if (columns.status !== 'pending') requirePending(context, message);
  else if (isDrafted(context))
    throw new DeskhandError('INVALID_STATE', `${message.reference} is a draft that waits for a person.`, {
      field: 'message_id',
      state: message.status,
      hint: 'Somebody looks at it on the page /messages and sends it.',
    });
  const at = String(columns.send_at ?? message.send_at);
  if (Date.parse(at) > context.now.epochMilliseconds) return;
  if (columns.send_at === undefined && columns.status === undefined) return;
  const { reference } = message;
  const when = localTime(new Date(at).toISOString(), context.organization.time_zone);
  throw new DeskhandError('INVALID_STATE', `${reference} was to go out on ${when}, which is past.`, {
    field: 'send_at',
    hint: 'Choose another time with message.update, or send it at once with message.send_now.',
  });
}

function whatHappened({ organization }: ReadContext, { status, sent_at, error }: ScheduledMessage): string {
  if (status === 'skipped') return `was left out: ${error?.replace(/\.$/, '') ?? 'nobody knows why'}`;
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
