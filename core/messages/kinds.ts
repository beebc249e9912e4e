import type { MessageKind } from './record.ts';
import { always, ofAnswer, ofBill, ofVisit, type VariableName } from './variables.ts';

/** A kind of message: what a text of it may name, and the words the house has for it. */
export interface KindSpec {
  label: string;
  /** One sentence: when it goes out. */
  summary: string;
  variables: readonly VariableName[];
  subject: string;
  /**
   * Paragraphs, with an empty line between them. A line whose variable is empty is left out of these words of ours. A line
   * that is words, a colon and a link becomes a button; lines of `Name: value` stand as a table.
   */
  body: string;
}

const hello = 'Hello {{customer_first_name}},';
const when = 'When: {{appointment_date}} at {{appointment_time}}';
const visit = `${when}\nWhere: {{address}}\nWhat: {{services}}\nWho comes: {{technician}}\nPrice: {{price}}`;
const answers =
  'Accept this appointment: {{accept_link}}\nAsk for another time: {{modify_link}}\nDecline: {{decline_link}}';
/** What is agreed is looked at by the button: it does not invite to another time. */
const agreed = 'Look at your appointment: {{accept_link}}\nAsk for another time: {{modify_link}}';
const bill =
  'Tax: {{invoice_tax}}\nDiscount: {{invoice_discount}}\nTotal: {{invoice_total}}\nPaid, with thanks: {{amount_paid}}\nAmount due: {{amount_due}}\nDue by: {{due_date}}';
const reply = 'If you have a question, just reply to this mail.';

const text = (...paragraphs: string[]): string => paragraphs.join('\n\n');

