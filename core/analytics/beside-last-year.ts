import { averageOf, percentOf, shareOf } from './words.ts';

/** What was counted of one kind of work in one currency: now (0), or in the same days a year before (1). */
interface Counted {
  n: number;
  currency: string;
  visits: number;
  cents: number;
}

/**
 * What was counted now, each kind with its share of all work in its currency and with what it was a year before. What there is none of
 * any more stands behind, as `nothing` says it. There is no percentage where the year before is not whole (`isLike`).
 */
export function besideLastYear<Row extends Counted>(
  found: readonly Row[],
  keyOf: (row: Row) => string | null,
  nothing: Partial<Row>,
  isLike: boolean,
) {
  const kindOf = (row: Row) => JSON.stringify([row.currency, keyOf(row)]);
  const now = found.filter(({ n }) => n === 0);
  const before = new Map(found.filter(({ n }) => n === 1).map(row => [kindOf(row), row]));
  const known = new Set(now.map(kindOf));
  const whole = new Map<string, number>();
  for (const { currency, cents } of now) whole.set(currency, (whole.get(currency) ?? 0) + cents);
  const gone = [...before.values()].filter(row => !known.has(kindOf(row)));
  return [...now, ...gone.map(row => ({ ...row, visits: 0, cents: 0, ...nothing }))].map(row => {
    const last_year_cents = before.get(kindOf(row))?.cents ?? 0;
    const sums = {
      amount_cents: row.cents,
      average_cents: averageOf(row.cents, row.visits),
      share_percent: shareOf(row.cents, whole.get(row.currency) ?? 0),
      last_year_cents,
      percent: isLike ? percentOf(row.cents, last_year_cents) : null,
    };
    return { row, sums };
  });
}
