import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import type { FileTools } from '../kernel/registry/view.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { todayOf } from '../kernel/words/time.ts';
import { businessPhone, legalName, postalAddress, replyTo, taxId } from '../organizations/letterhead.ts';
import { currentLogo } from '../organizations/set-logo.ts';
import { paperSizes } from '../paper/size.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { whenInWords } from '../tickets/told-visit.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { payerOf } from './payer.ts';
import { listLines } from './queries.ts';
import { balanceOf, type InvoiceLine } from './record.ts';
import { howToPay, invoiceFooter, invoiceTerms, paperSize, paymentUrl } from './settings.ts';

const named = z.object({ label: z.string(), value: z.string() });

/** A bill as it stands on paper: every word and amount of it, in the order they are read (INV-16). */
export const paperRow = z.object({
  reference: z.string(),
  /** What it is, when it is no bill to be paid: `Draft`, `Void`, `Cancelled`, `Paid`. */
  stamp: z.string().nullable(),
  size: z.enum(paperSizes),
  business: z.object({ name: z.string(), lines: z.array(z.string()) }),
  customer: z.object({ name: z.string(), lines: z.array(z.string()) }),
  facts: z.array(named),
  subject: z.string().nullable(),
  lines: z.array(
    z.object({
      description: z.string(),
      quantity: z.string(),
      unit_price: z.string(),
      /** In percent; null where nothing on the bill is taxed. */
      tax: z.string().nullable(),
      amount: z.string(),
      /** What the lines come to up to here, for the foot of a page. */
      carried: z.string(),
    }),
  ),
  sums: z.array(named),
  /** What is to be paid; null when that is nothing. */
  due: named.nullable(),
  /** Whether it is out and something is still due: then it says how it is paid. */
  is_payable: z.boolean().default(false),
  how_to_pay: z.string().nullable(),
  payment_url: z.string().nullable(),
  /** The id of the logo on it; its picture never changes. */
  logo: z.string().nullable().default(null),
  notes: z.string().nullable(),
  terms: z.string().nullable(),
  footer: z.string().nullable(),
  /** The day it went out, or else this one: the only time that stands in the file, so that the same bill is the same file. */
  dated: z.string(),
});
export type Paper = z.infer<typeof paperRow>;

/** What stands on the paper of a bill; the file itself is drawn of it, by the page and for the mail. */
export const invoicePaper = defineView({
  type: 'invoice_paper',
  domain: 'invoice',
  summary: 'What stands on the paper of a bill: its lines, taxes and sums in words, and how it is paid.',
  keywords: ['pdf', 'print', 'paper', 'bill', 'invoice document'],
  whose: 'theirs',
  row: paperRow,
  params: z.strictObject({ invoice_id: ref('invoice') }),
  file: {
    format: 'pdf',
    content_type: 'application/pdf',
    name: row => fileName(paperRow.parse(row)),
    write: async (row, tools) => {
      const paper = paperRow.parse(row);
      return writePaper(paper, await drawnFor(paper, tools));
    },
  },
  async run(context, { params: { invoice_id } }) {
    return { rows: [await paperOf(context, invoice_id)] };
  },
});

/** `INV-2026-006.pdf` */
export const fileName = ({ reference }: Paper): string => `${reference}.pdf`;

/** What is drawn and stands in no row: an address that only its payer has, and bytes. */
export interface Drawn {
  /** The address of the bill's page for its payer, on the sheet that goes to them. */
  pay_at?: string | undefined;
  /** The picture of its logo. */
  logo?: Buffer | undefined;
}

const found = z.object({ picture: z.string().nullable() });
const linked = z.object({ link_id: z.string().nullable() });

/** What the paper of a bill is drawn with, for whoever wants the file. The people of the business see the sheet their payer sees. */
async function drawnFor(paper: Paper, { read, linkAddress }: FileTools): Promise<Drawn> {
  const [link] =
    linkAddress && paper.is_payable
      ? await read('pay_link', { params: { invoice_id: paper.reference } })
      : [];
  const { link_id } = linked.parse(link ?? { link_id: null });
  return {
    logo: await pictureFor(paper, read),
    pay_at: link_id === null ? undefined : linkAddress?.('pay', link_id),
  };
}

/** The picture of the logo that a paper names. */
export async function pictureFor(
  { logo }: Pick<Paper, 'logo'>,
  read: FileTools['read'],
): Promise<Buffer | undefined> {
  if (logo === null) return undefined;
  const [row] = await read('logo', {
    params: { logo_id: logo, with_picture: 'yes' },
    fields: ['picture'],
  });
  const { picture } = found.parse(row ?? { picture: null });
  return picture === null ? undefined : Buffer.from(picture, 'base64');
}

/** The bill as a PDF. What draws is loaded by the first one: most commands draw none. */
export async function writePaper(paper: Paper, drawn: Drawn = {}): Promise<Buffer> {
  const { drawPaper } = await import('./draw.ts');
  return drawPaper(paper, drawn);
}

