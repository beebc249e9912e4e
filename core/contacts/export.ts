import { z } from 'zod';
import { askedExport, askForFile } from '../exports/ask.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { contactRecord } from './contact.ts';

/**
 * Writes everything that is known of one customer into one file for them (IMX-05, GDP-02): to read, and to be read by
 * programs. A job writes it, the owner fetches it on the page /exports for seven days. Asked for by an agent, an owner allows
 * it each time. Throws CONFLICT while it is being written.
 */
export const exportContact = defineAction({
  domain: 'contact',
  name: 'export',
  summary:
    'Write all that is known of one customer into a file for them, which the owner fetches on /exports.',
  input: z.strictObject({ contact_id: ref('contact') }),
  output: askedExport,
  permission: { level: 'requires_authorization' },
  widens: 'what leaves the business',
  why_not_undone: 'what has left is not called back',
  effect: 'create',
  undo: 'none',
  verb: 'take out',
  past: 'taken out',
  object: 'all that is known of a customer',
  example: { contact_id: 'Jane Smith' },
  roles: ['owner'],
  on_page: '/exports',
  keywords: ['download', 'their data', 'gdpr', 'privacy', 'data request', 'right of access'],
  async run(context, { contact_id }) {
    const { full_name } = await getRow(context, contactRecord, contact_id);
    return askForFile(context, {
      kind: 'customer',
      contact_id,
      title: full_name,
      about: { type: 'contact', id: contact_id },
    });
  },
});
