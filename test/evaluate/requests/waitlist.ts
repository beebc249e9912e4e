import { action, type OfficeRequest, query } from './request.ts';

// Customers who want to come sooner, and a visit on Tuesday that is called off.

const nedWaits = {
  by: 'office',
  action: 'waitlist.create',
  data: { contact_id: 'Ned Farrowby', ticket_id: 'Ned Farrowby' },
} as const;
const tuesdayIsOff = {
  by: 'office',
  action: 'ticket.cancel',
  data: { ticket_id: 'Tom Alvarez', cancel_reason: 'Customer is away' },
} as const;

export const waitlist: readonly OfficeRequest[] = [
  {
    name: 'waitlist-join',
    group: 'booking',
    words: 'Ned Farrowby would like to come sooner if something opens up, mornings only.',
    best: [
      action('waitlist.create', {
        contact_id: 'Ned Farrowby',
        ticket_id: 'Ned Farrowby',
        time_of_day: 'morning',
      }),
    ],
    reply: 'Ned Farrowby is on the waitlist for an earlier morning.',
    changes: { waitlist: 1 },
    books: [
      {
        type: 'waitlist',
        where: { contact: 'Ned Farrowby' },
        rows: [{ status: 'waiting', time_of_day: 'morning' }],
      },
    ],
  },
  {
    name: 'waitlist-who-could-come',
    group: 'booking',
    words: 'The Tuesday one cancelled. Who could come sooner?',
    before: [nedWaits, tuesdayIsOff],
    best: [query('gaps', { where: { date: '2026-11-24' } })],
    reply: 'Ned Farrowby could come on Tuesday, November 24; he is down for December 1 so far.',
    says: [/Farrowby/],
  },
  {
    name: 'waitlist-offer',
    group: 'booking',
    words: 'Offer Ned Farrowby Tuesday at nine with Theo, it has become free.',
    before: [nedWaits, tuesdayIsOff],
    best: [
      action(
        'waitlist.offer',
        { scheduled_at: '2026-11-24T09:00', technician_id: 'Theo', to: ['Ned Farrowby'] },
        { reasoning: 'The time of Tom Alvarez has become free' },
      ),
    ],
    reply: 'I offered Ned Farrowby Tuesday at nine with Theo by e-mail.',
    changes: { waitlist_offer: 1, scheduled_message: 1 },
    mails: ['ned@farrowby.example'],
    books: [
      {
        type: 'waitlist_offers',
        where: { contact: 'Ned Farrowby' },
        rows: [{ status: 'open', starts_at: '2026-11-24T15:00:00.000Z' }],
      },
    ],
  },
  {
    name: 'waitlist-leave',
    group: 'booking',
    words: 'Ned Farrowby is fine with his date after all. Take him off the waitlist.',
    before: [nedWaits],
    best: [action('waitlist.delete', { waitlist_id: 'Ned Farrowby' })],
    reply: 'Ned Farrowby is off the waitlist; his visit on December 1 stays.',
    changes: { waitlist: 1 },
    books: [{ type: 'waitlist', where: { contact: 'Ned Farrowby' }, rows: [] }],
  },
];
