import { formatMoney } from '../kernel/words/money.ts';

/** What was taken at the door, and how: `$200.00 by check 1042`. */
export function takenWords(
  currency: string,
  taken: { payment_method: string | null; payment_cents: number | null; check_number: string | null },
): string {
  const { payment_method, payment_cents, check_number } = taken;
  const how = payment_method === 'cash' ? 'in cash' : `by ${payment_method ?? ''}`;
  return [formatMoney(payment_cents ?? 0, currency), how, check_number].filter(Boolean).join(' ');
}
