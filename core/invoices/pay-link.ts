import { z } from 'zod';
import { defineLink } from '../kernel/outside/link-page.ts';
import { findLink } from '../kernel/outside/links.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { billAsPdf, logoFile, showBill } from './pay-page.ts';

/** The purpose of the link whose page shows a bill to its payer (D4). */
export const payPurpose = 'pay';

/**
 * The page of a bill for who pays it (D4): what is due, a way to pay, and a way to say that it is paid. The bill has one such
 * address, which stays good and shows whatever is so now: nobody loses an old mail. It claims nothing that is not written down.
 */
export const payLink = defineLink({
  purpose: payPurpose,
  path: 'pay',
  summary: 'shows a bill: to pay it, or to say that it is paid',
  subject: 'invoice',
  is_bound_to_version: false,
  days: 400,
  stays_good: true,
  is_shared: true,
  leads_out: true,
  shows: showBill,
  files: { pdf: billAsPdf, logo: logoFile },
  action: 'invoice.say_paid',
  input: ({ subject_id }, { how, words }) => ({
    invoice_id: subject_id,
    ...(how ? { how } : {}),
    ...(words ? { words } : {}),
  }),
  done: {
    title: 'Thank you for telling us',
    lines: ['We look whether the money has arrived. You need not do anything else.'],
  },
  others: {
    // To the page of Stripe, where the card is typed: never here.
    pay: {
      action: 'invoice.open_checkout',
      input: ({ subject_id }) => ({ invoice_id: subject_id }),
      done: answer => ({ leads_to: opened.parse(answer).checkout_url }),
    },
  },
});

const opened = z.object({ checkout_url: z.url() });

/** The link by which the payer of a bill comes to its page, its id: the caller's own, else the one there is. */
export const payLinkOf = async (
  context: ReadContext,
  invoiceId: string,
  own?: string,
): Promise<string | undefined> => own ?? findPayLink(context, { id: invoiceId });

/** The link of a bill, its id: the one there is, or a new one. Whoever makes the bill known has it made. */
export const makePayLink = (
  context: Context,
  { id, contact_id, company_id }: Pick<Invoice, 'id' | 'contact_id' | 'company_id'>,
) => context.makeLink({ purpose: payPurpose, subject_id: id, contact_id, company_id });

/** The link of a bill, its id alone, which is no secret: its address is made of it by the delivery, and by pages for people. */
export const payLinkView = defineView({
  type: 'pay_link',
  domain: 'invoice',
  summary: 'Which link leads to the page of a bill for its payer.',
  row: z.object({ invoice_id: z.string(), link_id: z.string().nullable() }),
  params: z.strictObject({ invoice_id: ref('invoice') }),
  async run(context, { params: { invoice_id } }) {
    const link_id = await findPayLink(context, await getRow(context, invoiceRecord, invoice_id));
    return { rows: [{ invoice_id, link_id: link_id ?? null }] };
  },
});

/** The link of a bill, its id; undefined when nobody has made one. */
export const findPayLink = (context: ReadContext, { id }: Pick<Invoice, 'id'>) =>
  findLink(context, payLink, { subject_id: id });
