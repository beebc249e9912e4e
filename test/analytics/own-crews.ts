import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Office } from '../support/office.ts';
import { dayOf } from './own-sums.ts';

// Services and technicians added up once more, row by row, from what lies in the tables.

const visitRow = z.object({
  id: z.string(),
  address_id: z.string().nullable(),
  series_id: z.string().nullable(),
  scheduled_at: z.date(),
  total_cents: z.coerce.bigint(),
  actual_minutes: z.number().nullable(),
  lines: z.array(
    z.object({ service_id: z.string().nullable(), quantity: z.number(), total_cents: z.number() }),
  ),
  crew: z.array(z.string()),
});
type Visit = z.infer<typeof visitRow>;

/** The closed visits of a business with their lines and crews. */
export async function closedVisits({ database }: Office, organization_id: string): Promise<Visit[]> {
  const { rows } = await database.owner.query(
    `select t.id, t.address_id, t.series_id, t.scheduled_at, t.total_cents, t.actual_minutes,
       (select coalesce(jsonb_agg(jsonb_build_object('service_id', l.service_id, 'quantity', l.quantity, 'total_cents', l.total_cents)), '[]')
        from ticket_lines as l where l.ticket_id = t.id and l.deleted_at is null) as lines,
       (select coalesce(jsonb_agg(g.technician_id order by g.technician_id), '[]')
        from ticket_technicians as g where g.ticket_id = t.id) as crew
     from tickets as t
     where t.organization_id = $1 and t.status = 'closed'`,
    [organization_id],
  );
  return rows.map(row => visitRow.parse(row));
}

const within = (visits: readonly Visit[], from: string, to: string, zone: string) =>
  visits.filter(({ scheduled_at }) => {
    const day = dayOf(scheduled_at, zone);
    return day >= from && day <= to;
  });

/** By service: how many visits, how much of it, and what it came to. */
export function servicesOf(visits: readonly Visit[], from: string, to: string, zone: string) {
  const sums = new Map<string | null, { visits: Set<string>; quantity: number; cents: number }>();
  for (const { id, lines } of within(visits, from, to, zone))
    for (const { service_id, quantity, total_cents } of lines) {
      const sum = sums.get(service_id) ?? { visits: new Set<string>(), quantity: 0, cents: 0 };
      sum.visits.add(id);
      sums.set(service_id, {
        ...sum,
        quantity: sum.quantity + quantity,
        cents: sum.cents + total_cents,
      });
    }
  return new Map([...sums].map(([service, sum]) => [service, { ...sum, visits: sum.visits.size }]));
}

/** By technician: visits, minutes, what they came to shared to the cent, and after how many somebody had to come back. */
export function techniciansOf(visits: readonly Visit[], from: string, to: string, zone: string) {
  const sums = new Map<string, { visits: number; minutes: number; cents: number; callbacks: number }>();
  for (const visit of within(visits, from, to, zone)) {
    const isCalledBack = wasCalledBack(visit, visits);
    const many = BigInt(visit.crew.length);
    for (const [place, who] of visit.crew.entries()) {
      const sum = sums.get(who) ?? { visits: 0, minutes: 0, cents: 0, callbacks: 0 };
      const share = visit.total_cents / many + (BigInt(place) < visit.total_cents % many ? 1n : 0n);
      sums.set(who, {
        visits: sum.visits + 1,
        minutes: sum.minutes + (visit.actual_minutes ?? 0),
        cents: sum.cents + Number(share),
        callbacks: sum.callbacks + (isCalledBack ? 1 : 0),
      });
    }
  }
  return sums;
}

function wasCalledBack(first: Visit, visits: readonly Visit[]): boolean {
  const began = first.scheduled_at.getTime();
  const later = visits.filter(
    ({ address_id, scheduled_at }) =>
      address_id !== null && address_id === first.address_id && scheduled_at.getTime() > began,
  );
  const next = Math.min(...later.map(({ scheduled_at }) => scheduled_at.getTime()));
  if (next - began >= Temporal.Duration.from({ hours: 14 * 24 }).total('milliseconds')) return false;
  return later.some(
    ({ scheduled_at, series_id, total_cents, lines }) =>
      scheduled_at.getTime() === next &&
      series_id === null &&
      (total_cents === 0n ||
        lines.some(
          ({ service_id }) => service_id !== null && first.lines.some(line => line.service_id === service_id),
        )),
  );
}
