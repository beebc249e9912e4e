import { z } from 'zod';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { isUnsubscribed } from './consent.ts';
import { contactRecord } from './contact.ts';
import { resumeWriting } from './mail-trouble.ts';

/**
 * A person says that mail arrives at a customer's address after all, although some came back or was called spam. Whether
 * they want what we write of our own accord stays as they said it.
 */
export const writeAgain = defineAction({
  domain: 'contact',
  name: 'write_again',
  summary: 'Say that mail arrives at a customer’s address after all, so that it is written to again.',
  input: z.strictObject({ contact_id: ref('contact') }),
  output: contactRecord.row,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  locks: 'contact_id',
  why_not_undone: 'the next mail that comes back stops writing by itself',
  object: 'customer by mail',
  example: { contact_id: 'Jane Smith' },
  human_only: true,
  keywords: ['bounced', 'came back', 'complained', 'spam', 'address', 'clear'],
  async run(context, { contact_id }) {
    const contact = await getRow(context, contactRecord, contact_id, { lock: true });
    if (contact.email === null || contact.email_status === 'ok') {
      context.unchanged();
      context.warn(`Nothing kept us from writing to ${contact.reference}.`);
      return contact;
    }
    await resumeWriting(context, contact.email);
    if (isUnsubscribed(contact))
      context.warn('They still want no e-mails we write of our own accord; visits and bills reach them.');
    return getRow(context, contactRecord, contact_id);
  },
});
