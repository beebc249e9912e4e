import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ref } from '../../core/kernel/records/references.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { planMessage } from '../../core/messages/plan.ts';
import { type MessageKind, messageKinds } from '../../core/messages/record.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';

// A timer that rings, and a customer who taps a link, are nobody who looks at a mail: what an assistant has typed does not leave
// with it to an address that nobody has confirmed.

const tell = defineAction({
  domain: 'flow',
  name: 'tell',
  summary: 'Tell a customer something at once.',
  input: z.strictObject({ contact_id: ref('contact'), kind: z.enum(messageKinds), ticket_id: ref('ticket') }),
  output: z.object({ told: z.string() }),
  permission: { level: 'unrestricted' },
  effect: 'send',
  undo: 'none',
  touches: ['email'],
  run: async (context, about) => ({
    told: (
      await planMessage(context, {
        ...about,
        custom_message: bait,
        facts: {
          previous_date: 'Friday',
          previous_time: '9:00 AM',
          free_times: '- Monday',
          answer_by: 'noon',
          months: 'a year',
        },
        links: Object.fromEntries(
          ['accept_link', 'decline_link', 'modify_link'].map(name => [
            name,
            { purpose: 'confirm', subject_id: about.ticket_id },
          ]),
        ),
      })
    ).told,
  }),
});

const bait = 'Free money at evil.example';
const front = useHttp({ domains: [defineDomain({ name: 'flow', summary: 'Flows.', actions: [tell] })] });
let panes: BrightPanes;
const reasoning = 'Testing what can be done here by an agent';
const asAgent = async (action: string, data: Record<string, unknown>) =>
  (await panes.act(panes.agent, action, data, { reasoning })).data;
const system = () => ({ via: 'system', organization_id: panes.bright.id, name: 'worker' }) as const;
const mails = async (to: string) =>
  (await panes.read(panes.dana, 'outbox', { params: { kind: 'email' }, limit: 100 })).filter(({ payload }) =>
    JSON.stringify(payload).includes(`"to":"${to}"`),
  );

beforeAll(async () => {
  panes = await stock(front().office);
});

describe('a mail of every kind that goes out by itself', () => {
  const customerOf = async (
    create: (action: string, data: Record<string, unknown>) => Promise<Record<string, unknown>>,
    email: string,
  ) => {
    const { reference: contact_id } = await create('contact.create', { full_name: 'Ann Example', email });
    const house = { contact_id, city: 'Madison', state: 'AL', postal_code: '35758' };
    const { reference: address_id } = await create('address.create', { ...house, line1: bait });
    return { contact_id, address_id };
  };
  const visitOf = async (who: Record<string, unknown>, day: number) =>
    (
      await panes.done(panes.dana, 'ticket.create', {
        ...who,
        scheduled_at: `2026-12-${day}T09:00`,
        duration_minutes: 60,
      })
    ).reference;

  test('carries nothing an assistant has typed to an address that nobody has confirmed', async () => {
    const who = await customerOf(asAgent, 'victim@elsewhere.example');
    const ticket_id = await visitOf(who, 15);
    for (const kind of messageKinds)
      await panes.act(system(), 'flow.tell', { contact_id: who.contact_id, ticket_id, kind });
    const gone = await mails('victim@elsewhere.example');
    expect(JSON.stringify(gone)).not.toContain('evil.example');
    // When we come, and who, may be told to somebody new, in the words of the house.
    const fixed: MessageKind[] = [
      'confirmation',
      'confirmation_follow_up',
      'reminder',
      'moved',
      'cancellation',
    ];
    expect(
      gone.map(({ payload }) => z.object({ message_kind: z.string() }).parse(payload).message_kind).sort(),
    ).toEqual(fixed.sort());
    const held = await panes.read(panes.dana, 'scheduled_messages', {
      filter: 'failed',
      params: { contact_id: String(who.contact_id) },
      fields: ['error'],
      limit: 100,
    });
    expect(new Set(held.map(({ error }) => error))).toEqual(
      new Set(['Nobody has confirmed the e-mail address of the customer.']),
    );
    expect(held.length).toBe(messageKinds.length - fixed.length);
  });

  test('says all there is to say where a person has entered the address', async () => {
    const byDana = (action: string, data: Record<string, unknown>) => panes.done(panes.dana, action, data);
    const who = await customerOf(byDana, 'ann@example.com');
    const ticket_id = await visitOf(who, 16);
    for (const kind of ['confirmation', 'change_accepted', 'waitlist_taken'])
      await panes.act(system(), 'flow.tell', { contact_id: who.contact_id, ticket_id, kind });
    const gone = await mails('ann@example.com');
    expect(gone).toHaveLength(3);
    for (const { payload } of gone) expect(JSON.stringify(payload)).toContain('evil.example');
  });
});

