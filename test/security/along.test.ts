import { expect, test } from 'vitest';
import { askedCall, type Registry } from '../../core/kernel/registry/registry.ts';
import { whyNotUndone } from '../../core/kernel/registry/undoable.ts';
import { isIrreversible } from '../../core/passkeys/irreversible.ts';
import { undoWords } from '../../web-review/review/facts.ts';
import { requestRow } from '../../web-review/review/request.ts';
import { as } from '../support/office.ts';
import { usePages } from '../support/pages.ts';
import { refusal } from '../support/refusal.ts';
import { useReview } from '../web/review-people.ts';

// What is done along with an action (`also`) is as strict as if it had been called by itself: asked about, allowed, told and
// taken back by every action that runs, however the call is named or written.

const pages = usePages();
const { see, press, decide } = useReview(pages);
const reasoning = 'The customer called this morning and asked for it.';

const dana = () => as(pages().bright, 'Dana');
const ask = (action: string, data: Record<string, unknown>) =>
  pages().act(pages().bright.agent, action, data, { reasoning });
const level = (action: string, to: string) =>
  pages().done(pages().bright.owner, 'authorization.set_level', { action, level: to });
const customer = (full_name: string, more: Record<string, unknown> = {}) =>
  pages().done(dana(), 'contact.create', { full_name, ...more });
const visitOf = (contact_id: string) => ({
  contact_id,
  scheduled_at: '2026-11-17T15:00',
  duration_minutes: 45,
});
const requestOf = async (reference: unknown) => {
  const [row] = await pages().read(pages().bright.owner, 'authorization_requests', { id: String(reference) });
  return row ?? {};
};
const allowsOnCard = async (reference: unknown) =>
  (await see('/review')).markup.includes(`/review/${String(reference)}/allow-once`);
const fed = async (about: string) => {
  const rows = await pages().read(pages().bright.owner, 'done', {
    params: { actor_kind: 'agent' },
    fields: ['did', 'undo', 'why_no_undo'],
  });
  return rows.find(({ did }) => String(did).includes(about)) ?? {};
};

/** An input that asks for what goes along by a member, and one that does not. */
function inputsOf(member: string, when_left_out: boolean) {
  const given = { [member]: {} };
  return when_left_out ? { asks: {}, plain: given } : { asks: given, plain: {} };
}

/** Every `also` there is. */
const alongs = ({ actions }: Registry) =>
  [...actions.values()].flatMap(({ id, spec }) =>
    Object.entries(spec.also ?? {}).map(([member, { uses, when_left_out = false }]) => ({
      id,
      member,
      uses,
      ...inputsOf(member, when_left_out),
    })),
  );

test('whatever goes along, asking for it is as strict as each of its actions alone', () => {
  const { registry } = pages().app;
  const unasked = { rule: '*', preview: { outgoing: [] } };
  expect(alongs(registry).length).toBeGreaterThan(4);
  for (const { id, member, uses, asks, plain } of alongs(registry)) {
    const whole = askedCall(registry, { action: id, input: asks });
    expect(whole?.spec).toMatchObject({ kind: 'workflow', uses: expect.arrayContaining([id, ...uses]) });
    expect(askedCall(registry, { action: id, input: plain })).toBe(registry.action(id));
    // Null is left out, in a stored request as in a call.
    const isAsked = Object.keys(asks).length === 0;
    const empty = askedCall(registry, { action: id, input: { [member]: null } });
    expect(empty === registry.action(id)).toBe(!isAsked);
    for (const each of [id, ...uses]) {
      const alone = isIrreversible(registry, { action: each, input: plain, ...unasked });
      if (alone)
        expect([id, isIrreversible(registry, { action: id, input: asks, ...unasked })]).toEqual([id, true]);
      if (whole && whyNotUndone(registry, registry.action(each)) !== undefined)
        expect([id, whyNotUndone(registry, whole)]).not.toContain(undefined);
    }
  }
});

test('a visit that is recorded and closed is not allowed from its card, and its page says that it is final', async () => {
  await customer('Cara Close');
  await level('ticket.close', 'requires_authorization');
  const closing = await ask('ticket.record_visit', { ...visitOf('Cara Close'), close: {} });
  expect(closing.status).toBe('pending_authorization');
  const asked = requestRow.partial().parse(await requestOf(closing.data.request));
  expect(await allowsOnCard(closing.data.request)).toBe(false);
  const { text } = await see(`/review/${String(closing.data.request)}`);
  expect(text).toContain('Cannot be undone: it is final.');
  expect(text).not.toContain('can be cancelled again');
  expect(text).toContain('close the visit');
  expect(asked.action).toBe('ticket.record_visit');
  expect((await decide(String(closing.data.request), 'allow-once')).status).toBe(303);
  await level('ticket.close', 'soft_limit');

  // A visit that is recorded alone can be taken back.
  await level('ticket.record_visit', 'requires_authorization');
  const plain = await ask('ticket.record_visit', {
    ...visitOf('Cara Close'),
    scheduled_at: '2026-11-16T15:00',
  });
  // What is short stands on its card whole.
  await level('service.update', 'requires_authorization');
  const short = await ask('service.update', { service_id: 'S-1', name: 'Gutters' });
  expect(await allowsOnCard(short.data.request)).toBe(true);
  await level('service.update', 'unrestricted');
  const { registry } = pages().app;
  expect(undoWords(registry, requestRow.parse(await requestOf(plain.data.request)))).toContain(
    'cancelled again',
  );
  await level('ticket.record_visit', 'unrestricted');
});

