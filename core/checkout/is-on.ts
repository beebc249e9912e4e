import type { Invoice } from '../invoices/invoice.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { stripeKey } from './secrets.ts';

/** Whether a bill can be paid at a page of Stripe: the business has a key there, and wants this one paid so. */
export const isPaidOnline = async (
  context: ReadContext,
  { collection_method }: Pick<Invoice, 'collection_method'>,
): Promise<boolean> => collection_method === 'checkout' && (await context.hasSecret(stripeKey.name));