/** A bill as it stands on paper. Throws NOT_FOUND. */
export async function paperOf(context: ReadContext, invoiceId: string): Promise<Paper> {
  const invoice = await getRow(context, invoiceRecord, invoiceId);
  const lines = await listLines(context, [invoice.id]);
  const { due_cents } = balanceOf(invoice, todayOf(context).toString());
  const isOpen = due_cents > 0 && invoice.status !== 'draft';
  const setting = {
    how_to_pay: settingOf(context, howToPay),
    payment_url: settingOf(context, paymentUrl),
    terms: settingOf(context, invoiceTerms),
    footer: settingOf(context, invoiceFooter),
  };
  return {
    reference: invoice.reference,
    stamp: stamps[invoice.status] ?? null,
    size: settingOf(context, paperSize),
    business: businessOf(context),
    customer: await customerOf(context, invoice),
    facts: await factsOf(context, invoice),
    subject: invoice.description,
    lines: linesOf(invoice, lines),
    sums: sumsOf(invoice, lines),
    due: due_cents > 0 ? { label: 'Amount due', value: formatMoney(due_cents, invoice.currency) } : null,
    is_payable: isOpen,
    how_to_pay: isOpen ? emptyAsNull(setting.how_to_pay) : null,
    payment_url: isOpen ? emptyAsNull(setting.payment_url) : null,
    logo: (await currentLogo(context))?.id ?? null,
    notes: invoice.notes,
    terms: invoice.terms_and_conditions ?? emptyAsNull(setting.terms),
    footer: invoice.footer ?? emptyAsNull(setting.footer),
    dated: invoice.issued_on ?? todayOf(context).toString(),
  };
}

const stamps: Readonly<Partial<Record<Invoice['status'], string>>> = {
  draft: 'Draft',
  paid: 'Paid',
  cancelled: 'Cancelled',
  void: 'Void',
};

const emptyAsNull = (text: string): string | null => (text === '' ? null : text);

/** The business as it stands at the head of a paper. */
export function businessOf(context: ReadContext): Paper['business'] {
  const legal = settingOf(context, legalName);
  const tax = settingOf(context, taxId);
  const { name } = context.organization;
  const lines = [
    legal === name ? '' : legal,
    settingOf(context, postalAddress),
    settingOf(context, businessPhone),
    settingOf(context, replyTo),
    tax === '' ? '' : `Tax ID ${tax}`,
  ];
  return { name, lines: lines.flatMap(line => line || []) };
}

async function customerOf(context: ReadContext, invoice: Invoice): Promise<Paper['customer']> {
  const { name, address } = await payerOf(context, invoice);
  return { name, lines: address === null ? [] : address.split('\n') };
}

async function factsOf(context: ReadContext, invoice: Invoice): Promise<Paper['facts']> {
  const visit =
    invoice.ticket_id === null ? undefined : await findRow(context, ticketRecord, invoice.ticket_id);
  const order = invoice.custom_fields.po_number;
  return [
    { label: 'Invoice', value: invoice.reference },
    ...(invoice.issued_on === null ? [] : [{ label: 'Date', value: dayInWords(invoice.issued_on) }]),
    ...(invoice.due_on === null ? [] : [{ label: 'Due', value: dayInWords(invoice.due_on) }]),
    ...(visit ? [{ label: 'Visit', value: whenInWords(context, visit.scheduled_at).appointment_date }] : []),
    ...(typeof order === 'string' ? [{ label: 'PO number', value: order }] : []),
  ];
}

function linesOf({ currency }: Invoice, lines: readonly InvoiceLine[]): Paper['lines'] {
  const isTaxed = lines.some(({ tax_rate }) => tax_rate > 0);
  let carried = 0;
  return lines.map(({ description, quantity, unit_price_cents, tax_rate, subtotal_cents }) => {
    carried += subtotal_cents;
    return {
      description,
      quantity: quantity.toLocaleString('en-US', { maximumFractionDigits: 3 }),
      unit_price: formatMoney(unit_price_cents, currency),
      tax: isTaxed ? percent(tax_rate) : null,
      amount: formatMoney(subtotal_cents, currency),
      carried: formatMoney(carried, currency),
    };
  });
}

/** The tax of each rate apart, with what it is taken of: that is what the authorities of most places want to read. */
function sumsOf(invoice: Invoice, lines: readonly InvoiceLine[]): Paper['sums'] {
  const { currency, subtotal_cents, discount_cents, total_cents, paid_cents } = invoice;
  const money = (amount: number) => formatMoney(amount, currency);
  const rates = [...new Set(lines.map(({ tax_rate }) => tax_rate))]
    .filter(rate => rate > 0)
    .sort((a, b) => a - b);
  const taxes = rates.map(rate => {
    const taxed = lines.filter(({ tax_rate }) => tax_rate === rate);
    const of = taxed.reduce((sum, line) => sum + line.subtotal_cents, 0);
    const tax = taxed.reduce((sum, line) => sum + line.tax_cents, 0);
    return { label: `Tax ${percent(rate)} of ${money(of)}`, value: money(tax) };
  });
  const isPlain = taxes.length === 0 && discount_cents === 0;
  return [
    ...(isPlain ? [] : [{ label: 'Subtotal', value: money(subtotal_cents) }]),
    ...taxes,
    ...(discount_cents > 0 ? [{ label: 'Discount', value: money(-discount_cents) }] : []),
    { label: 'Total', value: money(total_cents) },
    ...(paid_cents > 0 ? [{ label: 'Paid', value: money(-paid_cents) }] : []),
  ];
}

const percent = (rate: number): string => `${rate.toLocaleString('en-US', { maximumFractionDigits: 4 })}%`;

/** `December 18, 2026` */
const dayInWords = (day: string): string =>
  Temporal.PlainDate.from(day).toLocaleString('en-US', { dateStyle: 'long' });
