import { defineDomain } from '../kernel/registry/define.ts';
import { bookingContext } from './booking-context.ts';
import { contactRecord } from './contact.ts';
import { setPreferences } from './set-preferences.ts';

export const contacts = defineDomain({
  name: 'contact',
  summary: 'Customers: whom the business works for.',
  records: [contactRecord],
  actions: [setPreferences],
  views: [bookingContext],
});
