import {
  boolean,
  choice,
  customFields,
  email,
  longText,
  phone,
  ref,
  tags,
  text,
  url,
} from '../kernel/records/field.ts';
import { defineRecord, type RowIn } from '../kernel/records/record.ts';
import { listByName } from './queries.ts';

/** An account: a firm that contacts work for (COM-01, CFL-06, CFL-09). */
export const companyRecord = defineRecord({
  name: 'company',
  plural: 'companies',
  summary: 'Firms that customers work for or that pay the bills.',
  keywords: ['account', 'business', 'firm', 'organization'],
  reference: { prefix: 'CO', start: 101 },
  fields: {
    name: text({ required: true, list: true, sort: true, label: true, search: 'names' }),
    legal_name: text({ search: 'names' }),
    kind: choice(['customer', 'prospect', 'partner'], { default: 'customer', list: true, filter: true }),
    status: choice(['active', 'inactive', 'archived'], {
      default: 'active',
      ends: ['inactive', 'archived'],
      list: true,
      filter: true,
    }),
    industry: text({ search: ['names', 'detail'] }),
    website: url({ search: 'body' }),
    main_phone: phone({ list: true, search: ['terms', 'detail'] }),
    billing_email: email({ search: 'names' }),
    /** Whether a person of the business has entered the address or let a mail to it go; the database keeps it. */
    is_billing_email_confirmed: boolean({ default: false, writable: false, internal: true, told: false }),
    pays_for_its_people: boolean({ title: 'Bills of its people go to it', default: false }),
    tags: tags({ list: true, filter: 'tag', search: 'names' }),
    notes: longText({ search: 'body' }),
    source: text({ default: 'manual', writable: false, whose: 'ours' }),
    custom_fields: customFields(),
    import_batch_id: ref('import', { writable: false, on_delete: 'cascade', spares_used: true }),
    stripe_customer_id: text({ writable: false, internal: true, told: false, whose: 'ours' }),
    stripe_default_payment_method: text({ writable: false, internal: true, told: false, whose: 'ours' }),
  },
  actions: {
    create: { summary: 'Add a company.', permission: { level: 'unrestricted' } },
    update: { summary: 'Change facts about a company.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove a company; can be restored.', permission: { level: 'soft_limit' } },
  },
  findByName: listByName,
});

export type Company = RowIn<typeof companyRecord>;