describe('a customer who takes a time that has become free', () => {
  /** Somebody who waits is offered a time, `meanwhile` happens, and they tap; answers the mails their address gets then. */
  async function tapped(day: string, meanwhile: (contact_id: unknown) => Promise<unknown>, email: string) {
    const { done, dana } = panes;
    const customer = { full_name: 'Ada Early', email: `before-${day}@example.com` };
    const { reference: contact_id } = await done(dana, 'contact.create', customer);
    const booked = { contact_id, scheduled_at: `2026-12-17T${day}:00`, duration_minutes: 60 };
    const { reference: ticket_id } = await done(dana, 'ticket.create', booked);
    const { reference } = await done(dana, 'waitlist.create', { contact_id, ticket_id });
    const offer = { scheduled_at: `2026-12-01T${day}:00`, technician_id: 'Theo', to: [reference] };
    await done(dana, 'waitlist.offer', offer);
    await meanwhile(contact_id);
    const { rows } = await panes.database.owner.query<{ id: string }>(
      `select id from customer_links where purpose = 'waitlist_offer' order by created_at desc, id desc limit 1`,
    );
    const page = panes.app.linkAddress(panes.bright.id, 'waitlist_offer', rows[0]?.id ?? '');
    const pressed = await fetch(front().url + new URL(page).pathname, { method: 'POST' });
    expect(await pressed.text()).toContain('It is yours');
    return mails(email);
  }

  test('is told at the address a person has entered, and not at one an assistant has put there since', async () => {
    const change = (contact_id: unknown) =>
      asAgent('contact.update', { contact_id, email: 'stranger@elsewhere.example' });
    expect(await tapped('09', change, 'stranger@elsewhere.example')).toEqual([]);
    expect(await tapped('13', async () => undefined, 'before-13@example.com')).toHaveLength(2);
  });
});

test('the timer of a series tells somebody new when we come, and nothing an assistant has typed', async () => {
  const settings = { confirm_each_visit_of_a_series: true };
  await panes.done(panes.olivia, 'organization.update_settings', { settings });
  const { reference: contact_id } = await asAgent('contact.create', {
    full_name: 'Ben Example',
    email: 'ben@elsewhere.example',
  });
  const house = { contact_id, city: 'Madison', state: 'AL', postal_code: '35758' };
  await asAgent('address.create', { ...house, line1: bait });
  const week = { rule: 'weekly', starts_on: '2026-11-23', start_time: '09:00', duration_minutes: 60 };
  await panes.done(panes.dana, 'series.create', { contact_id, ...week, notify_customer: true });
  const before = (await mails('ben@elsewhere.example')).length;
  panes.setClock('2026-11-25T05:00:00-06:00');
  await panes.act(system(), 'series.plan_mails', {});
  panes.setClock('2026-11-18T08:00:00-06:00');
  const told = (await mails('ben@elsewhere.example')).slice(0, -before || undefined);
  expect(told.length).toBeGreaterThan(0);
  expect(JSON.stringify(told)).not.toContain('evil.example');
});
