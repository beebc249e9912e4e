import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { storyTime } from '../support/office.ts';
import { usePages } from '../support/pages.ts';
import { plain } from '../web/review-story.ts';
import { readyInput } from './ready-input.ts';
import { calls, registry } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';

// Whatever an agent may ask for, its owner reads a sentence about: who wants what, whose it is, in words. Nothing here names
// an action: one that is registered tomorrow is held to the same.

const pages = usePages({}, { baseUrl: 'http://localhost:3000' });
let story: Story;
let session: string;
const forAgents = calls.filter(({ spec }) =>
  spec.kind === 'workflow' ? !spec.read_only : !spec.human_only && spec.name !== 'cancel_request',
);

beforeAll(async () => {
  const { bright, done, signIn } = pages();
  story = await tellStory(pages(), bright, 'Brightly');
  session = await signIn('olivia@brightpanes.example');
  for (const { id, spec } of forAgents) {
    if (spec.kind === 'workflow') continue;
    await done(bright.owner, 'authorization.set_level', { action: id, level: 'requires_authorization' });
  }
});

beforeEach(() => pages().setClock(storyTime));

const forbidden =
  /requires.authorization|soft.limit|\brows?\b|\bentr(y|ies) change|\blevels?\b|\bgrants?\b|outbox|\bdead\b|\btickets?\b|\bleads?\b|\bcontacts?\b|payload|\bentit(y|ies)\b|\[object|undefined|\bnull\b/i;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/i;
const enumName = /\b[a-z]+_[a-z_]+\b/;
const machineTime = /\d{4}-\d\d-\d\dT|\d{4}-\d\d-\d\d \d\d:/;
const machineMoney = /cents/i;
// `$90.00 PAY-7`: what is called by an amount has its number behind that, and not in it as well.
const saidTwice = /(\b[A-Z]{1,6}(?:-\d{4})?-\d+\b)(?: \S+){0,2} \1\b/;

const change = z.looseObject({ entity_type: z.string(), subject_type: z.string(), subject_id: z.string() });
const asked = z.object({
  preview: z.object({ changes: z.array(change) }),
  digest: z.string(),
  agent: z.string(),
});

/** The card of a request on the page of what waits, as somebody reads it, without what the agent itself says. */
async function cardOf(request: string): Promise<string> {
  const markup = await (await pages().send('/review', { session })).text();
  const [, card = ''] =
    new RegExp(`<li class="card ask" id="${request}">([\\s\\S]*?)</li>\\n\\s*(?=<li class="card|</ul>)`).exec(
      markup,
    ) ?? [];
  return plain(card.replace(/<p class="why"[\s\S]*?<\/p>/, ''));
}

/** Asks as the agent, reads the card, and denies it so that nothing else waits. */
async function ask(id: string, input: Record<string, unknown>) {
  const { act, done, read, bright } = pages();
  const waiting = await act(bright.agent, id, input, { reasoning: 'The customer asked us to do so' });
  expect(waiting.status).toBe('pending_authorization');
  const request = String(waiting.data.request);
  const row = asked.parse((await read(bright.owner, 'authorization_requests', { id: request }))[0]);
  const card = await cardOf(request);
  await done(bright.owner, 'authorization.deny', { request, digest: row.digest });
  return { card, row, request };
}

describe('what waits reads like a sentence', () => {
  test.each(forAgents.map(call => ({ id: call.id, call })))('$id', async ({ id, call }) => {
    const { card, row, request } = await ask(id, await readyInput(pages(), story, call));
    expect(card).toMatch(new RegExp(`^\\s*${row.agent} wants to [a-z]`));
    // Numbers of files and words of the story are not ours; what is ours holds none of these.
    const ours = card.replace(request, '').replace(/lead\.end_call_backs|property_note/g, '');
    for (const wrong of [forbidden, uuid, enumName, machineTime, machineMoney])
      expect(ours).not.toMatch(wrong);
    expect(card).not.toMatch(saidTwice);
    if (await isSomebodys(row)) expect(card).toMatch(/Brightly|Robert Miles|Twin|Jane Smith|Firm/);
  });

  /** Whether a row of it belongs to the customer of the story. */
  async function isSomebodys({ preview }: z.infer<typeof asked>): Promise<boolean> {
    const customer = pickFrom(story, 'contact');
    return (
      JSON.stringify(preview.changes).includes(customer) ||
      preview.changes.some(({ subject_type }) => subject_type === 'ticket')
    );
  }

  test('every action and workflow has words of its own, and none that only the machine knows', () => {
    expect(forAgents.length).toBeGreaterThan(90);
    for (const { id } of forAgents)
      expect(registry.actions.has(id) || registry.workflows.get(id)?.spec.deed).toBeTruthy();
  });
});

describe('a sentence says what an owner would ask', () => {
  const { contact, invoice } = { contact: 'C-1001', invoice: 'INV-2026-002' };

  test('whose money it is, how it came, for which bill, and what stays open', async () => {
    const { card } = await ask('invoice.record_payment', {
      invoice_id: invoice,
      amount_cents: 20_000,
      note: 'check 1042',
    });
    expect(card).toMatch(
      /Office Manager wants to record \$200\.00 by check 1042 from Brightly Customer C-1001 for INV-2026-002; \$[\d,.]+ stays open\./,
    );
  });

  test('which payment is given back, by its amount and once by its number', async () => {
    const payment_id = pickFrom(story, 'payment');
    const { card } = await ask('payment.refund', { payment_id, amount_cents: 100, reason: 'overpaid' });
    expect(card).toMatch(
      /wants to refund \$1\.00 of the payment \$[\d,.]+ PAY-\d+ for Brightly Customer C-1001\./,
    );
  });

  test('the price before and after, as raised or lowered', async () => {
    const raised = await ask('service.update', { service_id: 'S-1', price_cents: 999_900 });
    expect(raised.card).toMatch(
      /wants to raise the price of the service Brightly windows S-1 from \$[\d.]+ to \$9,999\.00\./,
    );
    const lowered = await ask('service.update', { service_id: 'S-1', price_cents: 100 });
    expect(lowered.card).toMatch(
      /wants to lower the price of the service Brightly windows S-1 from \$[\d.]+ to \$1\.00\./,
    );
  });

  test('of the opening hours the changed days, in the order of the week', async () => {
    const { card } = await ask('organization.update_settings', {
      business_hours: { sun: [['10:00', '12:00']], fri: [], mon: [['07:30', '17:00']] },
    });
    expect(card).toMatch(
      /Monday 8:00 AM–5:00 PM → 7:30 AM–5:00 PM Friday 8:00 AM–5:00 PM → closed Sunday closed → 10:00 AM–12:00 PM/,
    );
    expect(card).not.toMatch(/Tuesday|Wednesday|Thursday|Saturday/);
  });

  test('of a list what was taken out and what was put in', async () => {
    const { done, bright } = pages();
    await done(bright.owner, 'contact.update', { contact_id: contact, tags: ['annual', 'gate code', 'dog'] });
    const { card } = await ask('contact.update', { contact_id: contact, tags: ['annual', 'dog', 'vip'] });
    expect(card).toContain('change the tags of the customer Brightly Customer C-1001 from gate code to vip');
  });

  test('the time of a visit from when to when, and whose visit it is', async () => {
    const { card } = await ask('ticket.reschedule', {
      ticket_id: 'T-2002',
      scheduled_at: '2026-12-02T10:00',
    });
    expect(card).toMatch(
      /reschedule the visit T-2002 for Brightly Customer C-1001 from \w{3}, Dec 14, 2026, 9:00 AM to Wed, Dec 2, 2026, 10:00 AM/,
    );
  });
});
