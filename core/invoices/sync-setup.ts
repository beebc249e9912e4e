import { z } from 'zod';
import { billLines } from '../checkout/bill-lines.ts';
import { askThere } from '../checkout/bill-there.ts';
import { countPages, keepPage, listEnded, listOpenPages } from '../checkout/pages.ts';
import { findPayer, type KnownPayer, keepPayer } from '../checkout/payer.ts';
import { tellOwner } from '../checkout/tell-owner.ts';
import { noKey, told } from '../checkout/trouble.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type Invoice, invoiceRecord, lockInvoice } from './invoice.ts';
import { linesOfBill } from './lines.ts';
import { setupReference } from './setup-bill.ts';

const prepared = z.object({
  bill_id: z.string(),
  payer: z.custom<Pick<KnownPayer, 'id' | 'at_stripe' | 'is_company'>>(),
  becomes: z.string(),
});

type Seen = Awaited<ReturnType<typeof seenOf>>;

/** Makes the draft that sets Stripe up, there (INV-19); done by its job. It stays a draft, which nobody can pay. Twice is once. */
export const syncSetup = defineAction({
  domain: 'invoice',
  name: 'sync_setup',
  summary: 'Make the draft at Stripe that sets it up to ask for bills; done by its job.',
  input: z.strictObject({ invoice_id: ref('invoice') }),
  output: z.object({ reference: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  locks: 'invoice_id',
  undo: 'none',
  why_not_undone: 'the draft at Stripe goes with ours',
  verb: 'make',
  past: 'made',
  object: 'draft at Stripe',
  example: { invoice_id: 'INV-2026-001' },
  touches: ['stripe'],
  human_only: true,
  roles: [],
  connectors: ['payments'],
  sees: (context, { invoice_id }) => seenOf(context, invoice_id),
  async prepare({ connectors, is_preview, seen: given, now, organization }) {
    if (is_preview) return undefined;
    const service = await connectors.payments();
    if (!service) throw noKey();
    // Handed on by the pipeline as it came.
    const seen = z.custom<Seen>().parse(given);
    const { invoice, payer } = seen;
    try {
      const { bill, payer: becomes } = await askThere(service, {
        ...seen,
        amount_cents: invoice.total_cents,
        today: now.toZonedDateTimeISO(organization.time_zone).toPlainDate(),
        notes: { invoice: invoice.reference, invoice_id: invoice.id, business: organization.slug },
        is_draft: true,
      });
      return { bill_id: bill.id, payer, becomes };
    } catch (error) {
      throw told(error);
    }
  },
  async run(context, { invoice_id }) {
    const invoice = await lockInvoice(context, invoice_id);
    requireSetup(invoice);
    const { reference, total_cents: amount_cents, currency } = invoice;
    if (context.prepared === undefined) return { reference };
    const { bill_id, payer, becomes } = prepared.parse(context.prepared);
    await keepPayer(context, payer, becomes);
    await keepPage(context, {
      session_id: bill_id,
      kind: 'bill',
      invoice_id,
      amount_cents,
      currency,
      // A draft has no page.
      url: '',
      expires_at: context.now.add({ hours: 400 * 24 }).toString(),
      payment_intent_id: null,
    });
    const kept = await updateRow(context, invoiceRecord, invoice_id, {
      stripe_invoice_id: bill_id,
      stripe_customer_id: becomes,
      last_synced_at: context.now.toString(),
    });
    await tellOwner(context, kept, 'stripe_bill', undefined);
    return { reference };
  },
});

function requireSetup({ reference, status }: Invoice): void {
  if (reference === setupReference && status === 'draft') return;
  throw new DeskhandError('INVALID_STATE', `${reference} does not set Stripe up (any more).`);
}

async function seenOf(context: ReadContext, invoice_id: string) {
  const invoice = await getRow(context, invoiceRecord, invoice_id);
  requireSetup(invoice);
  const known = await findPayer(context, invoice);
  if (!known) throw new DeskhandError('INVALID_STATE', `The customer of ${invoice.reference} was removed.`);
  // Nobody reads mail there, and Stripe takes no such address.
  const payer = { ...known, email: undefined };
  return {
    invoice,
    payer,
    lines: billLines(invoice, await linesOfBill(context, invoice.id), invoice.total_cents),
    count: await countPages(context, invoice.id),
    ended: await listEnded(context, invoice.id),
    open: (await listOpenPages(context, invoice.id))[0],
  };
}
