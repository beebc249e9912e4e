import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';
import { taxRate } from '../lines/totals.ts';
import { paperSizes } from '../paper/size.ts';
import { collectionMethods, paymentTerms } from './record.ts';

/** INV-18. */
export const daysUntilDue = defineSetting({
  name: 'days_until_due',
  label: 'Days to pay an invoice',
  summary: 'Days from the day of an invoice until it is due.',
  value: z.int().min(0).max(365),
  usual: 30,
  open_to: 'agents',
});

/** INV-18. */
export const defaultPaymentTerms = defineSetting({
  name: 'default_payment_terms',
  label: 'Terms of new bills',
  summary:
    'Terms of a bill that says none, which say when it is due; none: as many days as days_until_due says.',
  value: z.enum(['none', ...paymentTerms]),
  usual: 'none',
  open_to: 'agents',
});

export const defaultTaxRate = defineSetting({
  name: 'default_tax_rate',
  label: 'Sales tax in percent',
  summary: 'Percent of tax on a line of a bill that says no other rate; prices are before tax.',
  value: taxRate,
  usual: 0,
  open_to: 'agents',
});

const textOrNothing = z.string().trim().max(2_000);

export const defaultCollectionMethod = defineSetting({
  name: 'default_collection_method',
  label: 'How new bills ask for money',
  summary:
    'checkout: by a page to pay at, stripe_invoice: by an invoice of Stripe’s (both once there is a key of Stripe), manual: without Stripe. A bill may say otherwise.',
  value: z.enum(collectionMethods),
  usual: 'checkout',
  open_to: 'people',
});

export const invoicingEnabled = defineSetting({
  name: 'invoicing_enabled',
  label: 'Stripe asks for bills',
  summary:
    'Whether Stripe was set up to ask for bills by invoices of its own; the button under Connected services does that, and new bills then go that way.',
  value: z.boolean(),
  usual: false,
  open_to: 'people',
});

/** Where money goes is said by people alone: whoever could change it could have bills paid to themselves. */
export const howToPay = defineSetting({
  name: 'how_to_pay',
  label: 'How bills are paid',
  summary: 'Words below what is due on a bill: whom checks are made out to, the bank account.',
  value: textOrNothing,
  usual: '',
  open_to: 'people',
});

/** For businesses without a payment service of their own here (004). */
export const paymentUrl = defineSetting({
  name: 'payment_url',
  label: 'Page for paying',
  summary: 'A page of yours where customers pay; bills show its address and a code to point a phone at.',
  value: z.union([z.url({ protocol: /^https$/ }).max(500), z.literal('')]),
  usual: '',
  open_to: 'people',
});

export const invoiceTerms = defineSetting({
  name: 'invoice_terms',
  label: 'Terms on bills',
  summary: 'Terms that stand on every bill which has none of its own.',
  value: textOrNothing,
  usual: '',
  open_to: 'agents',
});

export const invoiceFooter = defineSetting({
  name: 'invoice_footer',
  label: 'Last lines of bills',
  summary: 'What stands at the end of every bill which has no last lines of its own.',
  value: textOrNothing,
  usual: '',
  open_to: 'agents',
});

export const paperSize = defineSetting({
  name: 'paper_size',
  label: 'Paper of bills',
  summary: 'The paper that bills are made for.',
  value: z.enum(paperSizes),
  usual: 'LETTER',
  open_to: 'agents',
});

/** Nothing goes out by itself before somebody of the business has said so. */
export const remindsOfBills = defineSetting({
  name: 'remind_of_overdue_bills',
  label: 'Reminders of overdue bills',
  summary:
    'Whether customers are reminded by mail of bills that are overdue: off, or on. Each mail stands in the list of messages days before.',
  value: z.enum(['off', 'on']),
  usual: 'off',
  open_to: 'people',
});

const daysAfterDue = z.int().min(0).max(365);

export const remindAfter = defineSetting({
  name: 'remind_after_days',
  label: 'First reminder after',
  summary: 'Days after a bill was due until its customer is reminded by mail; 0 leaves it out.',
  value: daysAfterDue,
  usual: 3,
  open_to: 'people',
});

export const remindAgainAfter = defineSetting({
  name: 'remind_again_after_days',
  label: 'Second reminder after',
  summary: 'Days after a bill was due until its customer is reminded by mail once more; 0 leaves it out.',
  value: daysAfterDue,
  usual: 10,
  open_to: 'people',
});

/** What two mails have not reached is said by telephone. */
export const callAfter = defineSetting({
  name: 'call_after_days',
  label: 'Call about a bill after',
  summary: 'Days after a bill was due until somebody of the office is to call its customer; 0 leaves it out.',
  value: daysAfterDue,
  usual: 21,
  open_to: 'people',
});

export const invoiceSettings = [
  daysUntilDue,
  defaultPaymentTerms,
  defaultTaxRate,
  defaultCollectionMethod,
  invoicingEnabled,
  howToPay,
  paymentUrl,
  invoiceTerms,
  invoiceFooter,
  paperSize,
  remindsOfBills,
  remindAfter,
  remindAgainAfter,
  callAfter,
];
