import { sql } from '../kernel/database/sql.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { offerFields } from './record.ts';

/**
 * Free times that were offered to those who wait (SCH-07). An offer holds nothing: whoever takes it first has it, and until then
 * the office may fill the time otherwise. Whether it can still be taken is seen when somebody takes it.
 */
export const offerRecord = defineRecord({
  name: 'waitlist_offer',
  plural: 'waitlist_offers',
  domain: 'waitlist',
  noun: 'offer of an earlier time',
  nouns: 'offers of an earlier time',
  summary: 'Earlier times that were offered to customers on the waitlist: to whom, until when, who took it.',
  keywords: ['offered', 'earlier time', 'taken', 'missed'],
  reference: { prefix: 'WO', start: 1 },
  fields: offerFields,
  label: ({ reference }) => reference,
  filters: {
    open: {
      summary: 'can still be taken',
      where: ({ now }) => sql`status = 'open' and expires_at > ${now.toString()}::timestamptz`,
    },
  },
  ...namedAfter('waitlist_offer', {
    owners: ['contact_id'],
    usual: ['open'],
    at: { moment: sql`r.starts_at` },
  }),
  // What happens to an offer has verbs of its own: offer, accept, withdraw.
  actions: {},
});
