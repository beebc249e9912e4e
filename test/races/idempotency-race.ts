import { expect } from 'vitest';
import { z } from 'zod';
import { type ActionAnswer, type ActionCall, callAction, inFlight } from '../support/call-action.ts';
import type { TwoServers } from '../support/two-servers.ts';

/** A customer of their own for one race, so that its visits can be told from those of other races. */
export async function addCustomer({ office }: TwoServers, full_name: string): Promise<string> {
  const data = { full_name, email: `${full_name.toLowerCase().replaceAll(' ', '.')}@example.com` };
  return String((await office.done(office.bright.owner, 'contact.create', data)).id);
}

/** A booking that the customer is told about: one visit, one number, one mail. */
export function bookAndTell(contact_id: string, idempotency_key: string, hour = 9): ActionCall {
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const scheduled_at = `${day}T${String(hour).padStart(2, '0')}:00`;
  return {
    action: 'ticket.create',
    data: { contact_id, scheduled_at, duration_minutes: 60, notify_customer: true },
    idempotency_key,
  };
}

/** So many browsers of one person send at the same moment, every other one to the second server. */
export function sendAtOnce(
  { servers, desk }: TwoServers,
  clients: number,
  plan: (client: number) => ActionCall,
): Promise<ActionAnswer[]> {
  const all = [...Array(clients).keys()];
  return inFlight(clients, all, client =>
    callAction(servers[client % 2 === 0 ? 0 : 1].baseUrl, desk[client % desk.length] ?? '', plan(client)),
  );
}

/** All got the same answer; one of them because its call was done, the others because it had been. */
export function expectOneEffect(answers: readonly ActionAnswer[]): void {
  const [first] = answers;
  for (const { status, data, error } of answers) {
    expect({ status, data, error }).toEqual({ status: 200, data: first?.data, error: null });
  }
  const replayed = answers.filter(({ meta }) => meta.replayed === true);
  expect(replayed).toHaveLength(answers.length - 1);
}

const counted = z.object({ visits: z.number(), mails: z.number(), entries: z.number() });

/** The visits of a customer, the mails about them, and what the history says was created. */
export async function countEffects({ office }: TwoServers, contactId: string) {
  const { rows } = await office.database.owner.query(
    `
    with visits as (
      select id
      from tickets
      where contact_id = $1
    )
    select
      (select count(*)::int from visits) as visits,
      (
        select count(*)::int
        from jobs
        where kind = 'email'
          and (payload ->> 'ticket_id')::uuid in (select id from visits)
      ) as mails,
      (
        select count(*)::int
        from audit_log
        where entity_id in (select id from visits)
          and action = 'create'
      ) as entries`,
    [contactId],
  );
  return counted.parse(rows[0]);
}
