import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { todayOf } from '../kernel/words/time.ts';
import { type BilledTo, listOverdueOf } from './customer-queries.ts';
import { balanceOf } from './record.ts';

/** More bills than these are counted. */
const mostNamed = 5;

/** The other overdue bills of a customer or a company that pays, in words for one who reads of the first; nothing when there are none. */
export async function toldOtherBills(
  context: ReadContext,
  { invoice_id, ...payer }: BilledTo & { invoice_id: string },
): Promise<{ other_bills?: string }> {
  const all = await listOverdueOf(context, payer, todayOf(context).toString());
  const others = all.filter(({ id }) => id !== invoice_id);
  if (others.length === 0) return {};
  const named = others.slice(0, mostNamed).map(bill => {
    const due = bill.due_on === null ? '' : `, due on ${inWords(bill.due_on)}`;
    return `${bill.reference} (${formatMoney(balanceOf(bill, '').due_cents, bill.currency)}${due})`;
  });
  const more = others.length - named.length;
  return { other_bills: [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ') };
}

const inWords = (day: string): string =>
  Temporal.PlainDate.from(day).toLocaleString('en-US', { dateStyle: 'long' });
