import type { Invoice } from '../invoices/invoice.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { stripeKey } from './secrets.ts';

/** Whether a bill can be paid at Stripe, at a page of ours or by its invoice there: the business has a key, and wants this one paid so. */
export const isPaidOnline = async (
  context: ReadContext,
  { collection_method }: Pick<Invoice, 'collection_method'>,
): Promise<boolean> => collection_method !== 'manual' && (await context.hasSecret(stripeKey.name));
