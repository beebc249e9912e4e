import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, readDay, todayOf } from '../kernel/words/time.ts';
import { movementsOf, onItsWayOf } from '../reading/movements.ts';
import { type Account, accountOf, type Whose } from './payer.ts';
import { sumUp } from './sums.ts';

const cents = z.number();

const entry = z.object({
  on: z.string(),
  kind: z.enum(['bill', 'payment', 'refund', 'credit']),
  reference: z.string(),
  /** The bill it is about. */
  invoice: z.string(),
  method: z.string().nullable(),
  due_on: z.string().nullable(),
  amount_cents: cents,
  balance_cents: cents,
});

/** What a customer or a company was billed and has paid in one currency, exact to the last cent. */
export const statementRow = z.object({
  /** Its reference, where a customer pays. */
  contact: z.string().nullable(),
  /** Its reference, where a company pays. */
  company: z.string().nullable(),
  /** The name of who pays. */
  customer: z.string(),
  currency: z.string(),
  from: z.string(),
  to: z.string(),
  opening_cents: cents,
  entries: z.array(entry),
  closing_cents: cents,
  open_cents: cents,
  credit_cents: cents,
  overdue_cents: cents,
  /** The day since which the oldest bill of it is open. */
  open_since: z.string().nullable(),
  /** What is open by days after it was due. */
  aging: z.object({
    not_due_cents: cents,
    days_1_to_30_cents: cents,
    days_31_to_60_cents: cents,
    days_61_to_90_cents: cents,
    over_90_days_cents: cents,
  }),
  /** What a bank is to bring; it is not taken off yet. */
  on_its_way_cents: cents,
});
export type Statement = z.infer<typeof statementRow>;

/** Whose statement, over which days and in which money. */
export const asked = {
  contact_id: ref('contact').optional(),
  company_id: ref('company')
    .optional()
    .meta({ ref: 'company', description: 'of a company that pays bills, instead' }),
  from: day.optional().meta({ description: 'a year before to when left out' }),
  to: day.optional().meta({ description: 'today when left out' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
};
export interface Asked extends Whose {
  from?: string | undefined;
  to?: string | undefined;
  currency?: string | undefined;
}

/**
 * The statements of a customer or a company, one for each currency. Throws NOT_FOUND, VALIDATION_ERROR for days in the wrong
 * order, and when neither is named or both are.
 */
export const statementsOf = async (context: ReadContext, asked: Asked): Promise<Statement[]> =>
  statementsOfAccount(context, await accountOf(context, asked), asked);

async function statementsOfAccount(
  context: ReadContext,
  { payer, reference, name, is_company }: Account,
  asked: Asked,
): Promise<Statement[]> {
  const { from, to } = periodOf(context, asked);
  const [moved, coming] = await Promise.all([
    movementsOf(context, { ...payer, to }),
    onItsWayOf(context, payer),
  ]);
  const found = [...new Set([...moved.map(({ currency }) => currency), ...coming.keys()])].sort();
  const known = found.length > 0 ? found : [context.organization.currency];
  const wanted = asked.currency === undefined ? known : [asked.currency];
  return wanted.map(currency => {
    const { entries, ...sums } = sumUp(
      moved.filter(movement => movement.currency === currency),
      { from, to },
    );
    return {
      contact: is_company ? null : reference,
      company: is_company ? reference : null,
      customer: name,
      currency,
      from,
      to,
      ...sums,
      entries: entries.map(({ currency: _, ...each }) => each),
      on_its_way_cents: coming.get(currency) ?? 0,
    };
  });
}

/** The one that is meant where one goes out: in the money that was said, or that of the business where there are several. */
export async function oneStatement(context: ReadContext, account: Account, asked: Asked): Promise<Statement> {
  const all = await statementsOfAccount(context, account, asked);
  const own = all.find(({ currency }) => currency === context.organization.currency);
  const one = all.length > 1 ? (own ?? all[0]) : all[0];
  if (!one) throw new Error('a customer has one statement at least');
  return one;
}

function periodOf(context: ReadContext, { from, to }: Asked): { from: string; to: string } {
  const last = to === undefined ? todayOf(context) : readDay(to, 'to');
  const first = from === undefined ? last.subtract({ years: 1 }) : readDay(from, 'from');
  if (first.until(last, { largestUnit: 'days' }).days >= 0)
    return { from: first.toString(), to: last.toString() };
  throw invalid('from', 'A statement begins before it ends.', {
    got: from,
    hint: 'Give an earlier from, or a later to.',
  });
}
