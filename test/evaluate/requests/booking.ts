import { z } from 'zod';
import { unlessDenied } from '../claims.ts';
import { action, type OfficeRequest } from './request.ts';

const book = (args: Record<string, unknown>) => ({ tool: 'schedule_appointment', args });
const move = (args: Record<string, unknown>) => ({ tool: 'handle_reschedule_request', args });

const offered = z.object({ data: z.object({ slots: z.array(z.object({ starts_at: z.string() })).min(1) }) });
const firstSlot = (told: readonly unknown[]) => offered.parse(told.at(-1)).data.slots[0]?.starts_at;

const twentyScreens = {
  contact_id: 'Otto Reinhardt',
  lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
};

/** The mail that tells of a visit, asking again when nobody answers, and two reminders. */
const mailsOfVisit = 4;
/** A visit, its services, who goes, and what is written of it. */
const oneVisit = { ticket: 1, ticket_line: 1, scheduled_message: mailsOfVisit };
const oneMove = { ticket: 2, ticket_line: 2, scheduled_message: mailsOfVisit };
/** Whoever has no e-mail is called. */
const oneMoveByCall = { ticket: 2, ticket_line: 2, scheduled_message: 1, task: 1 };

export const booking: readonly OfficeRequest[] = [
  {
    name: 'book-at-a-time',
    group: 'booking',
    words: 'Put Gus Petrakis down for gutters next Wednesday at ten, Tess should go.',
    best: [
      book({
        contact_id: 'Gus Petrakis',
        lines: ['Gutter Cleaning'],
        scheduled_at: '2026-11-25T10:00',
        technician_id: 'Tess',
      }),
    ],
    reply: 'Booked: Gus Petrakis, gutters, Wednesday November 25 at 10:00 with Tess.',
    changes: oneVisit,
    mails: ['gus@petrakis.example'],
    books: [
      {
        type: 'tickets',
        where: { contact: 'Gus Petrakis', from: '2026-11-19' },
        include: ['technicians', 'lines'],
        rows: [
          {
            scheduled_at: '2026-11-25T16:00:00.000Z',
            status: 'scheduled',
            total_cents: 15_000,
            technicians: [{ name: 'Tess' }],
          },
        ],
      },
    ],
  },
  {
    name: 'book-whoever-is-free',
    group: 'booking',
    words: 'Otto Reinhardt wants twenty screens done on Monday morning. Whoever is free.',
    best: [
      book({ ...twentyScreens, from: '2026-11-23', to: '2026-11-23', preference: 'morning' }),
      told => book({ ...twentyScreens, scheduled_at: firstSlot(told) }),
    ],
    reply: 'Otto Reinhardt is booked for twenty screens on Monday morning.',
    changes: oneVisit,
    mails: ['otto@reinhardt.example'],
    books: [
      {
        type: 'tickets',
        where: { contact: 'Otto Reinhardt', from: '2026-11-23', to: '2026-11-23' },
        include: ['technicians'],
        rows: [{ total_cents: 10_000, scheduled_at: /T1[4-7]:/, technicians: [{ name: /Theo|Tess/ }] }],
      },
    ],
  },
  {
    name: 'move-a-visit',
    group: 'booking',
    words: 'Mrs Hartwell cannot make it on Thursday. She asks for Friday at two in the afternoon.',
    best: [
      move({
        contact_id: 'Adelaide Hartwell',
        scheduled_at: '2026-11-20T14:00',
        reason: 'Mrs Hartwell called and asked for Friday at two',
      }),
    ],
    reply:
      'Mrs Hartwell is moved to Friday at 14:00, Tess goes. She has no e-mail, so call her at (205) 555-0119.',
    changes: oneMoveByCall,
    books: [
      { type: 'tickets', id: 'T-2013', rows: [{ status: 'cancelled' }] },
      {
        type: 'tickets',
        where: { contact: 'Adelaide Hartwell', status: 'scheduled' },
        include: ['technicians'],
        rows: [
          { scheduled_at: '2026-11-20T20:00:00.000Z', total_cents: 15_000, technicians: [{ name: 'Tess' }] },
        ],
      },
    ],
  },
  {
    name: 'move-by-a-day',
    group: 'booking',
    words: 'Tom Alvarez would rather have us a day later, same time.',
    best: [
      move({
        contact_id: 'Tom Alvarez',
        scheduled_at: '2026-11-25T09:00',
        reason: 'Tom asked for a day later',
      }),
    ],
    reply: 'Tom Alvarez is moved to Wednesday, November 25, at 9:00.',
    changes: oneMove,
    mails: ['tom.alvarez@example.com'],
    books: [
      {
        type: 'tickets',
        where: { contact: 'Tom Alvarez', status: 'scheduled' },
        rows: [{ scheduled_at: '2026-11-25T15:00:00.000Z', total_cents: 15_000 }],
      },
    ],
  },
  {
    name: 'call-off-today',
    group: 'booking',
    words: 'Doris Langford is ill. Call off this afternoon.',
    best: [
      action(
        'ticket.cancel',
        { ticket: 'Doris Langford', cancel_reason: 'The customer is ill' },
        { reasoning: 'Mrs Langford is ill' },
      ),
    ],
    reply: 'This afternoon’s visit to Doris Langford is called off.',
    changes: { ticket: 1, scheduled_message: 1 },
    books: [{ type: 'tickets', id: 'T-2011', rows: [{ status: 'cancelled', cancel_reason: /ill|sick/i }] }],
  },
  {
    name: 'send-somebody',
    group: 'booking',
    words: 'Nobody is going to Priya Raman at eleven. Send Tess.',
    best: [action('ticket.assign_technician', { ticket: 'Priya Raman', technician: 'Tess' })],
    reply: 'Tess goes to Priya Raman at eleven.',
    changes: { ticket: 1 },
    books: [
      {
        type: 'tickets',
        id: 'T-2010',
        include: ['technicians'],
        rows: [{ technicians: [{ name: 'Tess' }] }],
      },
    ],
  },
  {
    name: 'other-technician',
    group: 'booking',
    words: 'Theo has the dentist on Thursday morning. Tess takes Otto Reinhardt instead.',
    best: [
      action('ticket.assign_technician', { ticket: 'Otto Reinhardt', technician: 'Tess' }),
      action('ticket.unassign_technician', { ticket: 'Otto Reinhardt', technician: 'Theo' }),
    ],
    reply: 'Tess goes to Otto Reinhardt on Thursday at nine instead of Theo.',
    changes: { ticket: 1 },
    books: [
      {
        type: 'tickets',
        id: 'T-2012',
        include: ['technicians'],
        rows: [{ technicians: [{ name: 'Tess' }] }],
      },
    ],
  },
  {
    name: 'busy-technician',
    group: 'booking',
    words: 'Can Theo do Bea Moncrief’s gutters on Thursday at ten? If he cannot, just tell me why.',
    best: [
      book({
        contact_id: 'Bea Moncrief',
        lines: ['Gutter Cleaning'],
        scheduled_at: '2026-11-19T10:00',
        technician_id: 'Theo',
        preview: true,
      }),
    ],
    reply: 'No: Theo is at Otto Reinhardt’s (T-2012) from 9:00 to 12:30 on Thursday.',
    says: [/T-2012|Reinhardt|9:00|busy/, /\bno\b|cannot|can’t|can't|busy|not/i],
    never: [unlessDenied(/\bbooked\b(?! until)/i)],
  },
  {
    name: 'add-screens',
    group: 'booking',
    words: 'While we are at Jane Ledbetter’s today, do twelve screens as well.',
    // She has another visit in December.
    best: [
      action('ticket.add_line', { ticket: 'Jane Ledbetter today', service: 'Screen Cleaning', quantity: 12 }),
    ],
    reply: 'Twelve screens are added to this morning’s visit; it comes to $210.',
    changes: { ticket: 1, ticket_line: 1 },
    books: [{ type: 'tickets', id: 'T-2009', include: ['lines'], rows: [{ total_cents: 21_000 }] }],
  },
  {
    name: 'fewer-screens',
    group: 'booking',
    words: 'Ned Farrowby counted again, it is only eight screens on December 1.',
    best: [action('ticket.update_line', { ticket: 'Ned Farrowby', line: '1', quantity: 8 })],
    reply: 'Eight screens now, $40.',
    changes: { ticket: 1, ticket_line: 1 },
    books: [{ type: 'tickets', id: 'T-2016', rows: [{ total_cents: 4_000, status: 'scheduled' }] }],
  },
  {
    name: 'she-confirmed',
    group: 'booking',
    words: 'Nell Garvey says Friday is fine with her.',
    best: [action('ticket.confirm', { ticket: 'Nell Garvey' })],
    reply: 'Nell Garvey’s visit on Friday is confirmed.',
    changes: { ticket: 1 },
    books: [
      { type: 'tickets', id: 'T-2014', rows: [{ confirmation_status: 'accepted', status: 'scheduled' }] },
    ],
  },
  {
    name: 'a-job-that-was',
    group: 'booking',
    words:
      'Theo cleaned Bea Moncrief’s gutters last Saturday at nine without telling anybody, took ninety minutes. Get it into the books.',
    best: [
      action('ticket.record_visit', {
        contact: 'Bea Moncrief',
        scheduled_at: '2026-11-14T09:00',
        duration_minutes: 90,
        lines: ['Gutter Cleaning'],
        technicians: ['Theo'],
      }),
    ],
    reply: 'Theo’s visit at Bea Moncrief’s last Saturday is in the books; it can be closed out now.',
    changes: { ticket: 1, ticket_line: 1, attribute: 2, note: 1, scheduled_message: 1, time_entry: 1 },
    books: [
      {
        type: 'tickets',
        where: { contact: 'Bea Moncrief', from: '2026-11-14', to: '2026-11-14' },
        include: ['technicians'],
        rows: [
          { scheduled_at: '2026-11-14T15:00:00.000Z', total_cents: 15_000, technicians: [{ name: 'Theo' }] },
        ],
      },
    ],
  },
  {
    name: 'a-namesake-to-book',
    group: 'booking',
    words: 'Mary Colquitt, the one in Hampton Cove, gutters on Monday at nine please.',
    best: [
      book({
        contact_id: 'Mary Colquitt Hampton Cove',
        lines: ['Gutter Cleaning'],
        scheduled_at: '2026-11-23T09:00',
      }),
    ],
    reply:
      'Mary Colquitt of Hampton Cove is booked for gutters on Monday at 9:00. She has no e-mail: call her.',
    changes: { ...oneVisit, scheduled_message: 1, task: 1 },
    books: [
      {
        type: 'tickets',
        where: { contact: 'C-1010', from: '2026-11-19' },
        rows: [{ scheduled_at: '2026-11-23T15:00:00.000Z', total_cents: 15_000 }],
      },
      { type: 'tickets', where: { contact: 'C-1009' }, rows: [] },
    ],
  },
  {
    name: 'no-mail-please',
    group: 'booking',
    words:
      'Book Harold Brenner for gutters on December 3 at one, at 77 Wall Triana Hwy. No mail, I am telling him myself.',
    best: [
      book({
        contact_id: 'Harold Brenner',
        address_id: '77 Wall Triana Hwy',
        lines: ['Gutter Cleaning'],
        scheduled_at: '2026-12-03T13:00',
        notify_customer: false,
      }),
    ],
    reply: 'Harold Brenner is booked for December 3 at 13:00, and no mail went out.',
    changes: oneVisit,
    books: [
      {
        type: 'tickets',
        where: { contact: 'Harold Brenner' },
        rows: [{ scheduled_at: '2026-12-03T19:00:00.000Z', total_cents: 15_000 }],
      },
    ],
  },
  {
    name: 'close-a-visit',
    group: 'booking',
    words:
      'Tess says Marjorie Applewhite was finished yesterday: three hours, price as agreed, the attic window sticks. Nothing planned next.',
    best: [
      action(
        'ticket.close',
        {
          ticket: 'Marjorie Applewhite',
          duration_minutes: 180,
          notes: 'The attic window sticks.',
          next_service: 'no',
          price_confirmed: true,
        },
        { reasoning: 'Tess has finished the visit' },
      ),
    ],
    reply: 'Marjorie Applewhite’s visit is closed: three hours, $430.',
    changes: { ticket: 1, ticket_line: 1, note: 1, attribute: 3, time_entry: 1, contact: 1 },
    books: [
      {
        type: 'tickets',
        id: 'T-2008',
        include: ['notes'],
        rows: [{ status: 'closed', total_cents: 43_000, actual_minutes: 180 }],
      },
    ],
  },
];
