import { beforeAll, expect, inject, test } from 'vitest';
import { type ActionCall, callAction, inFlight } from '../support/call-action.ts';
import { useTwoServers } from '../support/two-servers.ts';
import {
  addTechnicians,
  countBooked,
  expectOneWinnerEach,
  planAttempts,
  planSlots,
  raceForSlots,
} from './booking-race.ts';

const two = useTwoServers();
// 64 are in flight at a time, for five slots: whoever comes after those is refused by a visit that stands already. So many
// refusals tell nothing more every day (test/README.md). Through a pooler the race is run once more, in small.
const perSlot = inject('pooler') ? 20 : Number(process.env.RACE_ATTEMPTS ?? 3_000) / 50;
const attempts = (50 * perSlot).toLocaleString('en-US');
let customer: string;

beforeAll(async () => {
  const { done, bright } = two().office;
  customer = String((await done(bright.owner, 'contact.create', { full_name: 'Jane Smith' })).id);
});

test(`${attempts} attempts at 50 slots over two servers give 50 visits and no double booking`, async () => {
  const technicians = await addTechnicians(two(), ['Ulla', 'Vito', 'Wanda', 'Xaver', 'Yuki']);
  const slots = planSlots(technicians, 10);
  const results = await raceForSlots(two(), customer, planAttempts(slots, technicians.length, perSlot));
  expect(results).toHaveLength(50 * perSlot);
  expectOneWinnerEach(slots, results);
  const { at_once, ...booked } = await countBooked(two(), technicians);
  expect(booked).toEqual({ visits: 50, gaps: 0, doubled: 0 });
  expect(at_once).toBeGreaterThan(0);
  // A busy machine needs four times as long as an idle one.
});

test('crews that are named in any order neither book anybody twice nor wait for each other for ever', async () => {
  const [a = '', b = '', c = ''] = await addTechnicians(two(), ['Zoe', 'Abe', 'Bea']);
  const crews = [
    [a, b],
    [b, a],
    [b, c],
    [c, b],
    [c, a],
    [a, c],
  ];
  const [slot] = planSlots([a], 1);
  const statuses = await sendAll(300, n => ({
    action: 'ticket.create',
    data: {
      contact_id: customer,
      scheduled_at: slot?.core.toISOString(),
      duration_minutes: 60,
      technician_ids: crews[n % crews.length],
    },
  }));
  // Of any two of these crews, somebody is in both.
  expect(statuses).toEqual({ '200': 1, '409 CONFLICT': 299 });
  expect(await countBooked(two(), [a, b, c])).toMatchObject({ visits: 1, doubled: 0, at_once: 1 });
});

test('one hour of a technician is given once, whether visits are booked, moved or assigned into it', async () => {
  const { done, bright } = two().office;
  const [technician = ''] = await addTechnicians(two(), ['Cleo']);
  const [wanted, ...others] = planSlots([technician], 21);
  const scheduled_at = wanted?.core.toISOString();
  const book = (data: Record<string, unknown>) =>
    done(bright.owner, 'ticket.create', { contact_id: customer, duration_minutes: 60, ...data });
  const movable = await inFlight(4, others, slot =>
    book({ scheduled_at: slot.core.toISOString(), technician_ids: [technician] }),
  );
  const unassigned = await inFlight(4, others, () => book({ scheduled_at }));
  const statuses = await sendAll(60, n => {
    const ticket_id = (n % 3 === 0 ? movable : unassigned)[Math.floor(n / 3)]?.id;
    if (n % 3 === 0) return { action: 'ticket.reschedule', data: { ticket_id, scheduled_at } };
    if (n % 3 === 1)
      return { action: 'ticket.assign_technician', data: { ticket_id, technician_id: technician } };
    const data = { contact_id: customer, scheduled_at, duration_minutes: 60, technician_ids: [technician] };
    return { action: 'ticket.create', data };
  });
  expect(statuses).toEqual({ '200': 1, '409 CONFLICT': 59 });
  expect(await countBooked(two(), [technician])).toMatchObject({ doubled: 0 });
});

/** Sends so many calls over both servers, 40 at a time, and counts what came back. */
async function sendAll(count: number, plan: (n: number) => ActionCall): Promise<Record<string, number>> {
  const { servers, keys } = two();
  const counts: Record<string, number> = {};
  await inFlight(40, [...Array(count).keys()], async n => {
    const { baseUrl } = servers[n % 2 === 0 ? 0 : 1];
    const { status, error } = await callAction(baseUrl, keys[n % keys.length] ?? '', plan(n));
    const outcome = error ? `${status} ${error.code}` : String(status);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  });
  return counts;
}
