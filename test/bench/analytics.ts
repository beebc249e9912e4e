import { createDeskhand } from '../../api/compose.ts';
import type { App } from '../../core/app.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { openPool } from './hand-written.ts';
import { quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';

const visits = 1_000_000;
const customers = 50_000;
const years = 10;

/** What is asked for, as an owner would: the usual twelve months, and one month alone. */
const questions = (
  month: string,
): readonly { name: string; type: string; params: Record<string, unknown> }[] => [
  { name: 'this month against last year', type: 'analytics_yoy', params: { from: month } },
  { name: 'twelve months against last year', type: 'analytics_yoy', params: {} },
  { name: 'billed, twelve months', type: 'analytics_yoy', params: { measure: 'billed' } },
  { name: 'received, twelve months', type: 'analytics_yoy', params: { measure: 'received' } },
  { name: 'by week', type: 'analytics_trends', params: { step: 'week' } },
  { name: 'by month', type: 'analytics_trends', params: {} },
  { name: 'services', type: 'analytics_service_types', params: {} },
  { name: 'services of this month', type: 'analytics_service_types', params: { from: month } },
  { name: 'neighbourhoods', type: 'analytics_neighborhoods', params: {} },
  { name: 'technicians', type: 'analytics_technicians', params: {} },
  { name: 'technicians of this month', type: 'analytics_technicians', params: { from: month } },
  { name: 'customers', type: 'analytics_customers', params: {} },
  { name: 'lost customers', type: 'analytics_customers', params: { standing: 'lost' } },
  { name: 'open', type: 'analytics_open', params: {} },
  { name: 'money received', type: 'analytics_received', params: {} },
  { name: 'visits by status', type: 'aggregate', params: { list: 'tickets', by: 'status' } },
];

/** The figures of a business with a million closed visits in ten years, each with two services, a bill and its payment. */
export async function measureAnalytics({ cluster, rounds, say }: Bench) {
  const { address, owner, organization, caller } = cluster.empty;
  const pool = openPool(owner, 1);
  // Rows alone: what would happen along with them is not what is measured.
  await pool.query('set session_replication_role = replica');
  for (const [name, statement, values] of fills(organization, visits, customers)) {
    say(name);
    await pool.query(statement, [...values]);
  }
  await pool.query('set session_replication_role = origin');
  say('tidying');
  await pool.query('vacuum (analyze)');
  await pool.end();
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  say('summing up its days, as at night');
  const summed = await sumUp(app, organization);
  const month = new Date().toISOString().slice(0, 8).concat('01');
  try {
    const rows = [];
    for (const { name, type, params } of questions(month)) {
      const times: number[] = [];
      // All members, as the pages read them.
      const fields = Object.keys(app.registry.view(type).spec.row.shape);
      for (let turn = 0; turn <= rounds; turn += 1) {
        const started = performance.now();
        await app.read(caller, type, { params, fields, limit: 100 }, { request_id: newId() });
        if (turn > 0) times.push(performance.now() - started);
      }
      const figure = {
        question: name,
        median_ms: round(quantile(times, 0.5), 1),
        p95_ms: atMost(round(quantile(times, 0.95), 1), 300),
      };
      say(`${name}: p95 ${figure.p95_ms.value} ms`);
      rows.push(figure);
    }
    return { visits, customers, years, summed, questions: rows };
  } finally {
    await db.close();
  }
}

/** What the timer does at night, of the whole history. Answers how long that took, and its slowest transaction. */
async function sumUp(app: Pick<App, 'execute'>, organization_id: string) {
  const worker: Caller = { via: 'system', organization_id, name: 'worker' };
  const times: number[] = [];
  const started = performance.now();
  for (;;) {
    const began = performance.now();
    const { data } = await app.execute(
      worker,
      { action: 'analytics.sum_days', data: {} },
      { request_id: newId() },
    );
    if (!Reflect.get(Object(data), 'days')) break;
    times.push(performance.now() - began);
  }
  return {
    seconds: round((performance.now() - started) / 1000, 1),
    transactions: times.length,
    slowest_ms: round(Math.max(0, ...times), 1),
  };
}

export const fills = (
  organization: string,
  visits: number,
  customers: number,
): readonly (readonly [string, string, readonly unknown[]])[] => [
  [
    `${customers} customers`,
    `with made as (
      insert into contacts (organization_id, id, reference, kind, full_name)
      select $1, uuid7(), 'C-' || (2000000 + n), 'person', 'Customer ' || n from generate_series(1, $2::integer) as n
      returning id
    )
    insert into addresses (organization_id, id, reference, contact_id, line1, city, postal_code)
    select $1, uuid7(), 'A-' || (2000000 + row_number() over ()), id, '1 Oak Street', 'Huntsville',
      (35700 + floor(random() * 80))::text
    from made`,
    [organization, customers],
  ],
  [
    'services',
    `insert into services (organization_id, id, reference, name, pricing, price_cents, currency)
     select $1, uuid7(), 'S-' || (2000 + n), 'Service ' || n, 'fixed', 10000, 'USD' from generate_series(1, 12) as n`,
    [organization],
  ],
  [
    `${visits} visits`,
    `with places as (
      select contact_id, id as address_id, row_number() over (order by id) as number
      from addresses where organization_id = $1
    )
    insert into tickets (
      organization_id, id, reference, contact_id, address_id, status, scheduled_at, duration_minutes, ends_at, currency,
      total_cents, actual_minutes, closed_at
    )
    select $1, uuid7(), 'T-' || (2000000 + n), contact_id, address_id, 'closed', at, 60, at + interval '60 minutes', 'USD',
      20000, 60, at + interval '2 hours'
    from generate_series(1, $2::integer) as n
    join places on places.number = 1 + (n::bigint * 7919) % $3::integer,
      lateral (select now() - (n::float / $2::integer) * make_interval(years => $4::integer) as at) as t`,
    [organization, visits, customers, years],
  ],
  [
    'lines, crews, bills and payments',
    `with services as (
      select array_agg(id) as ids from services where organization_id = $1
    ), member as (
      select array_agg(id) as ids from members where organization_id = $1
    ), lines as (
      insert into ticket_lines (
        organization_id, id, ticket_id, service_id, position, description, pricing, unit_price_cents, total_cents
      )
      select $1, uuid7(), t.id, ids[1 + (('x' || right(t.id::text, 4))::bit(16)::integer + p) % 12], p, 'Work', 'fixed', 10000, 10000
      from tickets as t, services, generate_series(1, 2) as p
      where t.organization_id = $1
    ), crews as (
      insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
      select $1, uuid7(), t.id, ids[1], tstzrange(t.scheduled_at, t.ends_at), false
      from tickets as t, member
      where t.organization_id = $1
    ), bills as (
      insert into invoices (
        organization_id, id, reference, source, contact_id, ticket_id, status, issued_on, due_on, currency, subtotal_cents,
        total_cents, paid_cents, billing_name
      )
      select $1, uuid7(), replace(t.reference, 'T-', 'INV-2000-'), 'ticket', t.contact_id, t.id,
        case when random() < 0.01 then 'sent' else 'paid' end, t.scheduled_at::date, t.scheduled_at::date + 30, 'USD', 20000,
        20000, 20000, 'Whoever pays'
      from tickets as t
      where t.organization_id = $1
      returning id, contact_id, issued_on, reference, status
    )
    insert into payments (
      organization_id, id, reference, invoice_id, contact_id, amount_cents, currency, method, received_at
    )
    select $1, uuid7(), replace(reference, 'INV-2000-', 'PAY-'), id, contact_id, 20000, 'USD', 'card', issued_on + interval '3 days'
    from bills
    where status = 'paid'`,
    [organization],
  ],
  [
    'the days that are to be summed up',
    `insert into changed_days (organization_id, day, changed_by)
     select distinct organization_id, (scheduled_at at time zone 'UTC')::date, 0 from tickets where organization_id = $1`,
    [organization],
  ],
];
