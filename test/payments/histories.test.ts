import { expect, test } from 'vitest';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';

// Whatever an office does with bills and money, in whatever order and two at once: what is paid of a bill is what came in for
// it less what was given back, to the cent, and its status says so.

const panes = useBrightPanes();
let made = 0;

interface World {
  customers: string[];
  companies: string[];
  bills: string[];
  payments: string[];
  undo: string[];
  merges: string[];
}

async function world(): Promise<World> {
  const { dana, done } = panes();
  const named = async (full_name: string) =>
    String((await done(dana, 'contact.create', { full_name })).reference);
  made += 1;
  const customers = [await named(`Ada Payer ${made}`), await named(`Ben Payer ${made}`)];
  const company = async (name: string) => String((await done(dana, 'company.create', { name })).reference);
  const companies = [await company(`Cold Payer ${made}`), await company(`Dry Payer ${made}`)];
  const bills: string[] = [];
  const [ada, ben] = customers;
  const [cold] = companies;
  // Some of a customer, one of a customer whose company pays, one of a company of which nobody is known.
  const whose = [
    { contact_id: ada },
    { contact_id: ben },
    { contact_id: ada, company_id: cold },
    { company_id: cold },
  ];
  for (const who of whose) {
    const lines = [{ description: 'Ladder', unit_price_cents: 1000 }];
    const { reference } = await done(dana, 'invoice.create', { ...who, lines });
    if (bills.length > 0) await done(dana, 'invoice.finalize', { invoice_id: reference });
    bills.push(String(reference));
  }
  return { customers, companies, bills, payments: [], undo: [], merges: [] };
}

const pick = (of: readonly string[], n: number): string => of[n % Math.max(of.length, 1)] ?? 'PAY-999999';

type Data = Record<string, unknown>;

/** What somebody does; `n` says with which and how much. */
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
  correct: ({ payments }, n) => [
    'payment.update',
    { payment_id: pick(payments, n), received_at: `2026-11-${10 + (n % 8)}` },
  ],
  void: ({ bills }, n) => ['invoice.void', { invoice_id: pick(bills, n), reason: 'Wrong' }],
  cancel: ({ bills }, n) => ['invoice.cancel', { invoice_id: pick(bills, n), reason: 'Wrong' }],
  undo: ({ undo }, n) => ['audit.undo', { of: undo.at(-1 - (n % 3)) ?? 'u-00000000000' }],
  undoPartly: ({ undo }, n) => ['audit.undo', { of: pick(undo, n), as_far_as_possible: true }],
  merge: ({ customers }) => ['contact.merge', { contact_id: customers[0], merged_contact_id: customers[1] }],
  unmerge: ({ merges }) => ['contact.unmerge', { contact_merge_id: merges.at(-1) ?? 'none' }],
  payer: ({ bills, companies }, n) => [
    'invoice.update',
    { invoice_id: bills[0], ...(n % 3 ? { company_id: pick(companies, n) } : { clear: ['company_id'] }) },
  ],
  remove: ({ customers }, n) => ['contact.delete', { contact_id: pick(customers, n) }],
};

/** What Stripe tells, as its webhook writes it: money on its way that arrives, or does not, or is given back there. */
const told: Readonly<Record<string, string>> = {
  onItsWay: `
    insert into payments (
      organization_id, id, reference, invoice_id, amount_cents, currency, method, received_at, provider, status
    )
    select organization_id, uuid7(), 'PAY-S' || $2::int || '-' || left(md5(random()::text), 9), id, 1 + $2::int % 1300, currency,
      'bank_transfer', now(), 'stripe', 'pending'
    from invoices where reference = $1`,
  arrives: `
    update payments set status = 'succeeded'
    where status = 'pending' and invoice_id = (select id from invoices where reference = $1 and $2::int >= 0)`,
  fails: `
    update payments set status = 'failed'
    where provider = 'stripe' and refunded_cents = 0
      and invoice_id = (select id from invoices where reference = $1 and $2::int >= 0)`,
  givenBackThere: `
    insert into refunds (
      organization_id, id, reference, payment_id, amount_cents, currency, method, reason, refunded_at, status
    )
    select organization_id, uuid7(), 'RFD-S' || $2::int || '-' || left(md5(random()::text), 9), id, 1, currency, method, 'other',
      now(), case when $2::int % 2 = 0 then 'pending' else 'succeeded' end
    from payments
    where provider = 'stripe' and status = 'succeeded' and refunded_cents < amount_cents
      and invoice_id = (select id from invoices where reference = $1)`,
};

