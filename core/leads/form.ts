import { randomBytes } from 'node:crypto';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { readWebsites } from './allowed-from.ts';

/** Where inquiries come from is not an agent's to widen. */
const opensFurther: Rule = {
  name: 'changes_websites',
  level: 'requires_authorization',
  summary: 'when it changes on which websites the form may stand',
  applies: async (_context, { allowed_from, clear }) =>
    allowed_from === undefined && clear === undefined ? undefined : 'it changes where the form may stand',
};

const forOwners = { roles: ['owner', 'admin'] } as const;

/**
 * A form on a website of the business that hands in inquiries (GAP-10). Its key stands in public HTML and opens nothing
 * else; a removed form takes nothing any more.
 */
export const leadFormRecord = defineRecord({
  name: 'lead_form',
  noun: 'website form',
  widens: 'forms that are open to the public',
  plural: 'lead_forms',
  summary: 'Forms on websites that hand in leads, each with the public key that goes into its HTML.',
  keywords: ['web form', 'contact form', 'website', 'embed', 'form key'],
  reference: { prefix: 'LF', start: 101 },
  fields: {
    name: text({ required: true, list: true, sort: true, label: true, search: 'names', whose: 'ours' }),
    public_key: text({ filled: true, writable: false, list: true, whose: 'ours' }),
    allowed_from: text({ title: 'Websites it may stand on', list: true, whose: 'ours' }),
  },
  lists_created_at: true,
  actions: {
    create: {
      summary: 'Open a form for a website; answers the public key for its HTML.',
      permission: { level: 'requires_authorization' },
      ...forOwners,
    },
    update: {
      summary: 'Rename a form, or say on which websites it may stand.',
      permission: { level: 'unrestricted', rules: [opensFurther] },
      ...forOwners,
    },
    delete: {
      summary: 'Close a form: nothing comes in by it any more; can be restored.',
      permission: { level: 'requires_authorization' },
      ...forOwners,
    },
  },
  document: () => ({ detail: 'form of a website' }),
  toColumns(_context, { allowed_from, ...input }, before) {
    const websites = typeof allowed_from === 'string' ? readWebsites(allowed_from) || null : allowed_from;
    return {
      ...input,
      ...(websites === undefined ? {} : { allowed_from: websites }),
      ...(before ? {} : { public_key: `form_${randomBytes(32).toString('base64url')}` }),
    };
  },
});
