import { defineDomain } from '../kernel/registry/domain.ts';
import { acceptOffer } from './accept.ts';
import { gaps } from './gaps-view.ts';
import { offerGap } from './offer.ts';
import { offerLink } from './offer-link.ts';
import { offerRecord } from './offer-record.ts';
import { offerHours, offerNoticeHours } from './settings.ts';
import { waitlistRecord } from './waitlist.ts';
import { withdrawOffer } from './withdraw.ts';

export const waitlist = defineDomain({
  name: 'waitlist',
  scope: 'calendar',
  label: 'waitlist',
  area: 'visits',
  summary: 'Customers who want to come sooner, the free times they fit into, and offering those to them.',
  aliases: {
    waitlist_id: ['entry', 'entry_id', 'waitlist_entry', 'waitlist_entry_id'],
    offer_id: ['offer', 'waitlist_offer_id'],
    to: ['entries', 'waitlist', 'whom'],
    earliest_on: ['not_before', 'earliest', 'earliest_date'],
    latest_on: ['not_after', 'latest', 'latest_date'],
  },
  examples: {
    waitlist: {
      contact_id: 'Jane Smith',
      days: ['tue', 'thu'],
      note: 'Before the party on the 20th',
      lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
    },
  },
  records: [waitlistRecord, offerRecord],
  actions: [offerGap, acceptOffer, withdrawOffer],
  views: [gaps],
  settings: [offerHours, offerNoticeHours],
  links: [offerLink],
  constraints: {
    waitlist_entries_living: {
      code: 'CONFLICT',
      field: 'contact_id',
      message: 'This customer is on the waitlist already.',
      hint: 'Change what they wish with waitlist.update.',
    },
    waitlist_entries_days: {
      code: 'VALIDATION_ERROR',
      field: 'latest_on',
      message: 'The last day comes before the first one.',
    },
  },
});
