import { expect, test } from 'vitest';
import { z } from 'zod';
import { callAction, inFlight } from '../support/call-action.ts';
import { useTwoServers } from '../support/two-servers.ts';
import { addTechnicians, countBooked } from './booking-race.ts';

const two = useTwoServers();
const visits = 4;
const attempts = 20;

test('80 requests over two servers to move four visits move each of them once, and the others are told to where', async () => {
  const { office, servers, keys } = two();
  const { done, bright } = office;
  const [technician = ''] = await addTechnicians(two(), ['Mona']);
  const { id: customer } = await done(bright.owner, 'contact.create', { full_name: 'Jane Smith' });
  const day = (n: number) => new Date(Date.now() + (40 + n) * 86_400_000).toISOString().slice(0, 10);
  const booked = await inFlight(1, [...Array(visits).keys()], n =>
    done(bright.owner, 'ticket.create', {
      contact_id: customer,
      scheduled_at: `${day(n)}T09:00`,
      duration_minutes: 30,
      technician_ids: [technician],
    }),
  );
  const tries = Array.from({ length: visits * attempts }, (_, n) => n);
  const answers = await inFlight(40, tries, async n => {
    const server = servers[n % 2 === 0 ? 0 : 1];
    const { status, error } = await callAction(server.baseUrl, keys[n % keys.length] ?? '', {
      action: 'workflow.handle_reschedule_request',
      data: {
        ticket_id: booked[n % visits]?.id,
        scheduled_at: `${day(n % visits)}T${String(10 + (n % 10)).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}`,
      },
      reasoning: 'The customer called and asked for another time',
    });
    if (status === 200) return 'moved';
    const { code, rescheduled_to } = lost.parse(error);
    return `${status} ${code}${rescheduled_to === undefined ? '' : ', and where to'}`;
  });
  expect(answers.filter(answer => answer === 'moved')).toHaveLength(visits);
  expect(answers.filter(answer => answer !== 'moved')).toEqual(
    Array(visits * (attempts - 1)).fill('409 INVALID_STATE, and where to'),
  );
  const { rows } = await office.database.owner.query(
    `select count(*)::int as replaced, count(distinct rescheduled_from_id)::int as visits
    from tickets where organization_id = $1 and rescheduled_from_id is not null`,
    [bright.id],
  );
  expect(rows).toEqual([{ replaced: visits, visits }]);
  expect(await countBooked(two(), [technician])).toMatchObject({ visits, doubled: 0 });
});

const lost = z.object({ code: z.string(), rescheduled_to: z.string().optional() });
