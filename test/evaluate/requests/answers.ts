import { claims } from '../claims.ts';
import { action, type OfficeRequest, query } from './request.ts';

// What customers say to their appointments, and what we write to them.

const tomAsks = {
  by: 'office',
  action: 'ticket.confirm',
  data: {
    ticket_id: 'Tom Alvarez',
    confirmation_status: 'modify_requested',
    asked_for_at: '2026-11-25T13:00',
    customer_words: 'We are at the vet on Tuesday morning.',
  },
} as const;
const tomAsksInWords = {
  ...tomAsks,
  data: {
    ticket_id: 'Tom Alvarez',
    confirmation_status: 'modify_requested',
    customer_words: 'Rather in the afternoon',
  },
} as const;
/** She has no e-mail: somebody is to call her. */
const hartwellIsToBeCalled = {
  by: 'office',
  action: 'ticket.reschedule',
  data: { ticket_id: 'T-2013', scheduled_at: '2026-11-19T15:00', notify_customer: true },
} as const;
const mailsWait = {
  by: 'owner',
  action: 'organization.update_settings',
  data: { settings: { agent_mails: 'wait_for_me' } },
} as const;

export const answers: readonly OfficeRequest[] = [
  {
    name: 'who-has-not-confirmed',
    group: 'looking-up',
    words: 'Who of tomorrow’s customers has not confirmed yet?',
    best: [query('tickets', { filter: 'unconfirmed', where: { from: '2026-11-19', to: '2026-11-19' } })],
    reply: 'Adelaide Hartwell, at 14:00 with Tess.',
    says: [/Hartwell/],
    never: [/Reinhardt.{0,20}not/],
  },
  {
    name: 'what-customers-answered',
    group: 'looking-up',
    words: 'Has any customer answered? I want their own words.',
    before: [tomAsks],
    best: [{ tool: 'daily_briefing', args: {} }],
    reply: 'Tom Alvarez asks for Wednesday at 13:00: “We are at the vet on Tuesday morning.”',
    says: [/Alvarez/, /vet/],
  },
  {
    name: 'he-gets-what-he-asks-for',
    group: 'booking',
    words: 'Tom Alvarez can have the time he asked for.',
    before: [tomAsks],
    best: [action('ticket.accept_change', { ticket: 'Tom Alvarez' })],
    reply: 'Tom Alvarez is moved to Wednesday, November 25, at 13:00 and has a mail about it.',
    changes: { ticket: 1, scheduled_message: 2, interaction: 1 },
    mails: ['tom.alvarez@example.com'],
    books: [
      {
        type: 'tickets',
        where: { contact: 'Tom Alvarez', status: 'scheduled' },
        rows: [{ scheduled_at: '2026-11-25T19:00:00.000Z', confirmation_status: 'accepted' }],
      },
    ],
  },
  {
    name: 'in-the-afternoon-then',
    group: 'booking',
    words: 'Tom Alvarez wrote that he would rather have the afternoon. Give him Tuesday at two.',
    before: [tomAsksInWords],
    best: [action('ticket.accept_change', { ticket: 'Tom Alvarez', scheduled_at: '2026-11-24T14:00' })],
    reply: 'Tom Alvarez is moved to Tuesday at 14:00 and is asked whether that suits him.',
    changes: { ticket: 1, scheduled_message: 4, interaction: 1 },
    mails: ['tom.alvarez@example.com'],
    books: [
      {
        type: 'tickets',
        where: { contact: 'Tom Alvarez', status: 'scheduled' },
        rows: [{ scheduled_at: '2026-11-24T20:00:00.000Z', confirmation_status: 'pending' }],
      },
    ],
  },
  {
    name: 'she-cannot-come-then',
    group: 'booking',
    words:
      'Nell Garvey called, Friday is no good for her after all. Write that down as her answer, do not move or cancel anything yet.',
    best: [action('ticket.confirm', { ticket: 'Nell Garvey', confirmation_status: 'declined' })],
    reply: 'Nell Garvey’s answer is written down: she declined Friday. Another time is still to be found.',
    changes: { ticket: 1, interaction: 1 },
    books: [
      { type: 'tickets', id: 'T-2014', rows: [{ confirmation_status: 'declined', status: 'scheduled' }] },
    ],
  },
  {
    name: 'reached-by-telephone',
    group: 'customers',
    words: 'I got hold of Mrs Hartwell: three o’clock on Thursday is fine with her. That call is done.',
    before: [hartwellIsToBeCalled],
    best: [action('task.complete', { task: 'Adelaide Hartwell', outcome: 'accepted' })],
    reply: 'The call is done, and Mrs Hartwell’s visit on Thursday at 15:00 is confirmed.',
    changes: { task: 1, ticket: 1, interaction: 1, scheduled_message: 1 },
    books: [
      { type: 'tickets', id: 'T-2013', rows: [{ confirmation_status: 'accepted', status: 'scheduled' }] },
      { type: 'tasks', where: { contact: 'Adelaide Hartwell' }, rows: [{ status: 'done' }] },
    ],
  },
  {
    name: 'what-goes-out-to-her',
    group: 'looking-up',
    words: 'Is there still a mail on its way to Priya Raman? When does it go out, and what about?',
    best: [query('scheduled_messages', { where: { contact: 'Priya Raman', status: 'pending' } })],
    reply: 'Yes: “Storm windows before the winter”, on December 8 at nine.',
    says: [/storm windows/i, /Dec(ember|\.)? 8|12-08|8th/],
    told: [/Storm windows/, /12-08/],
  },
  {
    name: 'a-week-later',
    group: 'customers',
    words: 'Let the mail about storm windows go to Priya Raman a week later, same time.',
    best: [
      action(
        'message.update',
        { message: 'Priya Raman', send_at: '2026-12-15T09:00' },
        { reasoning: 'The owner wants it a week later' },
      ),
    ],
    reply: 'The mail to Priya Raman goes out on December 15 at nine.',
    changes: { scheduled_message: 1 },
    mails: ['priya@example.com'],
    books: [
      {
        type: 'scheduled_messages',
        where: { contact: 'Priya Raman' },
        rows: [{ status: 'pending', send_at: '2026-12-15T15:00:00.000Z' }],
      },
    ],
  },
  {
    name: 'a-mail-i-look-at-first',
    group: 'refusals',
    words: 'Write to Gus Petrakis that we have new prices from January on. I want to see it before it goes.',
    before: [mailsWait],
    best: [
      action(
        'message.schedule',
        {
          contact: 'Gus Petrakis',
          subject: 'New prices from January on',
          body: 'Hello Gus, from January on we have new prices.',
        },
        { reasoning: 'The owner wants him to know' },
      ),
    ],
    reply: 'The mail to Gus Petrakis is a draft and waits for you on the page /messages.',
    changes: { scheduled_message: 1 },
    books: [
      {
        type: 'scheduled_messages',
        where: { contact: 'Gus Petrakis' },
        rows: [{ status: 'draft', kind: 'other' }, { kind: 'invoice' }],
      },
    ],
    says: [/draft|look|wait/i],
    never: [claims('(sent|mailed)')],
  },
  {
    name: 'other-words-for-the-reminder',
    group: 'refusals',
    words:
      'Our reminder should just say: “Hello {{customer_first_name}}, we come tomorrow at {{appointment_time}}. Please unlock the gate.” Subject: See you tomorrow.',
    best: [
      action(
        'template.create',
        {
          name: 'Reminder with the gate',
          kind: 'reminder',
          subject: 'See you tomorrow',
          body: 'Hello {{customer_first_name}}, we come tomorrow at {{appointment_time}}. Please unlock the gate.',
        },
        { reasoning: 'The owner wants these words' },
      ),
    ],
    reply: 'The new words of the reminder wait for your approval (R-1).',
    waits: 'template.create',
    changes: { authorization_request: 1, authorization_request_item: 1 },
    books: [{ type: 'templates', rows: [] }],
  },
];
