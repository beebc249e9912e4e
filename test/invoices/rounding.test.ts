import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decimalsOf, plainMoney } from '../../core/kernel/words/money.ts';
import { documentAmounts, lineAmounts } from '../../core/lines/totals.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// 500 bills, computed by a decimal library that shares nothing with our code (CFL-22, CFL-42, INV-12, D13): each line is rounded
// by itself, half away from zero, its tax from its rounded amount, and the discount comes off the whole.

const panes = useBrightPanes();
const count = 500;

interface Line {
  quantity: number;
  unit_price_cents: number;
  tax_rate: number;
}
interface Case {
  currency: string;
  lines: Line[];
  discount_cents: number;
}

/** The same cases every time; a linear congruential generator (Numerical Recipes). */
function drawCases(): Case[] {
  let state = 20261118;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const from = <T>(options: readonly [T, ...T[]]): T => options[draw(options.length)] ?? options[0];
  return Array.from({ length: count }, (_, at) => {
    const most = at % 25 === 0 ? 50 : 1 + draw(6);
    const lines = Array.from({ length: most }, () => ({
      quantity: from([1, 1, 2, 20, 0.5, 1.5, 0.001, 0.005, 2.675, 1.005, (1 + draw(9_999)) / 1000]),
      unit_price_cents: from([1, 5, 10, 50, 99, 500, 1005, 56_200, draw(100_000), draw(3_000_000)]),
      // A tax of exactly half a cent: 10 at 5 %, 50 at 1 %, 1 at 50 %.
      tax_rate: from([0, 0, 1, 5, 7, 8.875, 19, 50, 0.5, 12.3456, 100, draw(1_000_000) / 10_000]),
    }));
    const total = expected({ currency: 'USD', lines, discount_cents: 0 }).total_cents;
    const discount_cents = from([0, 0, total, Math.floor(total / 2), draw(total + 1)]);
    return { currency: from(['USD', 'USD', 'JPY', 'KWD']), lines, discount_cents };
  });
}

const halfUp = (amount: Decimal) => amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP);

function expected({ lines, discount_cents }: Case) {
  const each = lines.map(({ quantity, unit_price_cents, tax_rate }) => {
    const subtotal = halfUp(new Decimal(String(quantity)).times(unit_price_cents));
    return { subtotal, tax: halfUp(subtotal.times(new Decimal(String(tax_rate))).dividedBy(100)) };
  });
  const sum = (name: 'subtotal' | 'tax') =>
    each.reduce((all, line) => all.plus(line[name]), new Decimal(0)).toNumber();
  const [subtotal_cents, tax_cents] = [sum('subtotal'), sum('tax')];
  return {
    lines: each.map(({ subtotal, tax }) => ({
      subtotal_cents: subtotal.toNumber(),
      tax_cents: tax.toNumber(),
      total_cents: subtotal.plus(tax).toNumber(),
    })),
    subtotal_cents,
    tax_cents,
    total_cents: subtotal_cents + tax_cents - discount_cents,
  };
}

const cases = drawCases();

describe(`${count} bills computed by somebody else`, () => {
  test('hold what rounding goes wrong at', () => {
    const all = cases.flatMap(({ lines }) => lines);
    const halves = all.filter(({ quantity, unit_price_cents, tax_rate }) => {
      const subtotal = new Decimal(String(quantity)).times(unit_price_cents);
      const tax = halfUp(subtotal).times(String(tax_rate)).dividedBy(100);
      return [subtotal, tax].some(amount => amount.minus(amount.floor()).equals('0.5'));
    });
    expect(halves.length).toBeGreaterThan(200);
    expect(cases.filter(({ lines }) => lines.length === 50).length).toBe(20);
    expect(new Set(cases.map(({ currency }) => decimalsOf(currency)))).toEqual(new Set([0, 2, 3]));
  });

  test('come to the same by our code, line by line', () => {
    for (const one of cases) {
      const lines = one.lines.map(lineAmounts);
      expect({ lines, ...documentAmounts(lines, one.discount_cents) }).toEqual(expected(one));
    }
  });

  test('come to the same in the database, which rounds halves away from zero as well', async () => {
    const all = cases.flatMap(one => one.lines);
    const { rows } = await panes().database.owner.query<{ subtotal: string; tax: string }>(
      `select s.subtotal::text, round(s.subtotal * l.tax_rate / 100)::text as tax
       from unnest($1::numeric[], $2::bigint[], $3::numeric[]) with ordinality
         as l (quantity, price, tax_rate, at)
       cross join lateral (select round(l.quantity * l.price) as subtotal) as s
       order by l.at`,
      [
        all.map(line => line.quantity),
        all.map(line => line.unit_price_cents),
        all.map(line => line.tax_rate),
      ],
    );
    const theirs = rows.map(({ subtotal, tax }) => ({
      subtotal_cents: Number(subtotal),
      tax_cents: Number(tax),
      total_cents: Number(subtotal) + Number(tax),
    }));
    expect(theirs).toEqual(cases.flatMap(one => expected(one).lines));
  });

  const billed = z.looseObject({
    reference: z.string(),
    subtotal_cents: z.number(),
    tax_cents: z.number(),
    total_cents: z.number(),
    lines: z.array(z.object({ subtotal_cents: z.number(), tax_cents: z.number(), total_cents: z.number() })),
  });

  test('are kept so by the action, and the sums of the kept lines are the sums of the bill', async () => {
    const { done, dana, database, read, olivia } = panes();
    const most = 1_000_000_000;
    const few = cases.filter((one, at) => (at % 8 === 0 || one.lines.length === 50) && fits(one, most));
    for (const one of few) {
      const answer = await done(dana, 'invoice.create', {
        contact_id: 'C-1001',
        lines: one.lines.map(line => ({ description: 'Work', ...line })),
        discount_cents: one.discount_cents,
      });
      expect(billed.parse(answer)).toMatchObject(expected(one));
    }
    expect(few.length).toBeGreaterThan(60);
    const { rows } = await database.owner.query(
      `select i.reference from invoices as i
       join (
         select invoice_id, sum(subtotal_cents) as subtotal, sum(tax_cents) as tax
         from invoice_lines where deleted_at is null group by invoice_id
       ) as l on l.invoice_id = i.id
       where (i.subtotal_cents, i.tax_cents) is distinct from (l.subtotal, l.tax)
         or i.total_cents <> l.subtotal + l.tax - i.discount_cents`,
    );
    expect(rows).toEqual([]);
    // What stands on the paper adds up as well.
    const [paper] = await read(olivia, 'invoice_paper', { params: { invoice_id: 'INV-2026-001' } });
    const first = few[0];
    if (!first) throw new Error('there are cases');
    expect(JSON.stringify(paper).replaceAll(',', '')).toContain(
      plainMoney(expected(first).total_cents, 'USD'),
    );
  });
});

const fits = (one: Case, most: number): boolean =>
  expected(one).total_cents + one.discount_cents <= most &&
  expected(one).lines.every(line => line.total_cents <= most);
