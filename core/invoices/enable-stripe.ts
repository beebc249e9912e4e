import { z } from 'zod';
import { stripeKey } from '../checkout/secrets.ts';
import { noKey } from '../checkout/trouble.ts';
import { systemContact } from '../contacts/system-contact.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { todayOf } from '../kernel/words/time.ts';
import { lineAmounts } from '../lines/totals.ts';
import { decideSetting, lockBusiness } from '../organizations/decide-setting.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { amountsOf } from './lines.ts';
import { findByReference, insertLines } from './queries.ts';
import { defaultCollectionMethod, invoicingEnabled } from './settings.ts';
import { setupBill, setupDays, setupLine, setupReference, syncingSetup } from './setup-bill.ts';

/**
 * Sets Stripe up to ask for bills by invoices of its own, with one press (INV-19): a draft for the business itself, which a job makes
 * at Stripe, and from then on new bills go that way unless they or the business say otherwise. Pressed again it answers the same; a draft
 * that was thrown away stays so. Throws INVALID_STATE without a key of Stripe.
 */
export const enableStripe = defineAction({
  domain: 'invoice',
  name: 'enable_stripe',
  summary:
    'Have Stripe ask for new bills by invoices of its own; sets it up with a draft that may be deleted.',
  input: z.strictObject({}),
  output: z.object({ success: z.boolean(), invoice_id: z.string(), reference: z.string() }),
  permission: { level: 'requires_authorization' },
  widens: 'settings of the business',
  effect: 'update',
  undo: 'none',
  why_not_undone: 'how new bills ask for money is a setting',
  verb: 'set up',
  past: 'set up',
  object: 'Stripe',
  example: {},
  touches: ['stripe'],
  human_only: true,
  roles: ['owner', 'admin'],
  on_page: '/settings/secrets',
  keywords: ['stripe invoicing', 'one click', 'hosted invoice', 'enable'],
  async run(context) {
    if (!(await context.hasSecret(stripeKey.name))) throw noKey();
    // Of two who press at once the second waits here, and finds what the first has made.
    await lockBusiness(context);
    const known = await findByReference(context, setupReference);
    if (known && settingOf(context, invoicingEnabled)) {
      if (known.status === 'draft') await sync(context, known.id);
      context.unchanged();
      return { success: true, invoice_id: known.id, reference: setupReference };
    }
    const { id } = known ?? (await insertSetup(context));
    if (!known || known.status === 'draft') await sync(context, id);
    await decideSetting(context, invoicingEnabled, true);
    await decideSetting(context, defaultCollectionMethod, 'stripe_invoice');
    return { success: true, invoice_id: id, reference: setupReference };
  },
});

const sync = (context: Context, invoice_id: string) =>
  context.enqueue({ kind: syncingSetup, payload: { invoice_id }, dedupe_key: invoice_id });

async function insertSetup(context: Context): Promise<Invoice> {
  const line = { ...setupLine, ...lineAmounts(setupLine) };
  const { currency } = context.organization;
  const invoice = await insertRow(context, invoiceRecord, {
    id: newId(),
    ...setupBill,
    tags: [...setupBill.tags],
    source: 'standalone',
    contact_id: await systemContact(context),
    currency,
    due_on: todayOf(context).add({ days: setupDays }).toString(),
    ...amountsOf([line], 0, currency),
  });
  await insertLines(context, invoice.id, [line]);
  return invoice;
}
