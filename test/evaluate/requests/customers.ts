import { z } from 'zod';
import { action, find, type OfficeRequest } from './request.ts';

const one = z.object({ reference: z.string() });
const twins = z.object({ customers: z.tuple([one, one]) });

const falk =
  'Peter Falkenrath, 205-555-0171, 9 Rock Cliff Pl in Madison, wants gutters cleaned, rather soon.';

export const customersAndLeads: readonly OfficeRequest[] = [
  {
    name: 'an-inquiry-on-the-phone',
    group: 'customers',
    words: `A man called: "${falk}" Take it down and see that we call him back.`,
    best: [{ tool: 'process_lead', args: { raw_notes: falk, source: 'phone_call' } }],
    reply: 'Taken down as an inquiry, and a call back to Peter Falkenrath is planned.',
    changes: { lead: 1, interaction: 1 },
    books: [
      {
        type: 'leads',
        search: 'Falkenrath',
        fields: ['full_name', 'phone', 'status'],
        rows: [{ full_name: 'Peter Falkenrath', phone: '+12055550171' }],
      },
      { type: 'follow_ups', where: { until: '2026-12-31', lead: 'Peter Falkenrath' }, rows: [{}] },
    ],
  },
  {
    name: 'an-offer-nobody-wants',
    group: 'customers',
    words: 'That search engine offer among the inquiries is rubbish. Out with it.',
    best: [action('lead.disqualify', { lead: 'search engines', reason: 'spam' })],
    reply: 'The inquiry is closed as spam.',
    changes: { lead: 1, interaction: 1 },
    books: [
      {
        type: 'leads',
        id: 'L-1006',
        fields: ['status', 'disqualification_reason'],
        rows: [{ status: 'disqualified', disqualification_reason: 'spam' }],
      },
    ],
  },
  {
    name: 'too-expensive',
    group: 'customers',
    words: 'Gina Fosdick says we are too expensive. Close that inquiry.',
    best: [action('lead.disqualify', { lead: 'Gina Fosdick', reason: 'budget' })],
    reply: 'Gina Fosdick’s inquiry is closed: over her budget.',
    changes: { lead: 1, interaction: 1 },
    books: [
      {
        type: 'leads',
        id: 'L-1002',
        fields: ['status', 'disqualification_reason'],
        rows: [{ status: 'disqualified', disqualification_reason: 'budget' }],
      },
    ],
  },
  {
    name: 'a-number-written-down-wrong',
    group: 'customers',
    words: 'Harold Beckham’s number was written down wrong, it is 205 555 0183. The rest is right.',
    best: [
      action(
        'lead.confirm_extraction',
        { lead: 'Harold Beckham', corrections: { phone: '205 555 0183' } },
        { reasoning: 'The owner corrected the number and said the rest is right' },
      ),
    ],
    reply: 'Corrected and confirmed.',
    changes: { lead: 1, interaction: 1 },
    books: [{ type: 'leads', id: 'L-1003', fields: ['phone'], rows: [{ phone: '+12055550183' }] }],
  },
  {
    name: 'remind-me-to-call',
    group: 'customers',
    words: 'Remind us on Friday at nine to call Harold Beckham.',
    best: [action('lead.set_reminder', { lead: 'Harold Beckham', reminder_at: '2026-11-20T09:00' })],
    reply: 'The reminder is set for Friday at 9:00.',
    changes: { lead: 1, interaction: 1 },
    books: [
      {
        type: 'leads',
        id: 'L-1003',
        fields: ['reminder_at'],
        rows: [{ reminder_at: '2026-11-20T15:00:00.000Z' }],
      },
    ],
  },
  {
    name: 'an-inquiry-becomes-a-job',
    group: 'customers',
    words: 'Robert Milesworth wants us. Make him a customer and book windows for Tuesday at one.',
    best: [
      action('lead.convert', {
        lead: 'Robert Milesworth',
        appointment: {
          lines: ['Interior and Exterior Window Cleaning'],
          scheduled_at: '2026-11-24T13:00',
        },
      }),
    ],
    reply: 'Robert Milesworth is a customer now and booked for windows on Tuesday at 13:00.',
    changes: {
      lead: 1,
      contact: 1,
      address: 1,
      ticket: 1,
      ticket_line: 1,
      interaction: 1,
      attribute: 3,
      scheduled_message: 1,
    },
    books: [
      { type: 'leads', id: 'L-1001', fields: ['status'], rows: [{ status: 'converted' }] },
      {
        type: 'tickets',
        where: { contact: 'Robert Milesworth' },
        rows: [{ scheduled_at: '2026-11-24T19:00:00.000Z', status: 'scheduled' }],
      },
    ],
  },
  {
    name: 'a-sister-with-the-same-phone',
    group: 'customers',
    words: 'Tina Alvarez is Tom’s sister and wants to become a customer of her own.',
    best: [action('lead.convert', { lead: 'Tina Alvarez', new_customer: true })],
    reply: 'Tina Alvarez is a customer of her own now; she shares her number with Tom.',
    changes: { lead: 1, contact: 1, address: 1, interaction: 1, attribute: 3 },
    books: [
      { type: 'leads', id: 'L-1004', fields: ['status'], rows: [{ status: 'converted' }] },
      {
        type: 'contacts',
        search: 'Tina Alvarez',
        include: ['addresses'],
        rows: [{ full_name: 'Tina Alvarez', addresses: [{ line1: '18 Monroe St' }] }],
      },
      { type: 'contacts', id: 'C-1004', rows: [{ full_name: 'Tom Alvarez' }] },
    ],
  },
  {
    name: 'a-new-mail-address',
    group: 'customers',
    words: 'Tom Alvarez has a new e-mail address, tom@alvarez.example.',
    best: [action('contact.update', { contact: 'Tom Alvarez', email: 'tom@alvarez.example' })],
    reply: 'Tom Alvarez has his new address. The old one is kept as a second one.',
    changes: { contact: 1 },
    books: [{ type: 'contacts', id: 'C-1004', rows: [{ email: 'tom@alvarez.example' }] }],
  },
  {
    name: 'a-new-number',
    group: 'customers',
    words: 'Gus Petrakis can be reached at 205-555-0199 from now on.',
    best: [action('contact.update', { contact: 'Gus Petrakis', phone: '205-555-0199' })],
    reply: 'Gus Petrakis has the new number; the old one stays as a second one.',
    changes: { contact: 1 },
    books: [{ type: 'contacts', id: 'C-1014', rows: [{ phone: '+12055550199' }] }],
  },
  {
    name: 'a-new-customer',
    group: 'customers',
    words: 'Add Nora Quinlan, (205) 555-0187, 18 Zierdt Rd, Madison AL 35758.',
    best: [
      action('contact.create', {
        full_name: 'Nora Quinlan',
        phone: '(205) 555-0187',
        address: '18 Zierdt Rd, Madison AL 35758',
      }),
    ],
    reply: 'Nora Quinlan is in the books, with her address.',
    changes: { contact: 1, address: 1 },
    books: [
      {
        type: 'contacts',
        search: 'Nora Quinlan',
        include: ['addresses'],
        rows: [{ full_name: 'Nora Quinlan', phone: '+12055550187', addresses: [{ line1: '18 Zierdt Rd' }] }],
      },
    ],
  },
  {
    name: 'mornings-and-only-tess',
    group: 'customers',
    words: 'Doris Langford would rather have us in the morning, and only Tess.',
    best: [
      action('contact.set_preferences', {
        contact: 'Doris Langford',
        time_of_day: 'morning',
        technician: 'Tess',
      }),
    ],
    reply: 'Noted: mornings, and Tess.',
    changes: { contact: 1 },
    books: [
      {
        type: 'contacts',
        id: 'C-1007',
        fields: ['preferences'],
        rows: [{ preferences: { time_of_day: 'morning' } }],
      },
    ],
  },
  {
    name: 'a-second-dog',
    group: 'customers',
    words: 'Jane told me her gate sticks and that there is a second dog now, Pepper. Write that down.',
    best: [
      action('note.create', {
        contact: 'Jane Ledbetter',
        content: 'The gate sticks. Second dog named Pepper.',
        extract: 'now',
      }),
    ],
    reply: 'Written down.',
    changes: { note: 1, attribute: 3 },
    books: [{ type: 'notes', where: { contact: 'Jane Ledbetter' }, search: 'Pepper', rows: [{}] }],
  },
  {
    name: 'what-the-owner-saw',
    group: 'customers',
    words: 'Otto Reinhardt has a dog, I saw it myself. It should be in his file.',
    best: [
      action(
        'attribute.set',
        { contact: 'Otto Reinhardt', key: 'pet', value: 'dog', said_by: 'owner' },
        { reasoning: 'The owner saw the dog' },
      ),
    ],
    reply: 'It is in his file.',
    changes: { attribute: 1, note: 1 },
    books: [
      { type: 'attributes', where: { contact: 'Otto Reinhardt', key: 'pet' }, rows: [{ value: 'dog' }] },
    ],
  },
  {
    name: 'twice-in-the-list',
    group: 'customers',
    words: 'Wanda Fitchett is in the list twice, same number, same mail. Make one of them.',
    best: [
      find('Wanda Fitchett'),
      told => {
        const [first, second] = twins.parse(told.at(-1)).customers;
        return action(
          'contact.merge',
          { contact: first.reference, merged_contact: second.reference },
          { reasoning: 'The owner says both are one, and number and mail agree' },
        );
      },
    ],
    reply: 'Wanda Fitchett is one customer now.',
    changes: { contact: 2, address: 2, note: 1, attribute: 5, contact_merge: 1 },
    books: [
      { type: 'contacts', search: 'Wanda Fitchett', rows: [{ full_name: 'Wanda Fitchett' }] },
      { type: 'notes', search: 'lemon', rows: [{}] },
    ],
  },
  {
    name: 'a-call-that-was-made',
    group: 'customers',
    words: 'I have just talked to Ruth Bellamy about her sunroom. Nobody needs to call her any more.',
    best: [action('interaction.complete_follow_up', { interaction: 'Ruth Bellamy', outcome: 'spoke' })],
    reply: 'The call to Ruth Bellamy is off the list.',
    changes: { interaction: 2 },
    books: [{ type: 'follow_ups', where: { contact: 'Ruth Bellamy' }, rows: [] }],
  },
  {
    name: 'a-reminder-for-theo',
    group: 'customers',
    words: 'Remind Theo to bring the long pole to Nell Garvey, tomorrow at four in the afternoon.',
    best: [
      action('task.create', {
        title: 'Bring the long pole to Nell Garvey',
        due_at: '2026-11-19T16:00',
        about: 'Nell Garvey',
        assignee: 'Theo',
      }),
    ],
    reply: 'Theo is reminded tomorrow at 16:00.',
    changes: { task: 1 },
    books: [
      {
        type: 'tasks',
        fields: ['title', 'due_at', 'status'],
        rows: [{ title: /pole/i, due_at: '2026-11-19T22:00:00.000Z', status: 'open' }],
      },
    ],
  },
  {
    name: 'a-reminder-about-nobody',
    group: 'customers',
    words: 'Remind me on Friday to order squeegees.',
    best: [action('task.create', { title: 'Order squeegees', due_at: '2026-11-20' })],
    reply: 'You are reminded on Friday.',
    changes: { task: 1 },
    books: [{ type: 'tasks', fields: ['title', 'status'], rows: [{ title: /squeegee/i, status: 'open' }] }],
  },
  {
    name: 'the-wrong-gus',
    group: 'customers',
    words: 'You have changed Gus Petrakis’ telephone this morning. That was a mistake of mine, take it back.',
    before: [
      { by: 'agent', action: 'contact.update', data: { contact_id: 'C-1014', phone: '205-555-0198' } },
    ],
    best: [action('undo', { of: 'Gus Petrakis' }, { reasoning: 'The owner made a mistake' })],
    reply: 'Taken back: his number is (205) 555-0172 again.',
    changes: { contact: 1 },
    books: [{ type: 'contacts', id: 'C-1014', rows: [{ phone: '+12055550172' }] }],
  },
  {
    name: 'a-house-number',
    group: 'customers',
    words: 'Gus Petrakis lives at 414 Clinton Ave, not 412.',
    best: [action('address.update', { address: '412 Clinton Ave', line1: '414 Clinton Ave' })],
    reply: 'Corrected: 414 Clinton Ave.',
    changes: { address: 1 },
    books: [
      {
        type: 'addresses',
        where: { contact: 'Gus Petrakis' },
        rows: [{ line1: '414 Clinton Ave', city: 'Huntsville' }],
      },
    ],
  },
  {
    name: 'she-called',
    group: 'customers',
    words:
      'Bea Moncrief called, she thinks about having the driveway washed. Call her back tomorrow at ten with a price.',
    best: [
      action('interaction.create', {
        type: 'phone_call',
        direction: 'inbound',
        contact: 'Bea Moncrief',
        body: 'Thinks about having the driveway washed, wants a price.',
        follow_up_at: '2026-11-19T10:00',
      }),
    ],
    reply: 'Noted, and the call back is planned for tomorrow at 10:00.',
    changes: { interaction: 1, lead: 1 },
    books: [
      {
        type: 'follow_ups',
        where: { contact: 'Bea Moncrief' },
        rows: [{ due_at: '2026-11-19T16:00:00.000Z' }],
      },
    ],
  },
];
