import { invoiceRecord } from '../invoices/invoice.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import type { Task } from '../tasks/record.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { callCustomer } from './call-instead.ts';
import { type Composition, composeMessage } from './compose.ts';
import { draftMessage } from './draft.ts';
import { queueMail } from './hand-over.ts';
import { kinds } from './kinds.ts';
import { findSame, listWaiting } from './queries.ts';
import {
  findRecipient,
  isTheirAddress,
  type Obstacle,
  type Recipient,
  reach,
  reachOwn,
  unconfirmed,
} from './recipient.ts';
import { isFixed, type MessageKind, type PlannedLink } from './record.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';
import { isDrafted } from './settings.ts';
import { setTimer } from './timer.ts';
import { isAboutTime } from './too-late.ts';
import type { LinkName, Values } from './variables.ts';
import { missingWords } from './words.ts';

/** A message of a flow: what it is for and about. Its words are those its kind has when it goes out. */
export interface Plan {
  kind: MessageKind;
  contact_id: string | null;
  /** The company that gets it; who pays the bill it is about when left out. */
  company_id?: string | null | undefined;
  ticket_id?: string | undefined;
  invoice_id?: string | undefined;
  /** UTC, ISO 8601; at once when left out. */
  send_at?: string | undefined;
  /** After this moment it makes no sense any more, UTC; what is about a visit goes until it begins when left out. */
  send_before?: string | undefined;
  /** A few words for this customer alone. */
  custom_message?: string | undefined;
  /** What no row says: the time before, how many months ago. Plain words. */
  facts?: Values | undefined;
  /** The links its text may name; one that is not named is not made. */
  links?:
    | Readonly<Partial<Record<LinkName, { purpose: string; subject_id: string; query?: string }>>>
    | undefined;
  /** Which statement it brings. */
  statement?: { from: string; to: string; currency: string } | undefined;
  /** Where to, when not to the customer's own address. */
  to?: string | undefined;
}

/** What became of it: the message, if there is one, and how the customer is told, in a few words for whoever called. */
export interface Planned {
  message: ScheduledMessage | undefined;
  /** `mailed to «jane@example.com»`, `not told: …` */
  told: string;
  /** The call that has to be made instead, when somebody is called. */
  call?: Task;
}

/**
 * Writes a message of a flow down, in the caller's transaction. It goes out at once, or when its time has come. Without an
 * address nothing is written, and the caller is told how else the customer is reached. To somebody new whom no person has
 * confirmed goes what an agent cannot fill (decision 016).
 */
export async function planMessage(context: Context, said: Plan): Promise<Planned> {
  const plan = { ...said, company_id: said.company_id ?? (await payingCompany(context, said)) };
  const recipient = await findRecipient(context, plan);
  const send_to = elsewhere(plan, recipient);
  const reached = await reachNow(context, { ...plan, send_to });
  // Wishes and addresses may be others when the time has come; who has no address at all is reached in another way.
  const to =
    reached.to ?? (plan.send_at === undefined ? undefined : (send_to ?? recipient?.email ?? undefined));
  const isCalledLater = plan.send_at !== undefined && reached.obstacle?.is_called;
  const isHeld = reached.obstacle === unconfirmed;
  if (to === undefined && !isCalledLater && !isHeld) {
    const call = await callNow(context, plan, reached.obstacle);
    return notReached(context, recipient, { obstacle: reached.obstacle, call });
  }
  const planned = await rowOf(context, plan, send_to, to);
  // A person looks at it before it goes, and may send what the business says.
  const row = isHeld ? { ...planned, is_bounded: false } : planned;
  const composition = await composeMessage(context, row);
  const words = {
    subject: composition.mail?.subject.slice(0, 200) ?? row.kind,
    body: composition.mail?.text ?? '',
  };
  if (isHeld) return unsent(context, { ...row, ...words }, unconfirmed.reason);
  if (plan.send_at === undefined && to !== undefined)
    return sendAtOnce(context, { row, words, composition, to });
  const send_at = plan.send_at ?? context.now.toString();
  const message = await insertRow(context, messageRecord, { ...row, ...words, send_at });
  await setTimer(context, message, 'ours');
  return { message, told: to === undefined ? 'a call is planned' : `a mail to ${quote(to)} is planned` };
}

/** What is about a bill goes to who pays it. */
async function payingCompany(context: Context, { invoice_id }: Plan): Promise<string | null> {
  if (invoice_id === undefined) return null;
  return (await findRow(context, invoiceRecord, invoice_id))?.company_id ?? null;
}

/** Where a message goes that does not go to the address its customer has: it stays there when that changes. */
function elsewhere({ to }: Plan, recipient: Recipient | undefined): string | null {
  return to === undefined || to.toLowerCase() === recipient?.email?.toLowerCase() ? null : to;
}

/**
 * A person sees whom they write to, and the gate asks for an agent. What goes out at once with nobody looking, because a timer
 * rang or a customer has tapped a link, goes where a message goes whose time has come.
 */
function reachNow(context: Context, plan: Plan & { send_to: string | null }) {
  const isLookedAt = context.actor.kind === 'user' || context.actor.kind === 'agent';
  return isLookedAt || plan.send_at !== undefined
    ? reach(context, plan)
    : reachOwn(context, { ...plan, words: 'template' });
}

