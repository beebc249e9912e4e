import { action, find, type OfficeRequest, query } from './request.ts';

export const money: readonly OfficeRequest[] = [
  {
    name: 'a-higher-house',
    group: 'money',
    words: 'Priya’s gutters cost 180 today, the house is higher.',
    best: [action('ticket.update_line', { ticket: 'Priya Raman', line: '1', unit_price_cents: 18_000 })],
    reply: 'Priya’s visit today costs $180.',
    changes: { ticket: 1, ticket_line: 1 },
    books: [{ type: 'tickets', id: 'T-2010', rows: [{ total_cents: 18_000 }] }],
  },
  {
    name: 'an-estimate-is-agreed',
    group: 'money',
    words: 'Nell Garvey and I agreed on 510 for Friday.',
    best: [action('ticket.update_line', { ticket: 'Nell Garvey', line: '1', unit_price_cents: 51_000 })],
    reply: 'Friday at Nell Garvey’s is $510, agreed.',
    changes: { ticket: 1, ticket_line: 1 },
    books: [{ type: 'tickets', id: 'T-2014', rows: [{ total_cents: 51_000, is_price_estimated: false }] }],
  },
  {
    name: 'a-bill-that-never-went-out',
    group: 'money',
    words: 'Priya Raman never got a bill for her screens in April. Send it to her.',
    best: [
      action(
        'invoice.create_from_ticket',
        { ticket: 'Priya Raman', send: true },
        { reasoning: 'The owner asked for it' },
      ),
    ],
    reply: 'The bill over $40 is on its way to priya@example.com.',
    changes: { invoice: 1, invoice_line: 1, scheduled_message: 1 },
    mails: ['priya@example.com'],
    books: [
      {
        type: 'invoices',
        where: { contact: 'Priya Raman' },
        rows: [{ status: 'sent', total_cents: 4_000 }],
      },
    ],
  },
  {
    name: 'a-bill-to-hand-over',
    group: 'money',
    words: 'Make out Henry Stokesbury’s bill for Monday. Do not send it, I will hand it to him.',
    best: [action('invoice.create_from_ticket', { ticket: 'Henry Stokesbury Monday' })],
    reply: 'Henry Stokesbury’s bill over $150 is drafted and not sent.',
    changes: { invoice: 1, invoice_line: 1 },
    books: [
      {
        type: 'invoices',
        where: { contact: 'Henry Stokesbury' },
        rows: [{ status: 'draft', total_cents: 15_000 }],
      },
    ],
  },
  {
    name: 'what-is-owed-to-us',
    group: 'money',
    words: 'How much do people owe us at the moment, all together?',
    best: [query('invoices', { filter: 'open', totals: true })],
    reply: '$630: Gus Petrakis $150, which is late, and Bea Moncrief $480.',
    says: [/630/],
  },
  {
    name: 'billed-to-tom-this-year',
    group: 'money',
    words: 'What did we bill Tom Alvarez this year?',
    best: [query('invoices', { where: { contact: 'Tom Alvarez', from: '2026-01-01' }, totals: true })],
    reply: '$60, one bill, which is paid.',
    says: [/\b60\b/],
  },
  {
    name: 'what-was-agreed',
    group: 'money',
    words: 'What did Marjorie Applewhite and I agree on for her windows?',
    best: [find('Marjorie Applewhite')],
    reply: '$430, inside and outside, for as long as she stays with you.',
    says: [/430/],
    never: [/\b562\b/],
  },
  {
    name: 'gutters-cost-more',
    group: 'money',
    words: 'Gutters are 165 from now on. What is booked stays as it is; tell me how many that are.',
    best: [action('service.update', { service: 'Gutter Cleaning', price_cents: 16_500 })],
    reply: 'Gutters are $165 now. Five booked visits keep $150.',
    changes: { service: 1 },
    books: [
      { type: 'services', id: 'S-1', rows: [{ price_cents: 16_500 }] },
      { type: 'tickets', id: 'T-2015', rows: [{ total_cents: 15_000 }] },
    ],
    says: [/\b(5|five)\b/i],
  },
  {
    name: 'gutters-cost-more-everywhere',
    group: 'money',
    words: 'Gutters are 165 from now on, and the five visits that are booked should cost that, too.',
    best: [
      action(
        'service.update',
        { service: 'Gutter Cleaning', price_cents: 16_500, reprice_open_visits: true },
        { reasoning: 'The owner raises the price' },
      ),
    ],
    reply: 'Six prices at once wait for your approval (R-1): gutters, and the five visits that are booked.',
    waits: 'service.update',
    changes: { authorization_request: 1, authorization_request_item: 6 },
    books: [{ type: 'tickets', id: 'T-2015', rows: [{ total_cents: 15_000 }] }],
  },
  {
    name: 'two-new-screens',
    group: 'money',
    words: 'Draft a bill for Nell Garvey: two new screens, 42.50 each.',
    best: [
      action('invoice.create', {
        contact: 'Nell Garvey',
        lines: [{ description: 'New screen', quantity: 2, unit_price_cents: 4_250 }],
      }),
    ],
    reply: 'Drafted: two new screens, $85.',
    changes: { invoice: 1, invoice_line: 1 },
    books: [
      {
        type: 'invoices',
        where: { contact: 'Nell Garvey' },
        rows: [{ status: 'draft', total_cents: 8_500 }],
      },
    ],
  },
  {
    name: 'more-time-to-pay',
    group: 'money',
    words: 'Bea Moncrief may take until Christmas Eve to pay her bill. Can you put that on it?',
    best: [action('invoice.update', { invoice: 'Bea Moncrief', due_on: '2026-12-24' })],
    reply: 'The bill is sent, so nothing on it can be changed. It could be voided, and a new one made out.',
    books: [{ type: 'invoices', id: 'INV-2026-003', rows: [{ due_on: '2026-12-10', status: 'sent' }] }],
    says: [/sent|draft|void/i, /cannot|can’t|can't|not|only/i],
    never: [/(is|are) (now )?due (on|by) (December|Dec\.?) 24/i],
  },
  {
    name: 'a-bill-that-was-wrong',
    group: 'money',
    words: 'The bill of Gus Petrakis was wrong, he had us there for free. Void it.',
    best: [
      action(
        'invoice.void',
        { invoice: 'Gus Petrakis', reason: 'The visit was free of charge' },
        { reasoning: 'The owner says the bill was wrong' },
      ),
    ],
    reply: 'INV-2026-002 is void.',
    changes: { invoice: 1 },
    books: [{ type: 'invoices', id: 'INV-2026-002', rows: [{ status: 'void' }] }],
  },
  {
    name: 'call-off-a-mail',
    group: 'money',
    words: 'Priya has already ordered her storm windows. That mail of December is not to go out.',
    best: [action('message.cancel', { message: 'Priya Raman' }, { reasoning: 'She has ordered already' })],
    reply: 'The mail to Priya Raman is called off.',
    changes: { scheduled_message: 1 },
    books: [
      {
        type: 'scheduled_messages',
        where: { contact: 'Priya Raman', status: 'cancelled' },
        rows: [{ status: 'cancelled', send_at: /^2026-12/ }],
      },
    ],
  },
];
