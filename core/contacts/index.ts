import { defineDomain } from '../kernel/registry/domain.ts';
import { bookingContext } from '../reading/booking-context.ts';
import { customerList } from '../reading/customer-list.ts';
import { duplicates } from '../reading/duplicates.ts';
import { confirmEmail } from './confirm-email.ts';
import { contactRecord } from './contact.ts';
import { contactMergeRecord } from './contact-merge.ts';
import { exportContact } from './export.ts';
import { mergeContacts } from './merge.ts';
import { recordConsent } from './record-consent.ts';
import { setPreferences } from './set-preferences.ts';
import { unmergeContacts } from './unmerge.ts';
import { writeAgain } from './write-again.ts';

export const contacts = defineDomain({
  name: 'contact',
  area: 'customers',
  summary: 'Customers: whom the business works for.',
  aliases: {
    contact_id: ['customer', 'customer_id', 'customer_profile_id', 'contact', 'crm_contact'],
    full_name: ['name'],
    owner_user_id: ['owner'],
  },
  examples: {
    contact: { full_name: 'Jane Smith', phone: '(256) 555-0142', email: 'jane.smith@example.com' },
  },
  records: [contactRecord, contactMergeRecord],
  actions: [
    setPreferences,
    confirmEmail,
    writeAgain,
    recordConsent,
    mergeContacts,
    unmergeContacts,
    exportContact,
  ],
  views: [bookingContext, customerList, duplicates],
});