async function rowOf(context: Context, plan: Plan, send_to: string | null, to = '') {
  const { kind, contact_id, company_id = null, ticket_id = null, invoice_id = null } = plan;
  const { custom_message = null } = plan;
  const isTheirs = context.actor.kind === 'user' || (await isTheirAddress(context, plan, to));
  return {
    id: newId(),
    kind,
    contact_id,
    company_id,
    ticket_id,
    invoice_id,
    custom_message,
    send_to,
    send_before: plan.send_before ?? (await untilVisit(context, plan)),
    words: 'template' as const,
    facts: { ...plan.facts },
    statement: { ...plan.statement },
    links: linksOf(context, plan),
    is_bounded: !isTheirs && isFixed(kind),
  };
}

/** What is about a visit makes sense until it begins. */
async function untilVisit(context: Context, { kind, ticket_id }: Plan): Promise<string | null> {
  if (ticket_id === undefined || !isAboutTime(kind)) return null;
  const visit = await findRow(context, ticketRecord, ticket_id);
  const starts = visit?.scheduled_at;
  return starts !== undefined && Date.parse(starts) > context.now.epochMilliseconds ? starts : null;
}

/**
 * What a link is about says so, that an answer which shows the message calls it by its reference. What is about a bill leads to
 * the bill's page.
 */
const linksOf = (
  { registry }: Context,
  { kind, invoice_id, links = {} }: Plan,
): Record<string, PlannedLink> =>
  Object.fromEntries(
    Object.entries({ ...payLinkOf(kind, invoice_id), ...links }).map(([name, link]) => {
      const { subject: subject_type = '' } = registry.links.get(link.purpose) ?? {};
      return [name, { query: '', ...link, subject_type }];
    }),
  );

/** Where the payer of a bill sees it and pays it, for the kinds whose words may name that. */
const payLinkOf = (kind: MessageKind, invoice_id: string | undefined): NonNullable<Plan['links']> =>
  invoice_id !== undefined && kinds[kind].variables.includes('payment_link')
    ? { payment_link: { purpose: 'pay', subject_id: invoice_id } }
    : {};

type Row = Awaited<ReturnType<typeof rowOf>>;

async function sendAtOnce(
  context: Context,
  {
    row,
    words,
    composition,
    to,
  }: { row: Row; words: { subject: string; body: string }; composition: Composition; to: string },
): Promise<Planned> {
  const send_at = context.now.toString();
  const { mail, missing } = composition;
  if (!mail) {
    const reason = missingWords(missing);
    return unsent(context, { ...row, ...words, body: words.body || reason }, reason);
  }
  if (isDrafted(context)) {
    const message = await draftMessage(context, { ...row, ...words, send_at });
    return { message, told: `not yet told: ${message.reference} waits for a person` };
  }
  const same = await findSame(context, { ...row, sent_to: to, sent_body: mail.text });
  if (same) return { message: same, told: `mailed to ${quote(to)}` };
  const message = await insertRow(context, messageRecord, {
    ...row,
    ...words,
    send_at,
    status: 'sending',
    sent_to: to,
    sent_subject: words.subject,
    sent_body: mail.text,
    template_id: mail.template_id,
  });
  await queueMail(context, message, { to, mail });
  return { message, told: `mailed to ${quote(to)}` };
}

/** Writes a message down that does not go out as things are: a person finds it among those that failed, and what helps. */
async function unsent(
  context: Context,
  row: Row & Partial<ScheduledMessage>,
  reason: string,
): Promise<Planned> {
  const message = await insertRow(context, messageRecord, {
    ...row,
    send_at: context.now.toString(),
    status: 'failed',
    error: reason,
  });
  context.warn(`The mail ${message.reference} did not go out: ${reason}`);
  return { message, told: `not told: ${reason}` };
}

/** What is not mailed now is said by telephone, where that helps; undefined where nobody is called. */
async function callNow(
  context: Context,
  plan: Plan,
  obstacle: Obstacle | undefined,
): Promise<Task | undefined> {
  if (!obstacle?.is_called) return undefined;
  const row = await rowOf(context, plan, null);
  return callCustomer(context, { ...row, send_at: context.now.toString() }, obstacle.reason);
}

function notReached(
  context: Context,
  recipient: Recipient | undefined,
  { obstacle, call: task }: { obstacle: Obstacle | undefined; call: Task | undefined },
): Planned {
  const name = quote(recipient?.full_name ?? 'The customer');
  const { phone = null } = recipient ?? {};
  const number =
    phone === null ? 'nor a phone number' : `call ${formatPhone(phone, context.organization.country)}`;
  const call = task ? `${number} (${task.reference} has the words)` : number;
  if (recipient?.email === null) {
    context.warn(`${name} has no e-mail address; no mail was sent.`);
    return { message: undefined, told: `not told: has no e-mail, ${call}`, ...(task ? { call: task } : {}) };
  }
  const reason = obstacle?.reason ?? 'Nobody knows where to.';
  context.warn(`${name} was not written to: ${reason}`);
  return { message: undefined, told: `not told: ${reason} ${call}`, ...(task ? { call: task } : {}) };
}

/**
 * Cancels what is still to go out about a visit, all of it or of some kinds; answers which. What was handed over already
 * goes out.
 */
export async function cancelMessagesOf(
  context: Context,
  { ticket_id, kinds, why }: { ticket_id: string; kinds?: readonly MessageKind[]; why?: string },
): Promise<string[]> {
  const waiting = await listWaiting(context, ticket_id, kinds);
  for (const { id } of waiting)
    await updateRow(context, messageRecord, id, { status: 'cancelled', error: why ?? null });
  return waiting.map(({ reference }) => reference);
}