test('a sign-in of long ago does not allow a visit to be closed along, and allows one that is recorded alone', async () => {
  await customer('Stella Stale');
  await level('ticket.record_visit', 'requires_authorization');
  const plain = await ask('ticket.record_visit', visitOf('Stella Stale'));
  const closing = await ask('ticket.record_visit', {
    ...visitOf('Stella Stale'),
    scheduled_at: '2026-11-16T15:00',
    close: {},
  });
  const digests = await Promise.all(
    [plain, closing].map(async ({ data }) => String((await requestOf(data.request)).digest)),
  );
  await pages().database.owner.query("update sessions set created_at = created_at - interval '2 days'");
  const allow = (reference: unknown, digest = '') =>
    press(`/review/${String(reference)}/allow-once`, { digest });
  await allow(closing.data.request, digests[1]);
  expect(await requestOf(closing.data.request)).toMatchObject({ status: 'pending' });
  await allow(plain.data.request, digests[0]);
  expect(await requestOf(plain.data.request)).toMatchObject({ status: 'succeeded' });
  await pages().database.owner.query("update sessions set created_at = created_at + interval '2 days'");
  await level('ticket.record_visit', 'unrestricted');
});

test('a mail whose time is null, or empty, goes now, and by the level of sending now', async () => {
  await customer('Mia Mail', { email: 'mia@example.com' });
  const mail = { contact_id: 'Mia Mail', subject: 'Hello', body: 'We come on Friday.' };
  await level('message.send_now', 'forbidden');
  for (const input of [mail, { ...mail, send_at: null }, { ...mail, sendAt: null }])
    expect(await refusal(ask('message.schedule', input))).toMatchObject({ code: 'FORBIDDEN' });
  await refusal(ask('message.schedule', { ...mail, send_at: '' }));
  const { rows } = await pages().database.owner.query(
    "select 1 from scheduled_messages where subject = 'Hello'",
  );
  expect(rows).toEqual([]);
  // A mail of a time to come is not sent now.
  expect(await ask('message.schedule', { ...mail, send_at: '2026-12-01T09:00' })).toMatchObject({
    status: 'done',
  });
  await level('message.send_now', 'soft_limit');
  expect(await ask('message.schedule', { ...mail, send_at: null })).toMatchObject({
    data: { status: 'sending' },
  });
});

test('what was final along is told whole, and nobody is offered to undo it', async () => {
  await customer('Una Undo', { email: 'una@example.com' });
  const closed = await ask('ticket.record_visit', { ...visitOf('Una Undo'), close: {} });
  const { reference } = closed.data;
  expect(closed.undo).toMatch(/^none: /);
  expect(await fed(String(reference))).toMatchObject({
    did: expect.stringContaining('and closed the visit'),
    undo: null,
    why_no_undo: String(closed.undo).slice('none: '.length),
  });
  const sent = await ask('message.schedule', { contact_id: 'Una Undo', subject: 'Friday', body: 'We come.' });
  expect(await fed(String(sent.data.reference))).toMatchObject({ undo: null });
  for (const of of [reference, sent.data.reference])
    expect(await refusal(pages().act(pages().bright.owner, 'undo', { of }, { reasoning }))).toMatchObject({
      message: expect.stringContaining('This cannot be undone'),
    });

  const alone = await ask('ticket.record_visit', {
    ...visitOf('Una Undo'),
    scheduled_at: '2026-11-16T09:00',
  });
  expect(await fed(String(alone.data.reference))).toMatchObject({ undo: alone.undo, why_no_undo: null });
  expect(
    await pages().act(pages().bright.owner, 'undo', { of: alone.data.reference }, { reasoning }),
  ).toMatchObject({
    status: 'done',
  });
});

test('a customer made with an address is taken back by the levels of both', async () => {
  const made = async (full_name: string) =>
    String((await ask('contact.create', { full_name, address: '18 Zierdt Rd, Madison AL 35758' })).undo);
  const [first, second] = [await made('Addy Along'), await made('Adam Along')];
  const undo = (of: string) => pages().act(pages().bright.agent, 'undo', { of }, { reasoning });
  await level('address.delete', 'forbidden');
  expect(await refusal(undo(first))).toMatchObject({ code: 'FORBIDDEN' });
  await level('address.delete', 'soft_limit');
  expect(await undo(second)).toMatchObject({
    status: 'done',
    data: { undone: expect.stringMatching(/contact.* and .*address/) },
  });
});
