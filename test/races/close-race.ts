import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ActionCall } from '../support/call-action.ts';
import type { Office } from '../support/office.ts';

/** A visit that many close at once, or that is being closed when the server dies. */
export interface RacedVisit {
  id: string;
  contact: string;
  /** When its customer is visited again: a time nobody else wants. */
  again: string;
}

let booked = 0;

/** Books a visit of Theo's to a customer of its own, who is no customer yet; each on another day. */
export async function bookVisit({ done, bright }: Office): Promise<RacedVisit> {
  const n = ++booked;
  const service = { name: `Gutters ${n}`, pricing: 'fixed', price_cents: 15_000, duration_minutes: 60 };
  const { id: service_id } = await done(bright.owner, 'service.create', service);
  const { id: contact } = await done(bright.owner, 'contact.create', {
    full_name: `Raced Customer ${n}`,
    email: `raced-${n}@example.com`,
    lifecycle_stage: 'prospect',
  });
  const day = (days: number) => Temporal.Now.plainDateISO().add({ days }).toString();
  const { id } = await done(bright.owner, 'ticket.create', {
    contact_id: contact,
    scheduled_at: `${day(30 + n)}T09:00`,
    lines: [{ service_id }],
    technician_ids: [bright.people.Theo?.id],
  });
  return { id: String(id), contact: String(contact), again: `${day(400 + n)}T09:00` };
}

const facts = [{ key: 'pet', value: 'dog', details: { name: 'Biscuit' } }];
/** What follows a visit: every other customer is visited again, the others are written to. */
export const nextOf = ({ again }: RacedVisit, n: number) =>
  n % 2 === 0
    ? { next_service: 'yes', appointment: { scheduled_at: again, notify_customer: true } }
    : { next_service: 'reach_out', reach_out_months: 6 };

/** Closes a visit in one call, with everything a close can leave. */
export const closing = (visit: RacedVisit, n: number): ActionCall => ({
  action: 'ticket.close',
  reasoning: 'Theo told me on the phone that it is done',
  data: {
    ticket_id: visit.id,
    duration_minutes: 75,
    notes: 'Dog named Biscuit.',
    attributes: facts,
    lines: [{ line_id: '1', unit_price_cents: 16_000 }],
    ...nextOf(visit, n),
  },
});

/** Confirms everything of a close-out as Theo; answers the call that completes it. */
export async function completing(
  { done, bright }: Office,
  visit: RacedVisit,
  n: number,
): Promise<ActionCall> {
  const theo = bright.people.Theo?.caller ?? bright.owner;
  const ticket_id = visit.id;
  const lines = [{ line_id: '1', unit_price_cents: 16_000 }];
  await done(theo, 'closeout.confirm_work', { ticket_id, duration_minutes: 75, lines });
  await done(theo, 'closeout.set_notes', { ticket_id, notes: 'Dog named Biscuit.' });
  const { review } = await done(theo, 'closeout.set_next_service', { ticket_id, ...nextOf(visit, n) });
  return { action: 'closeout.complete', data: { ticket_id, review, attributes: facts } };
}

const left = z.object({
  status: z.string(),
  total: z.number(),
  stage: z.string(),
  notes: z.number(),
  facts: z.number(),
  messages: z.number(),
  timers: z.number(),
  visits: z.number(),
  mails: z.number(),
  closings: z.number(),
});
export type Left = z.infer<typeof left>;

/** What a visit has left, in one statement and so of one moment. */
export async function leftOf({ database }: Pick<Office, 'database'>, { id }: RacedVisit): Promise<Left> {
  const { rows } = await database.owner.query(
    `
    select t.status, t.total_cents::int as total, c.lifecycle_stage as stage,
      (select count(*)::int from notes where ticket_id = t.id) as notes,
      (select count(*)::int from attributes where ticket_id = t.id) as facts,
      (select count(*)::int from scheduled_messages where ticket_id = t.id) as messages,
      (
        select count(*)::int
        from jobs
        where kind = 'scheduled_message' and payload ->> 'contact_id' = c.id::text
      ) as timers,
      (select count(*)::int from tickets where contact_id = c.id) as visits,
      (
        select count(*)::int
        from jobs
        where kind = 'email' and payload ->> 'contact_id' = c.id::text
      ) as mails,
      (
        select count(*)::int
        from audit_log
        where entity_id = t.id and changes #>> '{status,new}' = 'closed'
      ) as closings
    from tickets as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id
    where t.id = $1`,
    [id],
  );
  return left.parse(rows[0]);
}

/** All of it, once. */
export const whole = (n: number): Left => {
  const isVisitedAgain = n % 2 === 0 ? 1 : 0;
  return {
    status: 'closed',
    total: 16_000,
    stage: 'customer',
    notes: 1,
    facts: 1,
    messages: 1 - isVisitedAgain,
    timers: 1 - isVisitedAgain,
    visits: 1 + isVisitedAgain,
    mails: isVisitedAgain,
    closings: 1,
  };
};

/** Nothing of it. */
export const untouched: Left = {
  status: 'scheduled',
  total: 15_000,
  stage: 'prospect',
  notes: 0,
  facts: 0,
  messages: 0,
  timers: 0,
  visits: 1,
  mails: 0,
  closings: 0,
};
