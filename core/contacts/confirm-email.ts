import { z } from 'zod';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { emailAddress } from '../kernel/words/text-schemas.ts';
import { logConfirmed } from './address-queries.ts';
import { contactRecord } from './contact.ts';
import { confirmAddress } from './own-address.ts';

/**
 * A person says that an address of mail is the customer's: from then on mails of agents go there without asking. One that
 * an inquiry brought stands with the customer only now; it becomes the one we write to when there is no other.
 */
export const confirmEmail = defineAction({
  domain: 'contact',
  name: 'confirm_email',
  summary: 'Say that an e-mail address is the customer’s own, so that agents may write to it.',
  input: z.strictObject({ contact_id: ref('contact'), email: emailAddress }),
  output: contactRecord.row,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  locks: 'contact_id',
  why_not_undone: 'an address is unconfirmed by changing it',
  object: 'e-mail address of customer',
  example: { contact_id: 'Jane Smith', email: 'jane.smith@example.com' },
  human_only: true,
  keywords: ['unconfirmed', 'address', 'verify', 'own address'],
  async run(context, { contact_id, email }) {
    const before = await getRow(context, contactRecord, contact_id, { lock: true });
    if (!(await confirmAddress(context, contact_id, email))) {
      const emails = [...before.emails, { email, type: 'other', primary: before.email === null }];
      await updateRecord(context, contactRecord, contact_id, { emails });
    }
    await logConfirmed(context, contact_id, email);
    return getRow(context, contactRecord, contact_id);
  },
});