/** As the job behind the webhook does it: the bill locked, and what follows from its payments brought in line. */
async function tell(of: World, statement: string, n: number): Promise<void> {
  const { database, bright } = panes();
  const bill = pick(of.bills, n);
  const client = await database.owner.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.actor', '{"kind": "webhook", "name": "stripe"}', true)`);
    await client.query(
      'select from invoices where reference = $1 and organization_id = $2 for no key update',
      [bill, bright.id],
    );
    await client.query(statement, [bill, n]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function take(of: World, [step, n]: readonly [string, number]): Promise<void> {
  const statement = told[step];
  if (statement !== undefined) return tell(of, statement, n);
  const { dana, olivia, act } = panes();
  const [action, data] = steps[step]?.(of, n) ?? ['', {}];
  try {
    const answer = await act(n % 2 ? dana : olivia, action, data);
    if (typeof answer.data.payment === 'string' && action === 'invoice.record_payment')
      of.payments.push(answer.data.payment);
    if (typeof answer.data.merge === 'string') of.merges.push(answer.data.merge);
    if (typeof answer.undo === 'string' && answer.undo.startsWith('u-')) of.undo.push(answer.undo);
  } catch (error) {
    // Most of what is done at random is refused with a sentence; anything else is a defect.
    if (!(error instanceof DeskhandError) || error.code === 'INTERNAL_ERROR') throw error;
  }
}

const wrong = `
  with sums as (
    select i.id, i.reference, i.status, i.total_cents, i.paid_cents, i.refunded_cents,
      coalesce(sum(p.amount_cents), 0) as got,
      coalesce(sum((select coalesce(sum(r.amount_cents), 0) from refunds as r where r.payment_id = p.id and r.status = 'succeeded')), 0)
        as back
    from invoices as i
    left join payments as p on p.invoice_id = i.id and p.deleted_at is null and p.status = 'succeeded'
    group by i.organization_id, i.id
  )
  select s.*, exists (
      select from payments as p where p.invoice_id = s.id and p.provider = 'stripe'
    ) as by_stripe, exists (
      select from payments as p
      where p.invoice_id = s.id and p.company_id is distinct from (select i.company_id from invoices as i where i.id = s.id)
    ) as of_others, (
      select count(*) from tasks as t
      where t.invoice_id = s.id and t.made_for = 'give_back' and t.status = 'open' and t.deleted_at is null
    ) as tasks
  from sums as s`;

const isRight = ({ status, ...row }: Record<string, unknown>): boolean => {
  const cents = (name: string) => Number(row[name]);
  const [got, back, total] = [cents('got'), cents('back'), cents('total_cents')];
  const net = got - back;
  const owed = status === 'void' || status === 'cancelled' ? net : Math.max(net - total, 0);
  const allowed =
    got === 0
      ? ['sent', 'draft']
      : net === 0
        ? ['refunded']
        : net >= total
          ? ['paid']
          : got >= total
            ? ['partial', 'paid']
            : ['partial'];
  return (
    cents('paid_cents') === net &&
    cents('refunded_cents') === back &&
    [...allowed, 'void', 'cancelled'].includes(String(status)) &&
    row.of_others === false &&
    // What these tests write for Stripe they write as rows; the task is made by what the webhook calls.
    (row.by_stripe === true || cents('tasks') === (owed > 0 ? 1 : 0))
  );
};

const step = fc.tuple(fc.constantFrom(...Object.keys(steps), ...Object.keys(told)), fc.nat(5000));
const payFirst = fc.tuple(fc.constantFrom('pay', 'settle'), fc.nat(5000));

test('what is paid of a bill is what came less what went back, after anything anybody did', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(payFirst, { minLength: 2, maxLength: 3 }),
      fc.array(fc.tuple(step, step), { minLength: 3, maxLength: 5 }),
      async (first, pairs) => {
        const of = await world();
        for (const one of first) await take(of, one);
        // Two at once each time, on the same few bills.
        for (const [one, other] of pairs) await Promise.all([take(of, one), take(of, other)]);
        const { rows } = await panes().database.owner.query(wrong);
        expect(rows.filter(row => !isRight(row))).toEqual([]);
        expect(rows.length).toBeGreaterThanOrEqual(4);
      },
    ),
    { numRuns: examples(8) },
  );
});

test('a sum that somebody writes into a bill by hand is not kept', async () => {
  const { dana, done, database } = panes();
  const { bills } = await world();
  await done(dana, 'invoice.record_payment', { invoice_id: bills[1], amount_cents: 400 });
  const { rows } = await database.owner.query(
    `with actor as (select set_config('app.actor', '{"kind": "system", "name": "test"}', true))
    update invoices set paid_cents = 999, refunded_cents = 5, status = 'paid'
    from actor
    where reference = $1
    returning status, paid_cents::int, refunded_cents::int`,
    [bills[1]],
  );
  expect(rows).toEqual([{ status: 'partial', paid_cents: 400, refunded_cents: 0 }]);
});
