import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { asSuperuser, inEmptyDatabase, superuserAt } from '../contracts/superuser.ts';

// A business that was here before there were payments finds each of them, and no bill says anything else than it did.

const folder = path.join(packageRoot, 'migrations');
const first = '20261126001000_payments__create.sql';
const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [bright, clear] = [uuid(1), uuid(2)];

/** Makes a database as it was before, with the bills of two businesses, hands it to the work, and drops it. */
async function withOldBills(work: (name: string) => Promise<void>): Promise<void> {
  const copy = await mkdtemp(path.join(tmpdir(), 'deskhand-before-payments-'));
  try {
    await cp(folder, copy, { recursive: true });
    for (const name of await readdir(copy))
      if (name >= first && name !== 'schema.sql') await rm(path.join(copy, name));
    await inEmptyDatabase(async name => {
      await migrate(superuserAt(name), copy);
      await asSuperuser(name, oldBills);
      await work(name);
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

interface OldBill {
  of: string;
  status: string;
  paid: number;
  /** What the history tells of its payments, with the day. */
  told: readonly (readonly [day: number, cents: number, note: string | null])[];
}

const bills: readonly OldBill[] = [
  {
    of: bright,
    status: 'paid',
    paid: 10_000,
    told: [
      [1, 4000, 'Check 1042'],
      [5, 6000, 'cash at the door'],
    ],
  },
  { of: bright, status: 'partial', paid: 2500, told: [[2, 2500, null]] },
  { of: bright, status: 'void', paid: 10_000, told: [[3, 10_000, 'wire from the bank']] },
  { of: bright, status: 'sent', paid: 0, told: [] },
  // Where history and bill say something else, the bill is right.
  { of: bright, status: 'partial', paid: 3000, told: [[4, 1000, 'card']] },
  { of: bright, status: 'partial', paid: 700, told: [[4, 900, 'cash']] },
  { of: clear, status: 'paid', paid: 10_000, told: [] },
];

const oldBills = `
  select set_config('app.actor', '{"kind": "system", "name": "before"}', false);
  ${[bright, clear]
    .map(
      id => `
    insert into organizations (id, slug, name, time_zone, currency, country, business_hours)
    values ('${id}', 'b-${id.slice(-1)}', 'B', 'America/Chicago', 'USD', 'US', '{}');
    insert into contacts (organization_id, id, reference, kind, full_name)
    values ('${id}', '${id}', 'C-1001', 'person', 'Jane Smith');`,
    )
    .join('')}
  ${bills
    .map(({ of, status, paid, told }, index) => {
      const id = uuid(100 + index);
      return `
      insert into invoices (organization_id, id, reference, source, contact_id, status, currency, subtotal_cents,
        total_cents, paid_cents, paid_at)
      values ('${of}', '${id}', 'INV-2026-${index}', 'standalone', '${of}', '${status}', 'USD', 10000, 10000, ${paid},
        ${status === 'paid' ? "'2026-11-09T12:00Z'" : 'null'});
      ${told
        .map(
          ([day, cents, note]) => `
        insert into audit_log (organization_id, entity_type, entity_id, subject_type, subject_id, action, changes,
          actor_kind, actor_name, created_at)
        values ('${of}', 'invoice', '${id}', 'invoice', '${id}', 'payment', '${JSON.stringify({
          amount_cents: { old: null, new: cents },
          ...(note === null ? {} : { note: { old: null, new: note } }),
        })}', 'user', 'Dana', '2026-11-0${day}T12:00Z');`,
        )
        .join('')}`;
    })
    .join('')}
`;

const rowsOf = async (name: string, statement: string) => {
  const client = new pg.Client(superuserAt(name));
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

const stateOf = (name: string) =>
  rowsOf(name, 'select reference, status, paid_cents, paid_at, version from invoices order by id');

test('what bills were paid before is carried over, entry by entry, and no bill changes', async () => {
  await withOldBills(async name => {
    const before = await stateOf(name);
    expect(await migrate(superuserAt(name))).toContain(first);
    expect(await stateOf(name)).toEqual(before);
    const payments = await rowsOf(
      name,
      `select p.reference, i.reference as bill, p.amount_cents::int, p.method, p.note, p.received_at::date::text as day
      from payments as p
      join invoices as i on i.id = p.invoice_id
      order by p.organization_id, substr(p.reference, 5)::int`,
    );
    expect(
      payments.map(({ reference, bill, amount_cents, method }) => [reference, bill, amount_cents, method]),
    ).toEqual([
      ['PAY-1', 'INV-2026-0', 4000, 'check'],
      ['PAY-2', 'INV-2026-1', 2500, 'other'],
      ['PAY-3', 'INV-2026-2', 10_000, 'bank_transfer'],
      ['PAY-4', 'INV-2026-4', 1000, 'card'],
      ['PAY-5', 'INV-2026-0', 6000, 'cash'],
      expect.arrayContaining(['PAY-6']),
      expect.arrayContaining(['PAY-7']),
      ['PAY-1', 'INV-2026-6', 10_000, 'other'],
    ]);
    expect(payments).toContainEqual(
      expect.objectContaining({ bill: 'INV-2026-0', note: 'Check 1042', day: '2026-11-01' }),
    );
    const sums = await rowsOf(
      name,
      `select i.reference
      from invoices as i
      where i.paid_cents <> (select coalesce(sum(p.amount_cents), 0) from payments as p where p.invoice_id = i.id)`,
    );
    expect(sums).toEqual([]);
    expect(await rowsOf(name, `select value::int from counters where kind = 'PAY' order by value`)).toEqual([
      { value: 1 },
      { value: 7 },
    ]);
    // What is written to such a bill from then on goes on from there.
    await asSuperuser(
      name,
      `select set_config('app.actor', '{"kind": "system", "name": "after"}', false);
      update invoices set paid_cents = 0, notes = 'x'`,
    );
    const after = await rowsOf(
      name,
      'select reference, status, paid_cents, paid_at from invoices order by id',
    );
    expect(after).toMatchObject(
      before.map(({ reference, status, paid_cents }) => ({ reference, status, paid_cents })),
    );
  });
});
