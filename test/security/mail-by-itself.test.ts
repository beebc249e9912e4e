import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ref } from '../../core/kernel/records/references.ts';
import { defineAction, defineDomain } from '../../core/kernel/registry/define.ts';
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
        facts: { previous_date: 'Friday', previous_time: '9:00 AM', free_times: '- Monday', answer_by: 'noon', months: 'a year' },
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
  const customerOf = async (create: (action: string, data: Record<string, unknown>) => Promise<Record<string, unknown>>, email: string) => {
    const { reference: contact_id } = await create('contact.create', { full_name: 'Ann Example', email });
    const house = { contact_id, city: 'Madison', state: 'AL', postal_code: '35758' };
    const { reference: address_id } = await create('address.create', { ...house, line1: bait });
    return { contact_id, address_id };
  };
  const visitOf = async (who: Record<string, unknown>, day: number) =>
    (await panes.done(panes.dana, 'ticket.create', { ...who, scheduled_at: `2026-12-${day}T09:00`, duration_minutes: 60 })).reference;

  test('carries nothing an assistant has typed to an address that nobody has confirmed', async () => {
    const who = await customerOf(asAgent, 'victim@elsewhere.example');
    const ticket_id = await visitOf(who, 15);
    for (const kind of messageKinds)
      await panes.act(system(), 'flow.tell', { contact_id: who.contact_id, ticket_id, kind });
    const gone = await mails('victim@elsewhere.example');
    expect(JSON.stringify(gone)).not.toContain('evil.example');
    // When we come, and who, may be told to somebody new, in the words of the house.
    const fixed: MessageKind[] = ['confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation'];
    expect(gone.map(({ payload }) => z.object({ message_kind: z.string() }).parse(payload).message_kind).sort()).toEqual(fixed.sort());
    const held = await panes.read(panes.dana, 'scheduled_messages', {
      filter: 'failed',
      params: { contact_id: String(who.contact_id) },
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
