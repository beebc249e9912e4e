import { inviteTo } from '../calendars/invitation.ts';
import { paperOf } from '../invoices/paper.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { replyTo } from '../organizations/letterhead.ts';
import { paperOfStatement } from '../statements/of-statement.ts';
import { statementOf } from '../statements/which.ts';
import { type Composed, footerOf } from './compose.ts';
import { bringsPaper, isForCalendars, isUnasked, type MessageKind, type PlannedLink } from './record.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';
import { linksIn } from './words.ts';

/** What the mail service said of an earlier mail says nothing of this one. */
const unheard = { delivery: null, delivery_at: null, delivery_reason: null };

/** What is kept of a mail with the message it carries, from the moment it is handed over. */
const handedOver = (mail: Composed, to: string) => ({
  status: 'sending' as const,
  sent_to: to,
  sent_subject: mail.subject.slice(0, 200),
  sent_body: mail.text,
  template_id: mail.template_id,
  error: null,
  ...unheard,
});

/**
 * Gives a locked message to the outbox, in its words as they are now: from here on it is an e-mail like every other, and
 * nobody can cancel it. The mail and the mark are one transaction, so it is handed over once. One that waits for the same
 * address already is the same.
 */
export async function handOver(
  context: Context,
  message: ScheduledMessage,
  { to, mail, send_at = message.send_at }: { to: string; mail: Composed; send_at?: string },
): Promise<ScheduledMessage> {
  await queueMail(context, message, { to, mail });
  return updateRow(context, messageRecord, message.id, { ...handedOver(mail, to), send_at });
}

/** What a mail needs of its message. */
export interface Carried {
  id: string;
  kind: MessageKind;
  contact_id: string | null;
  company_id?: string | null | undefined;
  ticket_id: string | null;
  invoice_id: string | null;
  links: Readonly<Record<string, PlannedLink>>;
  statement?: Readonly<Record<string, string>>;
  is_bounded: boolean;
}

/** Queues the mail of a message. Its links are made here; their addresses are made when it is delivered. */
export async function queueMail(
  context: Context,
  message: Carried,
  { to, mail }: { to: string; mail: Composed },
): Promise<void> {
  const { id, kind, ticket_id, invoice_id, is_bounded } = message;
  const { contact_id, company_id = null } = message;
  const reply_to = settingOf(context, replyTo);
  const unsubscribe_link = isUnasked(kind)
    ? await context.makeLink({ purpose: 'unsubscribe', subject_id: id, contact_id, company_id })
    : undefined;
  // To somebody new goes what no agent can fill; the lines of a bill an agent has written.
  const paper =
    invoice_id !== null && bringsPaper(kind) && !is_bounded ? await paperOf(context, invoice_id) : undefined;
  const which = is_bounded ? undefined : statementOf(message);
  const account = which && (await paperOfStatement(context, which));
  const invitation =
    ticket_id !== null && isForCalendars(kind)
      ? await inviteTo(context, { ticket_id, to, is_theirs: !is_bounded })
      : undefined;
  await context.enqueue({
    kind: 'email',
    payload: {
      to,
      from_name: context.organization.name,
      ...(reply_to === '' ? {} : { reply_to }),
      subject: mail.subject,
      text: mail.text,
      footer: footerOf(context),
      // The paper leads to the same page as the words.
      links: await makeLinks(context, message, [
        ...linksIn(mail.text),
        ...(paper?.is_payable ? ['payment_link'] : []),
      ]),
      message_kind: kind,
      message_id: id,
      ...(contact_id === null ? {} : { contact_id }),
      ...(company_id === null ? {} : { company_id }),
      ...(ticket_id === null ? {} : { ticket_id }),
      ...(invoice_id === null ? {} : { invoice_id }),
      ...(unsubscribe_link === undefined ? {} : { unsubscribe_link }),
      ...(paper === undefined ? {} : { paper }),
      ...(account === undefined ? {} : { account }),
      ...(invitation === undefined ? {} : { invitation }),
    },
    is_bounded,
    dedupe_key: `${id} ${to}`,
  });
}

/** The links of these names, one for each purpose: several buttons may lead to one page. */
async function makeLinks(
  context: Context,
  { contact_id, company_id, links }: Carried,
  names: readonly string[],
) {
  const made = new Map<string, string>();
  const found: Record<string, { purpose: string; id: string; query: string }> = {};
  for (const name of names) {
    const link = links[name];
    if (!link) continue;
    const { purpose, subject_id, query } = link;
    const key = `${purpose} ${subject_id}`;
    const id = made.get(key) ?? (await context.makeLink({ purpose, subject_id, contact_id, company_id }));
    made.set(key, id);
    found[name] = { purpose, id, query };
  }
  return found;
}
