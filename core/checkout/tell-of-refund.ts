import type { Invoice } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import type { Refund } from '../payments/record.ts';
import { refusedWords } from './refused-words.ts';
import { tellOwner } from './tell-owner.ts';

/** The code of a refund of which nobody knows whether Stripe has carried it out. */
export const notReached = 'not_reached';

/**
 * Tells the owner of money that was not given back, or of which nobody knows; the task is done once money of the bill was given back.
 * The bill is locked.
 */
export async function tellOfRefund(
  context: Context,
  { invoice, refund }: { invoice: Invoice; refund: Refund },
): Promise<void> {
  const { status, failure, amount_cents, currency, reference: refund_ref } = refund;
  const isUnsure = status === 'pending' && failure === notReached;
  if (status === 'pending' && !isUnsure) return;
  if (status === 'succeeded') return tellOwner(context, invoice, 'refund_failed', undefined);
  const { reference } = invoice;
  const { name } = await payerOf(context, invoice);
  const money = formatMoney(amount_cents, currency);
  const to = name === '' ? '' : ` to ${name}`;
  return tellOwner(
    context,
    invoice,
    'refund_failed',
    isUnsure
      ? {
          title: `Look whether ${money} for ${reference} was given back${to}`,
          note: `Stripe could not be reached for ${refund_ref}. Look there. If it was given back, that shows on the bill by itself; if not, try it again under what did not go out.`,
        }
      : {
          title: `${money} for ${reference} was not given back${to}`,
          note: `${refusedWords(failure)} (${refund_ref}). Nothing of it has left. Give it back from the bill once more, or in another way and tell the customer.`,
        },
  );
}
