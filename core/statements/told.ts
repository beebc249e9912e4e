import type { ReadContext } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { accountOf, type Whose } from './payer.ts';
import { oneStatement } from './statements-of.ts';
import { dayInWords } from './words.ts';

/** What a message has to know of its statement: the days and the money. */
export interface Which extends Whose {
  from: string;
  to: string;
  currency: string;
}

/** A statement as its customer reads about it in a mail. */
export async function toldStatement(context: ReadContext, which: Which) {
  const { from, to, closing_cents, overdue_cents, currency } = await oneStatement(
    context,
    await accountOf(context, which),
    which,
  );
  const money = (amount: number) => formatMoney(amount, currency);
  return {
    statement_period: `${dayInWords(from)} to ${dayInWords(to)}`,
    statement_balance:
      closing_cents < 0 ? `${money(-closing_cents)} in your favor` : `${money(closing_cents)} to be paid`,
    ...(overdue_cents > 0 ? { statement_overdue: money(overdue_cents) } : {}),
  };
}
