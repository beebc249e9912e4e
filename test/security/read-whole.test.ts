import { beforeEach, describe, expect, test } from 'vitest';
import { registry } from '../contracts/registered.ts';
import { useHttp } from '../support/http.ts';
import { refusal } from '../support/refusal.ts';

// A long text goes out when a person has had all of it before them and says so, whichever way the decision comes: the
// pages are not the only one.

const front = useHttp();
const office = () => front().office;
const reasoning = 'The customer asked us to write to them';
const waiting = 'pending_authorization';
const last = 'And the key is under the third pot.';
const long = `${'We come on Friday and clean all of your windows. '.repeat(30)}${last}`;
const lines = Array.from({ length: 19 }, (_, n) => `${n}`).join('\n');
let contact_id = '';

// As if nothing had gone out and nothing waited: how much goes out is another rule (bulk.test.ts).
beforeEach(async () => {
  const { database, bright, done } = office();
  await database.owner.query(`
    alter table audit_log disable trigger immutable;
    delete from audit_log where actor_kind = 'agent';
    alter table audit_log enable trigger immutable;
    select set_config('app.actor', '{"kind": "system", "name": "test"}', false);
    update authorization_requests set status = 'canceled' where status = 'pending'`);
  const typed = { full_name: 'Nora New', email: 'nora@example.com' };
  contact_id = String((await done(bright.agent, 'contact.create', typed)).reference);
});

const act = (action: string, data: Record<string, unknown>) =>
  office().act(office().bright.agent, action, data, { reasoning });
const ask = async (action: string, data: Record<string, unknown>) => {
  const { status, data: answer } = await act(action, data);
  expect(status).toBe(waiting);
  return String(answer.request);
};
const message = (body: string) => ({ contact_id, subject: 'Friday', body, send_at: '2126-12-01T09:00' });
const show = async (id: string) =>
  (await office().read(office().bright.owner, 'authorization_requests', { id }))[0];
const digestOf = async (id: string) => String((await show(id))?.digest);
const decide = (request: string, data: Record<string, unknown>, verb = 'allow_once') =>
  office().done(office().bright.owner, `authorization.${verb}`, { request, ...data });

describe('a long text that goes out', () => {
  test.each([
    ['as it is planned', long],
    ['as it is planned, in many short lines', lines],
  ])('%s is allowed by who says that all of it was before them', async (_when, body) => {
    const request = await ask('message.schedule', message(body));
    const digest = await digestOf(request);
    for (const verb of ['allow_once', 'allow_always']) {
      expect(await refusal(decide(request, { digest }, verb))).toMatchObject({
        code: 'CONFLICT',
        field: 'seen',
      });
    }
    const seen = 'f'.repeat(64);
    expect(await refusal(decide(request, { digest, seen }))).toMatchObject({ field: 'seen' });
    expect((await show(request))?.status).toBe('pending');
    expect(await office().read(office().bright.owner, 'scheduled_messages', {})).toEqual([]);
    expect(await decide(request, { digest, seen: digest })).toMatchObject({ status: 'succeeded' });
    await office().database.owner.query('delete from scheduled_messages');
  });

  test('as it leaves at once, in an invoice, needs that too', async () => {
    const { done, bright } = office();
    const bill = { contact_id, lines: [{ description: 'Ladder', unit_price_cents: 9000 }], notes: long };
    const { reference } = await done(bright.owner, 'invoice.create', bill);
    const request = await ask('invoice.send', { invoice_id: reference, email: 'tax@example.com' });
    const digest = await digestOf(request);
    expect(await refusal(decide(request, { digest }))).toMatchObject({ field: 'seen' });
    expect(await decide(request, { digest, seen: digest })).toMatchObject({ status: 'succeeded' });
  });

  test('and joins others in a bulk needs it for all of them', async () => {
    const { done, bright } = office();
    const planned: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      planned.push(String((await done(bright.owner, 'message.schedule', message('See you'))).reference));
    }
    const outcomes = [];
    for (const message_id of planned.slice(0, 7))
      outcomes.push(await act('message.update', { message_id, body: 'No' }));
    const request = String(outcomes.at(-1)?.data.request);
    const digest = await digestOf(request);
    const late = { message_id: planned[7], body: long };
    expect((await act('message.update', late)).data.request).toBe(request);
    const grown = await digestOf(request);
    expect(grown).not.toBe(digest);
    expect(await refusal(decide(request, { digest: grown }))).toMatchObject({ field: 'seen' });
    expect(await refusal(decide(request, { digest: grown, seen: digest }))).toMatchObject({ field: 'seen' });
    const done3 = await decide(request, { digest: grown, seen: grown });
    expect(done3).toMatchObject({ status: 'succeeded', result: { done: 3, not_done: 0 } });
  });

  test('is refused over HTTP as well, where a program decides with somebody’s session', async () => {
    const request = await ask('message.schedule', message(long));
    const digest = await digestOf(request);
    const headers = await front().signIn(office().bright, 'Olivia');
    const send = (data: Record<string, unknown>) =>
      front().post(
        '/api/actions',
        { action: 'authorization.allow_once', data: { request, ...data } },
        { key: null, headers },
      );
    const unread = await send({ digest });
    expect(unread).toMatchObject({ status: 409, error: { code: 'CONFLICT', field: 'seen' } });
    expect(String(unread.error.hint)).toContain('to the end');
    expect((await send({ digest, seen: digest })).data).toMatchObject({ status: 'succeeded' });
  });

  test('is denied by who has not read it', async () => {
    const request = await ask('message.schedule', message(long));
    const digest = await digestOf(request);
    expect(await decide(request, { digest }, 'deny')).toMatchObject({ status: 'denied' });
  });
});

test('a short text, and a long one that stays within the business, are allowed as they stand', async () => {
  const short = await ask('message.schedule', message('See you on Friday.'));
  expect(await decide(short, { digest: await digestOf(short) })).toMatchObject({ status: 'succeeded' });
  const level = { action: 'note.create', level: 'requires_authorization' };
  await office().done(office().bright.owner, 'authorization.set_level', level);
  const note = await ask('note.create', { contact_id, content: long });
  expect(await decide(note, { digest: await digestOf(note) })).toMatchObject({ status: 'succeeded' });
});

test('every record that is sent at a time to come says of all its words that they go out', () => {
  const planned = [...registry.records.values()].filter(({ fields }) => fields.send_at !== undefined);
  expect(planned.map(({ name }) => name)).toContain('scheduled_message');
  const silent = planned.flatMap(({ name, fields }) =>
    Object.entries(fields).flatMap(([field, { kind, filled, goes_out }]) =>
      (kind === 'long_text' || (kind === 'text' && filled)) && goes_out !== true ? [`${name}.${field}`] : [],
    ),
  );
  expect(silent).toEqual([]);
});
