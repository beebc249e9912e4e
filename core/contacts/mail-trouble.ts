import { Temporal } from 'temporal-polyfill';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import {
  findTrouble,
  forgetTrouble,
  keepTrouble,
  refreshStatus,
  type Trouble,
} from './mail-trouble-queries.ts';

export { findTrouble };

/** A customer as somebody who is written to. */
export interface Written {
  email: string | null;
  email_status: string;
  email_status_at: string | null;
  phone: string | null;
}

/**
 * An address does not exist, or whose it is called our mail spam: it is not written to again, by anybody (EML-13). Said of
 * the address, so another one of the same customer is all right, and the same one of another customer is not.
 */
export async function stopWriting(context: Context, trouble: Trouble): Promise<void> {
  const email = trouble.email.toLowerCase();
  await keepTrouble(context, { ...trouble, email });
  await refreshStatus(context, email);
}

/** A person says that mail arrives there after all. */
export async function resumeWriting(context: Context, address: string): Promise<void> {
  const email = address.toLowerCase();
  await forgetTrouble(context, email);
  await refreshStatus(context, email);
}

/** `Mail to «jane@example.com» came back on Nov 3, 2026.`; undefined when nothing speaks against writing. */
export function whyNotWritten(context: ReadContext, contact: Written): string | undefined {
  const { email, email_status, email_status_at: since } = contact;
  if (email === null || email_status === 'ok') return undefined;
  const day = since === null ? '' : ` on ${dayOf(context, since)}`;
  return email_status === 'complained'
    ? `Mail to ${quote(email)} was called spam by whoever gets it${day}.`
    : `Mail to ${quote(email)} came back${day}.`;
}

/** The same of any address a customer is to be written to at: it need not stand with them. */
export async function whyNotWrittenTo(
  context: ReadContext,
  contact: Written,
  to: string,
): Promise<string | undefined> {
  const address = to.toLowerCase();
  if (address === contact.email?.toLowerCase()) return whyNotWritten(context, contact);
  const trouble = await findTrouble(context, address);
  return (
    trouble &&
    whyNotWritten(context, {
      ...contact,
      email: to,
      email_status: trouble.status,
      email_status_at: trouble.since,
    })
  );
}

/** The same with what to do instead, in one sentence; undefined when nothing speaks against writing. */
export function mailTrouble(context: ReadContext, contact: Written): string | undefined {
  const why = whyNotWritten(context, contact);
  return why && `${why} ${callInstead(context, contact)}`;
}

/** `Call (256) 555-0142 instead.` */
export const callInstead = ({ organization }: ReadContext, { phone }: Pick<Written, 'phone'>): string =>
  phone === null
    ? 'There is no phone number either: ask for one, or for another address.'
    : `Call ${formatPhone(phone, organization.country)} instead.`;

const dayOf = ({ organization }: ReadContext, moment: string): string =>
  Temporal.Instant.from(moment)
    .toZonedDateTimeISO(organization.time_zone)
    .toPlainDate()
    .toLocaleString('en-US', { dateStyle: 'medium' });
