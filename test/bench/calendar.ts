import { z } from 'zod';
import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { openPool } from './hand-written.ts';
import { median, quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';

const visits = 5_000;

/** The calendar of a business as a phone reads it: five thousand visits of the next half year, each with services and a crew. */
export async function measureCalendar({ cluster, rounds }: Bench) {
  const { address, owner, organization, caller } = cluster.large;
  const pool = openPool(owner, 1);
  // Rows alone: what would happen on booking is not what is measured.
  await pool.query('set session_replication_role = replica');
  await pool.query(fill, [organization, visits]);
  await pool.query('set session_replication_role = origin');
  await pool.query('analyze');
  await pool.end();
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const facts = () => ({ request_id: newId() });
  try {
    const call = { action: 'calendar_feed.create', data: { covers: 'business' } };
    const { data } = z
      .object({ data: z.object({ address: z.string() }) })
      .parse(await app.execute(caller, call, facts()));
    const token = data.address.slice(-47, -4);
    const times: number[] = [];
    let entries = 0;
    for (let turn = 0; turn < rounds * 4; turn += 1) {
      const started = performance.now();
      const text = await app.openFeed('calendar', token, facts());
      times.push(performance.now() - started);
      entries = text.split('BEGIN:VEVENT').length - 1;
    }
    return {
      entries,
      median_ms: round(median(times), 1),
      p95_ms: atMost(round(quantile(times, 0.95), 1), 300),
    };
  } finally {
    await db.close();
  }
}

const fill = `
  with place as (
    select c.id as contact_id, (select m.id from members as m where m.organization_id = $1 limit 1) as member_id
    from contacts as c where c.organization_id = $1 order by c.id limit 1
  ), booked as (
    insert into tickets (
      organization_id, id, reference, contact_id, scheduled_at, duration_minutes, ends_at, currency
    )
    select $1, uuid7(), 'T-' || (900000 + n), contact_id, at, 60, at + interval '60 minutes', 'USD'
    from place, generate_series(1, $2::integer) as n, lateral (select now() + n * interval '50 minutes' as at) as t
    returning id, scheduled_at, ends_at
  ), lines as (
    insert into ticket_lines (
      organization_id, id, ticket_id, position, description, pricing, unit_price_cents, total_cents
    )
    select $1, uuid7(), id, n, 'Interior and Exterior Window Cleaning', 'fixed', 0, 0
    from booked, generate_series(1, 2) as n
    returning ticket_id
  )
  insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
  select $1, uuid7(), booked.id, place.member_id, tstzrange(booked.scheduled_at, booked.ends_at), false from booked, place`;
