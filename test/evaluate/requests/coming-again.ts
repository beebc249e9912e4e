import { action, first, type OfficeRequest, query } from './request.ts';

// Visits that come again, and the days on which nobody comes.

const gusEverySixWeeks = {
  by: 'office',
  action: 'series.create',
  data: {
    contact_id: 'Gus Petrakis',
    rule: 'every 6 weeks',
    starts_on: '2026-12-08',
    start_time: '10:00',
    lines: ['Gutter Cleaning'],
    technician_ids: ['Theo'],
  },
} as const;
const theoIsAway = {
  by: 'office',
  action: 'absence.create',
  data: { member_id: 'Theo', kind: 'vacation', starts_at: '2026-12-21', ends_at: '2026-12-23' },
} as const;

const visitsOfGus = (fields: Record<string, string>) => ({
  type: 'tickets',
  where: { contact: 'Gus Petrakis', from: '2026-11-19', ...fields },
});

export const comingAgain: readonly OfficeRequest[] = [
  {
    name: 'every-six-weeks',
    group: 'booking',
    words: 'Gus Petrakis wants his gutters done every six weeks from December 8 on, at ten, Theo goes.',
    best: [
      {
        tool: 'schedule_appointment',
        args: {
          contact_id: 'Gus Petrakis',
          lines: ['Gutter Cleaning'],
          scheduled_at: '2026-12-08T10:00',
          technician_id: 'Theo',
          repeat: 'every 6 weeks',
        },
      },
    ],
    reply: 'Gus Petrakis is booked every six weeks from December 8 at 10:00 with Theo; next is January 19.',
    changes: { series: 1, ticket: 2, ticket_line: 2, scheduled_message: 4 },
    mails: ['gus@petrakis.example'],
    books: [
      {
        ...visitsOfGus({}),
        rows: [{ scheduled_at: '2026-12-08T16:00:00.000Z' }, { scheduled_at: '2027-01-19T16:00:00.000Z' }],
      },
    ],
  },
  {
    name: 'not-in-january',
    group: 'booking',
    words: 'Gus Petrakis is away on January 19. Leave that one out, the others stay.',
    before: [gusEverySixWeeks],
    best: [
      query('series', { where: { contact: 'Gus Petrakis' } }),
      told =>
        action(
          'series.skip',
          { series: first(told), on: '2027-01-19', reason: 'He is away' },
          { reasoning: 'He is away that day' },
        ),
    ],
    reply: 'January 19 is left out for Gus Petrakis; the others stay.',
    changes: { series: 1, ticket: 1 },
    books: [
      {
        ...visitsOfGus({ status: 'scheduled' }),
        rows: [{ scheduled_at: '2026-12-08T16:00:00.000Z' }],
      },
      { type: 'series', where: { contact: 'Gus Petrakis' }, rows: [{ status: 'active' }] },
    ],
  },
  {
    name: 'an-hour-later-from-now-on',
    group: 'booking',
    words: 'Gus Petrakis (SER-1) wants us at eleven instead of ten, every time from now on.',
    before: [gusEverySixWeeks],
    best: [action('series.update', { series: 'SER-1', start_time: '11:00' })],
    reply: 'All visits to Gus Petrakis are at 11:00 from now on.',
    changes: { series: 1, ticket: 2 },
    books: [
      {
        ...visitsOfGus({ status: 'scheduled' }),
        rows: [{ scheduled_at: '2026-12-08T17:00:00.000Z' }, { scheduled_at: '2027-01-19T17:00:00.000Z' }],
      },
    ],
  },
  {
    name: 'no-more-of-it',
    group: 'booking',
    words: 'Gus Petrakis has sold his house. All his visits every six weeks are off, SER-1 is over.',
    before: [gusEverySixWeeks],
    best: [
      action(
        'series.end',
        { series: 'SER-1', end_reason: 'He has sold his house' },
        { reasoning: 'He has sold his house' },
      ),
    ],
    reply: 'The series of Gus Petrakis is ended, and his visits of December and January are cancelled.',
    changes: { series: 1, ticket: 2 },
    books: [
      { ...visitsOfGus({ status: 'scheduled' }), rows: [] },
      { type: 'series', where: { contact: 'Gus Petrakis' }, rows: [{ status: 'ended' }] },
    ],
  },
  {
    name: 'theo-is-on-vacation',
    group: 'booking',
    words: 'Theo is on vacation from December 21 to 23.',
    best: [
      action('absence.create', {
        member: 'Theo',
        kind: 'vacation',
        starts_at: '2026-12-21',
        ends_at: '2026-12-23',
      }),
    ],
    reply: 'Theo is away from December 21 to 23; nothing is booked for him then.',
    changes: { absence: 1 },
    books: [
      {
        type: 'absences',
        rows: [
          { kind: 'vacation', starts_at: '2026-12-21T06:00:00.000Z', ends_at: '2026-12-24T06:00:00.000Z' },
        ],
      },
    ],
  },
  {
    name: 'tess-is-ill-tomorrow',
    group: 'booking',
    words: 'Tess is ill tomorrow. Write that down, and tell me whose visit needs somebody else.',
    best: [action('absence.create', { member: 'Tess', kind: 'sick', starts_at: '2026-11-19' })],
    reply: 'Tess is down as ill tomorrow. Adelaide Hartwell at 14:00 (T-2013) needs somebody else.',
    changes: { absence: 1, ticket: 1 },
    books: [
      { type: 'absences', rows: [{ kind: 'sick', starts_at: '2026-11-19T06:00:00.000Z' }] },
      { type: 'tickets', id: 'T-2013', rows: [{ status: 'scheduled' }] },
    ],
    says: [/Hartwell|T-2013/],
  },
  {
    name: 'the-day-after-thanksgiving',
    group: 'booking',
    words: 'We are all off on November 27.',
    best: [action('absence.create', { kind: 'closed', starts_at: '2026-11-27' })],
    reply: 'The business is closed on November 27.',
    changes: { absence: 1 },
    books: [
      { type: 'absences', filter: 'closures', rows: [{ starts_at: '2026-11-27T06:00:00.000Z', kind: /.*/ }] },
    ],
  },
  {
    name: 'who-is-away-at-christmas',
    group: 'looking-up',
    words: 'Who is away in the week before Christmas?',
    before: [theoIsAway],
    best: [query('absences', { where: { from: '2026-12-18', to: '2026-12-24' } })],
    reply: 'Theo, on vacation from December 21 to 23.',
    says: [/Theo/, /21/],
  },
  {
    name: 'visits-on-my-phone',
    group: 'refusals',
    words: 'I want to see our visits in the calendar of my phone. Make me the address for it.',
    best: [action('calendar_feed.create', { covers: 'business' }, { reasoning: 'The owner asked for it' })],
    reply: 'Only you can make it, for whoever has the address reads along: on the page /calendar/subscribe.',
    // The refusal is kept.
    changes: { security_event: 1 },
    says: [/calendar\/subscribe|yourself|only you|sign in|web page/i],
  },
];
