import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { requireNoConsent } from './consent.ts';
import { keysOf } from './keys.ts';
import { deleteStaleKeys, returnKeys } from './queries.ts';
import { contactFields, contactStatuses } from './record.ts';

const reached = z.object({ emails: contactFields.emails.row, phones: contactFields.phones.row });
const wish = z.object({ status: z.enum(contactStatuses), email_opt_in: z.boolean().nullable() });

/**
 * A customer is recognised by the addresses and numbers that are theirs again. That they want no mail is not taken back by an
 * agent, whoever wrote it down. Throws VALIDATION_ERROR.
 */
export async function putContactBack(context: Context, id: string, columns: Row, now: Row): Promise<void> {
  const before = wish.parse(now);
  const { status, email_opt_in } = wish.parse({ ...now, ...columns });
  // Not to have refused is as good as to have agreed.
  const agrees = before.email_opt_in === false && email_opt_in !== false;
  requireNoConsent(context, { status, email_opt_in: agrees ? true : email_opt_in }, before);
  if (!('emails' in columns) && !('phones' in columns)) return;
  const keys = keysOf(reached.parse({ ...now, ...columns }));
  await deleteStaleKeys(context, id, keys);
  await returnKeys(context, id, keys);
}
