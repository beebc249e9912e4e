import { expect, test } from 'vitest';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';

// Whatever an office does with bills and money, a statement closes with what is open less what the customer has to get.

const panes = useBrightPanes();
let made = 0;

type Data = Record<string, unknown>;
interface World {
  contact_id: string;
  bills: string[];
  payments: string[];
}

const pick = (of: readonly string[], n: number): string => of[n % Math.max(of.length, 1)] ?? 'PAY-999999';

const steps: Readonly<Record<string, (of: World, n: number) => [action: string, data: Data]>> = {
  pay: ({ bills }, n) => [
    'invoice.record_payment',
    { invoice_id: pick(bills, n), amount_cents: 1 + (n % 1300) },
  ],
  settle: ({ bills }, n) => ['invoice.record_payment', { invoice_id: pick(bills, n), amount_cents: 1000 }],
  refund: ({ payments }, n) => [
    'payment.refund',
    { payment_id: pick(payments, n), amount_cents: 1 + (n % 700), reason: 'other' },
  ],
  refundAll: ({ payments }, n) => ['payment.refund', { payment_id: pick(payments, n), reason: 'overpaid' }],
  move: ({ payments, bills }, n) => [
    'payment.move',
    { payment_id: pick(payments, n), invoice_id: pick(bills, Math.floor(n / 7)) },
  ],
  takeOut: ({ payments }, n) => ['payment.delete', { payment_id: pick(payments, n) }],
  bringBack: ({ payments }, n) => ['payment.restore', { payment_id: pick(payments, n) }],
  void: ({ bills }, n) => ['invoice.void', { invoice_id: pick(bills, n), reason: 'Wrong' }],
  cancel: ({ bills }, n) => ['invoice.cancel', { invoice_id: pick(bills, n), reason: 'Wrong' }],
};

async function world(): Promise<World> {
  const { dana, done } = panes();
  const { id } = await done(dana, 'contact.create', { full_name: `Ada Account ${++made}` });
  const bills: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const lines = [{ description: 'Ladder', unit_price_cents: 1000 }];
    const { reference } = await done(dana, 'invoice.create', { contact_id: id, lines });
    if (n > 0) await done(dana, 'invoice.finalize', { invoice_id: reference });
    bills.push(String(reference));
  }
  return { contact_id: String(id), bills, payments: [] };
}

async function take(of: World, [step, n]: readonly [string, number]): Promise<void> {
  const [action, data] = steps[step]?.(of, n) ?? ['', {}];
  try {
    const { data: answer } = await panes().act(panes().olivia, action, data);
    if (action === 'invoice.record_payment') of.payments.push(String(answer.payment));
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code === 'INTERNAL_ERROR') throw error;
  }
}

const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(5000));
const payFirst = fc.tuple(fc.constantFrom('pay', 'settle'), fc.nat(5000));

test('the balance is what is open on bills less what is to be given back, after anything anybody did', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(payFirst, { minLength: 1, maxLength: 3 }),
      fc.array(step, { minLength: 3, maxLength: 9 }),
      async (first, others) => {
        const of = await world();
        for (const one of [...first, ...others]) await take(of, one);
        const { read, olivia } = panes();
        const [row] = await read(olivia, 'statement', { params: { contact_id: of.contact_id } });
        const bills = await read(olivia, 'invoices', {
          params: { contact_id: of.contact_id },
          include: ['balance'],
        });
        const sum = (of: (bill: Data, balance: Data) => unknown) =>
          bills.reduce((total, bill) => total + Number(of(bill, Object(bill.balance)) ?? 0), 0);
        const open = sum(({ status }, { due_cents }) => (status === 'draft' ? 0 : due_cents));
        // What was paid on a draft is to the good of its customer until the bill goes out.
        const credit = sum(({ status, paid_cents }, { owed_back_cents }) =>
          status === 'draft' ? paid_cents : owed_back_cents,
        );
        expect(row).toMatchObject({
          open_cents: open,
          credit_cents: credit,
          closing_cents: open - credit,
        });
        const aging = Object.values(Object(row?.aging)).reduce<number>(
          (total, cents) => total + Number(cents),
          0,
        );
        expect(aging).toBe(open);
        const entries = Array.isArray(row?.entries) ? row.entries : [];
        const added = entries.reduce<number>((total, each) => total + Number(Object(each).amount_cents), 0);
        expect(Number(row?.opening_cents) + added).toBe(row?.closing_cents);
        seen += entries.length;
      },
    ),
    { numRuns: examples(20) },
  );
  expect(seen).toBeGreaterThan(25);
});
