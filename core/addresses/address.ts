import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { choice, longText, ref, text } from '../kernel/records/field.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord, type RowIn } from '../kernel/records/record.ts';
import { invalid } from '../kernel/words/errors.ts';
import { formatAddress } from './format.ts';
import { listLike } from './queries.ts';

const types = ['home', 'work', 'billing', 'shipping', 'service', 'other'] as const;

/** A place where services are performed; a contact may have several (CON-02, CFL-11). */
export const addressRecord = defineRecord({
  name: 'address',
  plural: 'addresses',
  summary: 'Places where work is done or bills go, each with its contact or company.',
  keywords: ['street', 'location', 'property', 'house', 'site'],
  reference: { prefix: 'A', start: 1001 },
  fields: {
    contact_id: ref('contact', {
      about: true,
      told_with_parent: true,
      as: 'addresses',
      summary: 'where this customer is served',
      order: 'id',
      on_delete: 'cascade',
      in_parent_document: true,
      clear: false,
      list: true,
      filter: true,
    }),
    company_id: ref('company', { as: 'addresses', filter: true }),
    // The filter is not called `type`, which in /api/data names the kind of data.
    type: choice(types, { default: 'service', list: true, filter: 'address_type' }),
    label: text({ title: 'Called', list: true, search: 'names' }),
    line1: text({ title: 'Street', required: true, list: true, sort: true, search: 'names' }),
    line2: text({ title: 'Apartment or suite', list: true, search: 'names' }),
    city: text({ title: 'Town', list: true, filter: true, search: 'names' }),
    state: text({ list: true, search: 'names' }),
    postal_code: text({
      title: 'ZIP code',
      list: true,
      filter: true,
      search: 'names',
      input: z.string().trim().min(1).max(20),
    }),
    country: text({
      default: 'US',
      whose: 'ours',
      input: z.string().regex(/^[A-Z]{2}$/, 'two capital letters, such as US'),
    }),
    notes: longText({ search: 'body' }),
    import_batch_id: ref('import', { writable: false, on_delete: 'cascade' }),
  },
  default_sort: 'created_at',
  label: formatAddress,
  actions: {
    create: {
      summary: 'Add an address to a customer or company.',
      permission: { level: 'unrestricted' },
      often: { rank: 2, members: ['contact_id', 'line1', 'line2', 'city', 'state', 'postal_code'] },
    },
    update: {
      summary: 'Correct an address.',
      permission: { level: 'unrestricted' },
      often: { rank: 3, members: ['address_id', 'line1', 'city', 'state', 'postal_code'] },
    },
    delete: { summary: 'Remove an address; can be restored.', permission: { level: 'soft_limit' } },
  },
  toColumns(context, input, before) {
    if (!before && !input.contact_id && !input.company_id) {
      throw invalid('contact_id', 'An address belongs to somebody.', {
        hint: 'Give contact_id or company_id.',
      });
    }
    return before ? input : { country: context.organization.country, ...input };
  },
  document: ({ label, type }) => ({ detail: label ?? type }),
  // "412 Clinton Ave", or the customer whose only one it is.
  findByName: async (context, text, among) => {
    const found = await listLike(context, text, among);
    return found.length > 0 ? found : ofOwner.findByName(context, text, among);
  },
  offerByName: (context, text, among) => ofOwner.offerByName(context, text, among),
});

const ofOwner = namedAfter('address', {
  owners: ['contact_id', 'company_id'],
  at: { moment: sql`r.created_at` },
  label: sql`r.line1`,
});

export type Address = RowIn<typeof addressRecord>;
