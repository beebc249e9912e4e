import { businessOf } from '../invoices/paper.ts';
import { howToPay, invoiceFooter, paperSize } from '../invoices/settings.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { currentLogo } from '../organizations/set-logo.ts';
import { methodWords, type PaymentMethod } from '../payments/record.ts';
import type { StatementPaper } from './paper.ts';
import { accountOf, billingLines } from './payer.ts';
import { type Asked, oneStatement, type Statement } from './statements-of.ts';
import { dayInWords } from './words.ts';

/** A statement in the words that stand on paper. Throws as the statement does. */
export async function paperOfStatement(context: ReadContext, asked: Asked): Promise<StatementPaper> {
  const account = await accountOf(context, asked);
  const [statement, logo] = await Promise.all([oneStatement(context, account, asked), currentLogo(context)]);
  const { currency, from, to, opening_cents, open_cents, credit_cents, closing_cents, on_its_way_cents } =
    statement;
  const money = (amount: number) => formatMoney(amount, currency);
  const some = (label: string, amount: number) => (amount === 0 ? [] : [{ label, value: money(amount) }]);
  const { aging } = statement;
  const isOpen = closing_cents > 0;
  return {
    reference: account.reference,
    size: settingOf(context, paperSize),
    business: businessOf(context),
    logo: logo?.id ?? null,
    customer: { name: statement.customer, lines: await billingLines(context, account) },
    facts: [
      { label: account.is_company ? 'Company' : 'Customer', value: account.reference },
      { label: 'From', value: dayInWords(from) },
      { label: 'To', value: dayInWords(to) },
    ],
    opening: { label: `Balance before ${dayInWords(from)}`, value: money(opening_cents) },
    lines: statement.entries.map(each => ({
      day: dayInWords(each.on, 'medium'),
      what: whatOf(each),
      amount: money(each.amount_cents),
      balance: money(each.balance_cents),
    })),
    sums: [
      ...(credit_cents === 0 ? [] : [{ label: 'Open bills', value: money(open_cents) }]),
      ...some('Your credit', -credit_cents),
      ...some('On its way by bank, not taken off yet', on_its_way_cents),
    ],
    due: dueOf(closing_cents, money),
    aging:
      open_cents === 0
        ? []
        : [
            { label: 'Not due yet', value: money(aging.not_due_cents) },
            { label: '1–30 days late', value: money(aging.days_1_to_30_cents) },
            { label: '31–60 days', value: money(aging.days_31_to_60_cents) },
            { label: '61–90 days', value: money(aging.days_61_to_90_cents) },
            { label: 'Over 90 days', value: money(aging.over_90_days_cents) },
          ],
    how_to_pay: isOpen ? settingOf(context, howToPay) || null : null,
    footer: settingOf(context, invoiceFooter) || null,
    dated: to,
  };
}

function dueOf(closing: number, money: (amount: number) => string) {
  if (closing === 0) return { label: 'Nothing is open', value: money(0) };
  return closing > 0
    ? { label: 'To be paid', value: money(closing) }
    : { label: 'In your favor', value: money(-closing) };
}

/** `Payment by check for INV-2026-014` */
export function whatOf({ kind, reference, invoice, method, due_on }: Statement['entries'][number]): string {
  const how = method === null ? '' : ` ${methodWords[method as PaymentMethod] ?? ''}`.trimEnd();
  if (kind === 'bill')
    return `Invoice ${reference}${due_on === null ? '' : `, due ${dayInWords(due_on, 'medium')}`}`;
  if (kind === 'payment') return `Payment${how} for ${invoice}`;
  if (kind === 'refund') return `Given back${how} of ${invoice}`;
  return `Not asked for any more of ${invoice}`;
}
