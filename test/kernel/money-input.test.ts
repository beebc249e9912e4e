import { describe, expect, test } from 'vitest';
import { centsOf } from '../../core/kernel/words/read-as-meant.ts';
import { calls } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// "The gutters are 30 now" is thirty dollars. Members that hold cents say so by their names, and only they take cents.

const panes = useBrightPanes();
let day = 0;

async function price(members: Record<string, unknown>) {
  day += 1;
  const { reference } = await panes().book(`2027-01-${String(day).padStart(2, '0')}T09:00`, {
    lines: ['Gutter Cleaning'],
  });
  const outcome = await panes().act(panes().dana, 'ticket.update_line', {
    ticket: reference,
    line: '1',
    ...members,
  });
  return { total: outcome.data.total_cents, meant: outcome.meant };
}

test.each<[unknown, number, string]>([
  [30, 3000, '$30.00'],
  ['30', 3000, '$30.00'],
  ['30.00', 3000, '$30.00'],
  [30.5, 3050, '$30.50'],
  ['$30', 3000, '$30.00'],
  ['$1,200.50', 120_050, '$1,200.50'],
])('a price of %j is so many dollars, and the answer says so', async (amount, total, words) => {
  expect(await price({ unit_price: amount })).toEqual({ total, meant: { unit_price: words } });
  expect(await price({ price: amount })).toEqual({ total, meant: { price: words } });
});

test('by the name that says cents, it is cents', async () => {
  expect(await price({ unit_price_cents: 3000 })).toEqual({ total: 3000, meant: undefined });
  expect(await price({ unitPriceCents: '3000' })).toEqual({ total: 3000, meant: undefined });
});

test.each(['30.00', '$30', 30.5])(
  '%j where cents are wanted is refused with both ways to say it',
  async amount => {
    const cents = String(centsOf(amount, 'USD'));
    expect(await refusal(price({ unit_price_cents: amount }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'unit_price_cents',
      did_you_mean: [cents],
      hint: expect.stringContaining(`"unit_price": "${Number(cents) / 100}"`),
    });
  },
);

test.each(['thirty', '30.005', '1.200,50', '-5', ''])('%j is no amount', async amount => {
  expect(await refusal(price({ unit_price: amount }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'unit_price_cents',
  });
});

test('a price in a list of lines is read alike', async () => {
  const { reference } = await panes().book('2027-02-01T09:00', {
    lines: [{ service: 'Gutter Cleaning', price: 180 }],
  });
  const [visit] = await panes().read(panes().olivia, 'tickets', { id: String(reference) });
  expect(visit?.total_cents).toBe(18_000);
});

describe('every input', () => {
  test('that takes whole cents has a member whose name says so', () => {
    const silent = calls.flatMap(({ id, inputSchema }) =>
      Object.keys(inputSchema.properties ?? {})
        .filter(name => /(price|amount|total|fee|cost|money)s?$/.test(name))
        .map(name => `${id} ${name}`),
    );
    expect(silent).toEqual([]);
  });
});
