/** What a text for a customer may name: what it stands for, and how it reads in a preview of a made-up visit. */
interface Variable {
  summary: string;
  sample: string;
  /** An address of its own for each mail; it is made when the mail is delivered, and nothing but the mail has it. */
  is_link?: true;
  /** Lines of it, not a word on a line. */
  is_long?: true;
  /** It may be empty: its line is left out then. */
  is_optional?: true;
}

const all = {
  customer_name: { summary: 'the customer’s whole name', sample: 'Jane Smith' },
  customer_first_name: { summary: 'the first name, or the whole one', sample: 'Jane' },
  business_name: { summary: 'how your business is called', sample: 'Bright Panes Window Cleaning' },
  business_phone: { summary: 'your number, from the settings', sample: '(256) 555-0100' },
  custom_message: {
    summary: 'a few words for this customer alone; its line is left out when there are none',
    sample: 'Please leave the side gate open.',
    is_long: true,
    is_optional: true,
  },
  appointment_date: { summary: 'the day of the visit', sample: 'Tuesday, December 1' },
  appointment_time: { summary: 'when we come', sample: '9:00 AM' },
  previous_date: { summary: 'the day it was before', sample: 'Monday, November 30' },
  previous_time: { summary: 'the time it was before', sample: '10:00 AM' },
  address: { summary: 'where the visit is', sample: '123 Main Street, Madison, AL 35758' },
  services: { summary: 'what is done', sample: 'Screen Cleaning and Gutter Cleaning' },
  price: { summary: 'what it costs, with “estimated” where it is', sample: '$150.00 (estimated)' },
  technician: { summary: 'who comes, by first name', sample: 'Theo' },
  repeats: {
    summary: 'how often the visit comes again; its line is left out for one that comes once',
    sample: 'every 6 weeks, next on Tuesday, January 12',
    is_optional: true,
  },
  months: { summary: 'how long ago the last visit was', sample: '6 months' },
  free_times: {
    summary: 'times that are free, one on a line',
    sample: 'Tuesday, December 1 at 1:00 PM\nThursday, December 3 at 9:00 AM',
    is_long: true,
  },
  answer_by: { summary: 'until when an offer stands', sample: 'Monday, November 30 at 5:00 PM' },
  invoice_number: { summary: 'the number of the invoice', sample: 'INV-2026-014' },
  invoice_lines: {
    summary: 'what was done and what each costs, one on a line',
    sample: 'Screen Cleaning: 20 x $5.00 = $100.00\nGutter Cleaning: $50.00',
    is_long: true,
  },
  invoice_total: { summary: 'what the invoice comes to', sample: '$150.00' },
  invoice_tax: { summary: 'the tax on top of the lines', sample: '$12.00', is_optional: true },
  invoice_discount: { summary: 'what is taken off', sample: '-$12.00', is_optional: true },
  invoice_notes: {
    summary: 'the notes on the invoice',
    sample: 'Thank you!',
    is_long: true,
    is_optional: true,
  },
  amount_paid: { summary: 'what is paid of it', sample: '$50.00', is_optional: true },
  amount_due: { summary: 'what is still to be paid', sample: '$100.00', is_optional: true },
  due_date: { summary: 'until when', sample: 'December 18, 2026', is_optional: true },
  other_bills: {
    summary: 'other bills of the customer that are overdue; its line is left out when there are none',
    sample: 'INV-2026-009 ($80.00, due on December 4, 2026)',
    is_optional: true,
  },
  statement_period: { summary: 'from when until when', sample: 'January 1 to November 18, 2026' },
  statement_balance: { summary: 'what is to be paid in all', sample: '$250.00' },
  statement_overdue: { summary: 'what of it is overdue', sample: '$100.00', is_optional: true },
  accept_link: { summary: 'the customer accepts the visit', sample: 'accept', is_link: true },
  decline_link: { summary: 'the customer declines it', sample: 'decline', is_link: true },
  modify_link: { summary: 'the customer asks for another time', sample: 'modify', is_link: true },
  offer_link: { summary: 'the customer takes the time that is offered', sample: 'offer', is_link: true },
  payment_link: {
    summary:
      'the page where the customer sees the bill and pays it; its line is left out when nothing is due',
    sample: 'pay',
    is_link: true,
    is_optional: true,
  },
  quote_link: { summary: 'the customer looks at the quote', sample: 'quote', is_link: true },
  unsubscribe_link: { summary: 'the customer wants no more of these', sample: 'unsubscribe', is_link: true },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof all;
export type LinkName = Extract<VariableName, `${string}_link`>;

/** Every variable there is, by name. */
export const variables: Readonly<Record<VariableName, Variable>> = all;

export const isVariable = (name: string): name is VariableName => Object.hasOwn(all, name);

export const isLinkName = (name: string): name is LinkName =>
  isVariable(name) && variables[name].is_link === true;

/** What the variables of one mail stand for; what is not known is left out. */
export type Values = Readonly<Partial<Record<VariableName, string>>>;

const always = [
  'customer_name',
  'customer_first_name',
  'business_name',
  'business_phone',
  'custom_message',
] as const;
const ofVisit = [
  'appointment_date',
  'appointment_time',
  'address',
  'services',
  'price',
  'technician',
  'repeats',
] as const;
const ofAnswer = ['accept_link', 'decline_link', 'modify_link'] as const;
const ofBill = [
  'invoice_number',
  'invoice_lines',
  'invoice_total',
  'invoice_tax',
  'invoice_discount',
  'invoice_notes',
  'amount_paid',
  'amount_due',
  'due_date',
] as const;

export { always, ofAnswer, ofBill, ofVisit };