/** The kinds, with the words that hold as long as the business has written none of its own (EML-02). */
export const kinds: Readonly<Record<MessageKind, KindSpec>> = {
  confirmation: {
    label: 'Confirmation',
    summary: 'when a visit is booked',
    variables: [...always, ...ofVisit, ...ofAnswer],
    subject: 'Your appointment on {{appointment_date}} at {{appointment_time}}',
    body: text(
      hello,
      'We have you down for {{appointment_date}} at {{appointment_time}}.',
      '{{custom_message}}',
      `${visit}\nComes again: {{repeats}}`,
      answers,
      'If that does not suit you, just reply to this mail.',
    ),
  },
  confirmation_follow_up: {
    label: 'Follow-up',
    summary: 'when a confirmation was not answered',
    variables: [...always, ...ofVisit, ...ofAnswer],
    subject: 'Please confirm your appointment on {{appointment_date}}',
    body: text(
      hello,
      'We have not heard from you yet. Does {{appointment_date}} at {{appointment_time}} suit you?',
      visit,
      answers,
      reply,
    ),
  },
  reminder: {
    label: 'Reminder',
    summary: 'the day before a visit',
    variables: [...always, ...ofVisit, ...ofAnswer],
    subject: 'Your appointment is tomorrow at {{appointment_time}}',
    body: text(
      hello,
      'Your appointment is tomorrow, {{appointment_date}}, at {{appointment_time}}.',
      '{{custom_message}}',
      visit,
      agreed,
      reply,
    ),
  },
  moved: {
    label: 'Moved',
    summary: 'when a visit is moved to another time',
    variables: [...always, ...ofVisit, 'previous_date', 'previous_time', ...ofAnswer],
    subject: 'Your appointment is now on {{appointment_date}} at {{appointment_time}}',
    body: text(
      hello,
      'Your appointment on {{previous_date}} at {{previous_time}} is moved: we have you down for {{appointment_date}} at {{appointment_time}}.',
      '{{custom_message}}',
      visit,
      answers,
      'If that does not suit you, just reply to this mail.',
    ),
  },
  cancellation: {
    label: 'Cancellation',
    summary: 'when a visit is cancelled',
    variables: [...always, ...ofVisit],
    subject: 'Your appointment on {{appointment_date}} is cancelled',
    body: text(
      hello,
      'Your appointment on {{appointment_date}} at {{appointment_time}} is cancelled.',
      '{{custom_message}}',
      'If you would like another time, just reply to this mail.',
    ),
  },
  change_accepted: {
    label: 'Change accepted',
    summary: 'when a visit is moved as the customer asked',
    variables: [...always, ...ofVisit, 'previous_date', 'previous_time', ...ofAnswer],
    subject: 'As you asked: {{appointment_date}} at {{appointment_time}}',
    body: text(
      hello,
      'As you asked, we come on {{appointment_date}} at {{appointment_time}}.',
      '{{custom_message}}',
      visit,
      agreed,
      reply,
    ),
  },
  change_offer: {
    label: 'Other times',
    summary: 'when the time a customer asked for is not free',
    variables: [...always, ...ofVisit, 'free_times', ...ofAnswer],
    subject: 'Other times for your appointment on {{appointment_date}}',
    body: text(
      hello,
      'The time you asked for is not free. We could come at one of these times instead:',
      '{{free_times}}',
      '{{custom_message}}',
      'Choose a time: {{modify_link}}',
      reply,
    ),
  },
  waitlist_offer: {
    label: 'Earlier time',
    summary: 'when a time has become free for somebody who waits',
    variables: [
      ...always,
      ...ofVisit,
      'previous_date',
      'previous_time',
      'answer_by',
      'offer_link',
      'unsubscribe_link',
    ],
    subject: 'A time has become free: {{appointment_date}} at {{appointment_time}}',
    body: text(
      hello,
      'You would like us to come sooner. This time has become free:',
      visit,
      '{{custom_message}}',
      'Take this time: {{offer_link}}',
      'Whoever answers first gets it. The offer stands until {{answer_by}}.',
      'Your appointment on {{previous_date}} at {{previous_time}} stays as it is unless you take this one.',
    ),
  },
  waitlist_taken: {
    label: 'Earlier time is taken',
    summary: 'when somebody else took the time that was offered',
    variables: [...always, ...ofVisit, 'previous_date', 'previous_time'],
    subject: 'The time on {{appointment_date}} is taken',
    body: text(
      hello,
      'Somebody else was faster: {{appointment_date}} at {{appointment_time}} is taken.',
      'Your appointment on {{previous_date}} at {{previous_time}} stays as it is.',
      '{{custom_message}}',
      'We keep you on the list and write again when another time becomes free.',
    ),
  },
  outreach: {
    label: 'Come again',
    summary: 'some months after a visit, to ask for the next one',
    variables: [...always, 'months', 'services', 'address', 'unsubscribe_link'],
    subject: 'Would you like us to come again?',
    body: text(
      hello,
      'It has been {{months}} since our last visit.',
      'What we did: {{services}}\nWhere: {{address}}',
      '{{custom_message}}',
      'Would you like to book the next visit? Just reply to this mail.',
    ),
  },
  invoice: {
    label: 'Invoice',
    summary: 'when an invoice is sent',
    variables: [...always, ...ofBill, 'appointment_date', 'payment_link'],
    subject: 'Invoice {{invoice_number}}',
    body: text(
      'Hello {{customer_name}},',
      'Here is your invoice {{invoice_number}}.',
      'For our visit on {{appointment_date}}.',
      '{{custom_message}}',
      '{{invoice_lines}}',
      bill,
      'Pay now: {{payment_link}}',
      '{{invoice_notes}}',
      'If you have a question about this invoice, just reply to this mail.',
    ),
  },
  overdue: {
    label: 'Overdue bill',
    summary: 'some days after a bill was due, where you have switched that on',
    variables: [...always, ...ofBill, 'other_bills', 'payment_link'],
    subject: 'A reminder of invoice {{invoice_number}}',
    body: text(
      'Hello {{customer_name}},',
      'Perhaps it has slipped your mind: invoice {{invoice_number}} is not paid yet. It is attached once more.',
      '{{custom_message}}',
      bill,
      'Not paid yet, either: {{other_bills}}',
      'Pay now: {{payment_link}}',
      'If you have paid in the meantime, thank you, and please ignore this mail. If something is not right, just reply to it.',
    ),
  },
  receipt: {
    label: 'Receipt',
    summary: 'when a bill is paid in full, and you want to thank for it',
    variables: [...always, ...ofBill, 'payment_link'],
    subject: 'Thank you: receipt for {{invoice_number}}',
    body: text(
      'Hello {{customer_name}},',
      'Thank you for your payment of {{amount_paid}} for invoice {{invoice_number}}.',
      '{{custom_message}}',
      bill,
    ),
  },
  statement: {
    label: 'Statement',
    summary: 'when you send a customer all bills and payments of a time',
    variables: [...always, 'statement_period', 'statement_balance', 'statement_overdue'],
    subject: 'Your statement from {{business_name}}',
    body: text(
      'Hello {{customer_name}},',
      'Here is your statement for {{statement_period}}. All bills and payments are in the attached file.',
      '{{custom_message}}',
      'Balance: {{statement_balance}}\nOf that overdue: {{statement_overdue}}',
      reply,
    ),
  },
  quote: {
    label: 'Quote',
    summary: 'when a quote is sent',
    variables: [...always, 'services', 'address', 'price', 'answer_by', 'quote_link'],
    subject: 'Your quote from {{business_name}}',
    body: text(
      hello,
      'Here is your quote.',
      'What: {{services}}\nWhere: {{address}}\nPrice: {{price}}\nGood until: {{answer_by}}',
      '{{custom_message}}',
      'Look at the quote: {{quote_link}}',
      reply,
    ),
  },
  quote_expired: {
    label: 'Quote is over',
    summary: 'when a quote was not answered in time',
    variables: [...always, 'services', 'address', 'price'],
    subject: 'Are you still interested?',
    body: text(
      hello,
      'The quote we sent you is not good any more. If you are still interested, just reply to this mail, and we make you a new one.',
      '{{custom_message}}',
    ),
  },
  welcome: {
    label: 'Welcome',
    summary: 'when somebody becomes a customer',
    variables: [...always, 'unsubscribe_link'],
    subject: 'Welcome to {{business_name}}',
    body: text(hello, 'Thank you for choosing us.', '{{custom_message}}', reply),
  },
  other: {
    label: 'Other',
    summary: 'what you write yourself, with words of your own',
    variables: [...always, 'unsubscribe_link'],
    subject: 'A message from {{business_name}}',
    body: text(hello, '{{custom_message}}', reply),
  },
};
