/**
 * What sets Stripe up to ask for bills (INV-19): a draft for the business itself. Its number is not of the series of decision 035, and
 * it is never sent.
 */
export const setupReference = 'SETUP-DRAFT-001';

/** FIX-08 */
export const setupBill = {
  reference: setupReference,
  subtype: 'setup',
  description: 'Initial setup invoice (draft)',
  notes: 'This is a setup invoice created to enable Stripe Invoicing. You can safely delete this draft.',
  tags: ['setup', 'draft', 'system'],
  collection_method: 'stripe_invoice',
} as const;

export const setupLine = {
  service_id: null,
  description: 'Initial invoice setup (draft - can be deleted)',
  quantity: 1,
  unit_price_cents: 100,
  tax_rate: 0,
} as const;

export const setupDays = 30;

/** The kind of the job that makes the draft at Stripe. */
export const syncingSetup = 'sync_setup_bill';
