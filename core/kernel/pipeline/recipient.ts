import type { NewJob } from './context.ts';
import type { Recipient } from './gate.ts';

/** To whom a job goes that carries an address; undefined when it goes to nobody, or is looked at later. */
export function recipientOf({
  payload,
  is_bounded = false,
  is_checked_later = false,
}: NewJob): Recipient | undefined {
  const { to, contact_id, company_id } = payload;
  if (typeof to !== 'string' || is_checked_later) return undefined;
  const idIn = (member: unknown) => (typeof member === 'string' ? member : undefined);
  return { to, is_bounded, contact_id: idIn(contact_id), company_id: idIn(company_id) };
}
