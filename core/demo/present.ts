import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Caller } from '../kernel/pipeline/context.ts';
import { catalog, moreServices, timeZone } from './demo.ts';
import type { Known } from './known.ts';
import { personOf } from './person.ts';
import { act, list, type Scene } from './scene.ts';

const mornings = ['08:30', '10:30', '13:00', '15:00'] as const;

/** What a business has before it at any time: booked visits, visits that come again, and what an agent has asked for. */
export async function present(scene: Scene, known: Known): Promise<void> {
  const { dana } = scene;
  // Nobody is written to: those without an address of mail get the visits of the next days.
  const callable = [...known.people].filter(([number]) => personOf(number).email === undefined);
  const days = nextWorkdays(10);
  let index = 0;
  for (const [at, day] of days.entries())
    for (const technician of [0, 1]) {
      const [, contact_id] = callable[(index * 7 + 3) % callable.length] ?? [];
      const start = mornings[(at + technician * 2) % mornings.length] ?? mornings[0];
      index += 1;
      // Theo and Tess have visits of their own on the first of these days.
      if (contact_id === undefined || at === 0) continue;
      await act(scene, dana, 'ticket.create', {
        contact_id,
        scheduled_at: `${day.toString()}T${start}`,
        duration_minutes: 90,
        lines: [{ service_id: moreServices[0].name, unit_price_cents: 18_900 }],
        technician_ids: [scene.technicians[technician]],
        notify_customer: false,
      });
    }
  const shops = [...known.people].filter(([number]) => personOf(number).tags.includes('storefront'));
  for (const [place, [, contact_id]] of shops.slice(0, 6).entries())
    await act(scene, dana, 'series.create', {
      contact_id,
      rule: place % 2 === 0 ? 'every 4 weeks' : 'every 2 weeks',
      starts_on: (days[10 - 1 - (place % 3)] ?? days[0])?.add({ days: 7 }).toString(),
      start_time: `${String(8 + place).padStart(2, '0')}:00`,
      lines: [{ service_id: catalog[2].name, quantity: 10 + place }],
      notify_customer: false,
    });
  await ask(scene, known);
}

const owed = z.object({
  id: z.string(),
  reference: z.string(),
  balance: z.object({ due_cents: z.number() }),
});

/** What customers have said on the phone, as the agent has written it down. */
const heard = [
  'Wants a call half an hour before we come.',
  'The side gate has a new code; ask at the door.',
  'Asked for the receipt by mail from now on.',
  'Would rather have us on Tuesdays.',
  'The dog is in the yard until noon.',
  'Has new screens upstairs since October.',
] as const;

/** What an agent has done by itself, and two things it may not do by itself, with its reasons: they wait for the owner. */
async function ask(scene: Scene, known: Known): Promise<void> {
  const agent = await keyOfAgent(scene);
  const people = [...known.people.values()];
  for (const [at, content] of heard.entries())
    await act(scene, agent, 'note.create', { contact_id: people[(at * 31 + 5) % people.length], content });
  const overdue = await list(scene, 'invoices', {
    filter: 'overdue',
    sort: '-due_on',
    include: ['balance'],
    limit: 1,
  });
  for (const { id, balance } of z.array(owed).parse(overdue))
    await act(scene, agent, 'invoice.record_payment', {
      invoice_id: id,
      amount_cents: balance.due_cents,
      note: 'Check 2207',
      reasoning:
        'The customer says on the phone that check 2207 was handed to Theo last Friday; it lies on the desk.',
    });
  const payments = await list(scene, 'payments', {
    params: { method: 'check' },
    sort: '-received_at',
    fields: ['id'],
    limit: 1,
  });
  for (const { id } of payments)
    await act(scene, agent, 'payment.refund', {
      payment_id: id,
      amount_cents: 4_000,
      reason: 'goodwill',
      note: 'A screen was torn',
      reasoning: 'The customer wrote that one screen was torn when we left, and Theo remembers it.',
    });
}

/** What waits counts while the key lives by which it was asked for. */
async function keyOfAgent(scene: Scene): Promise<Caller> {
  const { key } = await act(scene, scene.olivia, 'agent.create_key', {
    agent_id: scene.agent_id,
    // Longer than anything waits.
    expires_on: Temporal.Now.plainDateISO(timeZone).add({ days: 7 }).toString(),
  });
  return { via: 'key', key: z.string().parse(key) };
}

function nextWorkdays(count: number): Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  for (
    let day = Temporal.Now.plainDateISO(timeZone).add({ days: 1 });
    days.length < count;
    day = day.add({ days: 1 })
  )
    if (day.dayOfWeek <= 5) days.push(day);
  return days;
}
