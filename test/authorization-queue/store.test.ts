import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer asked to be forgotten';

beforeEach(() => asTableOwner(panes(), 'delete from authorization_requests'));

const remove = (contact_id: string, who = panes().agent, more = {}) =>
  panes().act(who, 'contact.delete', { contact_id }, { reasoning, ...more });
const rename = (name: string, who = panes().agent) =>
  panes().act(who, 'organization.update_settings', { name });
const requests = (query = {}) => panes().read(panes().olivia, 'authorization_requests', query);

async function customerWithHistory(): Promise<string> {
  const { dana, done } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: 'Remembered' });
  await done(dana, 'note.create', { contact_id: reference, content: 'Was here' });
  return String(reference);
}

describe('what an agent may not do alone', () => {
  test('is warned of as what would come, not as what is', async () => {
    const { act, agent, dana, done } = panes();
    const lines = [{ description: 'Hooks', unit_price_cents: 1000 }];
    const { reference } = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
    const { status, warnings } = await act(agent, 'invoice.record_payment', {
      invoice_id: reference,
      amount_cents: 1500,
    });
    expect(status).toBe('pending_authorization');
    expect(warnings).toEqual([
      'What follows is so once it is allowed, and not yet:',
      expect.stringContaining('$5.00'),
    ]);
  });

  test('is stored whole, answered with a reference, and changes nothing', async () => {
    const { agent, bright, read } = panes();
    const contact_id = await customerWithHistory();
    const [customer] = await read(agent, 'contacts', { id: contact_id });
    const outcome = await remove(contact_id);
    const { request } = outcome.data;
    expect(outcome).toEqual({
      status: 'pending_authorization',
      data: {
        status: 'pending_authorization',
        request: expect.stringMatching(/^R-\d+$/),
        rule: 'delete_with_history',
        reason: 'this customer has 1 note',
        expires_at: expect.any(String),
        expires_local: expect.stringMatching(/^\w{3} \d{4}-\d\d-\d\d \d\d:\d\d -0[56]:00$/),
        review_path: `/review/${request}`,
        hint: `Nothing has changed yet. The owner decides; read authorization_requests with id ${request} to see what became of it.`,
      },
      warnings: [],
      replayed: false,
      time_zone: 'America/Chicago',
    });
    expect(await requests({ id: String(request) })).toEqual([
      {
        id: expect.any(String),
        reference: request,
        agent_id: bright.agentId,
        agent: 'Office Manager',
        action: 'contact.delete',
        asks_for: expect.stringMatching(/^Delete contact C-\d+ «Remembered»$/),
        input: { contact_id: customer?.id },
        rule_action: 'contact.delete',
        why_not_always: null,
        rule: 'delete_with_history',
        rule_reason: 'this customer has 1 note',
        reasoning,
        preview: {
          changes: [
            {
              entity_type: 'contact',
              entity_id: customer?.id,
              subject_type: 'contact',
              subject_id: customer?.id,
              action: 'delete',
              changes: { deleted_at: { old: null, new: expect.any(String) } },
            },
          ],
          outgoing: [],
          targets: [{ record: 'contact', id: customer?.id, reference: contact_id, label: 'Remembered' }],
          at: expect.any(String),
        },
        affected_rows: 1,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        status: 'pending',
        decided_by: null,
        replaced_by: null,
        decision: null,
        decision_note: null,
        decided_at: null,
        result: null,
        error: null,
        expires_at: outcome.data.expires_at,
        created_at: expect.any(String),
      },
    ]);
    expect(await read(agent, 'contacts', { id: contact_id })).toHaveLength(1);
  });

  test('asked again in the same way is the same request, also at once', async () => {
    const contact_id = await customerWithHistory();
    const first = await remove(contact_id);
    const others = await Promise.all(Array.from({ length: 5 }, () => remove(contact_id)));
    expect(new Set([first, ...others].map(({ data }) => data.request)).size).toBe(1);
    expect(await requests()).toHaveLength(1);
  });

  test('about something else, or something that has changed meanwhile, is another request', async () => {
    const { dana, done } = panes();
    const contact_id = await customerWithHistory();
    const { data: first } = await remove(contact_id);
    const { data: other } = await remove(await customerWithHistory());
    expect(other.request).not.toBe(first.request);
    await done(dana, 'contact.update', { contact_id, job_title: 'Teacher' });
    const { data: changed } = await remove(contact_id);
    expect([first.request, other.request]).not.toContain(changed.request);
    expect(await requests()).toHaveLength(3);
  });

  test('by another agent is that agent’s request, and only its own are shown to it', async () => {
    const { olivia, done, read } = panes();
    const { id } = await done(olivia, 'agent.create', { name: 'Night Shift' });
    const { key } = await done(olivia, 'agent.create_key', { agent_id: id });
    const night = { via: 'key', key: String(key) } as const;
    const ours = await rename('Brighter Panes');
    const theirs = await rename('Brighter Panes', night);
    expect(theirs.data.request).not.toBe(ours.data.request);
    expect(await read(night, 'authorization_requests')).toMatchObject([{ reference: theirs.data.request }]);
    const seen = read(night, 'authorization_requests', { id: String(ours.data.request) });
    expect(await refusal(seen)).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
    expect(await requests()).toHaveLength(2);
  });

  test('is in the history as a request, with what would have been done', async () => {
    const { olivia, read } = panes();
    await rename('Brighter Panes');
    const [entry] = await read(olivia, 'audit_log', {
      params: { entity_type: 'authorization_request' },
      limit: 1,
    });
    expect(entry).toMatchObject({
      action: 'create',
      domain_action: 'organization.update_settings',
      changes: { input: { new: { name: 'Brighter Panes' } }, status: { new: 'pending' } },
    });
  });
});

describe('a request', () => {
  const hours = (outcome: { data: Record<string, unknown> }) =>
    Math.round((Date.parse(String(outcome.data.expires_at)) - Date.parse(storyTime)) / 3_600_000);

  test('waits three days, or as long as the owner has set', async () => {
    const { olivia, done } = panes();
    expect(hours(await rename('One'))).toBe(72);
    await done(olivia, 'organization.update_settings', { settings: { request_expiry_hours: 24 } });
    expect(hours(await rename('Two'))).toBe(24);
    await done(olivia, 'organization.update_settings', { settings: { request_expiry_hours: 72 } });
  });

  test('that would send mail waits an hour', async () => {
    const { agent, act } = panes();
    await asTableOwner(
      panes(),
      `insert into permission_overrides (organization_id, id, action, rule, level, set_by)
      select $1, uuid7(), 'ticket.create', '*', 'requires_authorization', $2`,
      [panes().bright.id, panes().bright.people.Olivia?.id],
    );
    const data = { contact_id: 'C-1001', scheduled_at: '2026-11-23T09:00' };
    expect(hours(await act(agent, 'ticket.create', data))).toBe(72);
    const mailed = await act(agent, 'ticket.create', { ...data, notify_customer: true });
    expect(hours(mailed)).toBe(1);
    expect(await requests({ id: String(mailed.data.request) })).toMatchObject([
      { preview: { outgoing: [{ kind: 'email', payload: { to: 'jane.smith@example.com' } }] } },
    ]);
    // The owner is told that something waits; the customer is told nothing.
    const queued = (await panes().read(panes().dana, 'outbox')).map(({ kind }) => kind);
    expect(queued.filter(kind => kind !== 'note_extraction')).toEqual(['authorization_notice']);
    await asTableOwner(panes(), 'delete from permission_overrides');
  });

  test('that would move money waits an hour, too', async () => {
    const { agent, act, dana, done } = panes();
    const lines = [{ description: 'Hooks', unit_price_cents: 1000 }];
    const { reference } = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
    const paid = { invoice_id: reference, amount_cents: 1000, note: 'Cash' };
    expect(hours(await act(agent, 'invoice.record_payment', paid))).toBe(1);
  });

  test('whose time is over reads as expired and makes room for the same request again', async () => {
    const first = await rename('Brighter Panes');
    await asTableOwner(panes(), `update authorization_requests set expires_at = '2000-01-01'`);
    expect(await requests()).toMatchObject([{ status: 'expired' }]);
    expect(await requests({ filter: 'pending' })).toEqual([]);
    const again = await rename('Brighter Panes');
    expect(again.data.request).not.toBe(first.data.request);
    expect(await requests()).toMatchObject([{ status: 'pending' }, { status: 'expired' }]);
    expect(await requests({ filter: 'decided' })).toMatchObject([{ reference: first.data.request }]);
  });

  test('is decided by people alone: every action that decides refuses agents', async () => {
    const { app } = panes();
    const deciding = [...app.registry.actions.values()].filter(
      ({ spec }) =>
        // Its own request an agent may take back.
        spec.domain === 'authorization' && spec.name !== 'cancel_request',
    );
    expect(deciding.length).toBeGreaterThan(5);
    for (const { spec } of deciding) expect(spec.human_only).toBe(true);
  });
});

test('an agent cannot flood the owner: fifty requests wait, the next is refused, an identical one is not', async () => {
  const wait = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1) await rename(`Name ${index}`);
  };
  await wait(0, 49);
  const { won, refused } = await race([rename('Name 49'), rename('Name 50')]);
  expect(won).toHaveLength(1);
  expect(refused).toEqual(['TOO_MANY_PENDING']);
  const told = await refusal(rename('One more'));
  expect(told).toMatchObject({
    code: 'TOO_MANY_PENDING',
    message: '50 requests of this agent already wait for the owner.',
    retry_after_seconds: expect.any(Number),
  });
  const pending = await requests({ filter: 'pending', limit: 100 });
  const firstToEnd = pending.map(({ expires_at }) => String(expires_at)).sort()[0];
  expect(told.retry_at).toBe(firstToEnd);
  expect(told.hint).toMatch(
    /^Ask again when the owner has decided some, or after \w{3} 2026-\d\d-\d\d \d\d:\d\d -06:00, when the first/,
  );
  expect(told.waiting).toHaveLength(10);
  expect(told.waiting).toContainEqual({
    request: pending.at(-1)?.reference,
    action: 'organization.update_settings',
    expires_at: pending.at(-1)?.expires_at,
  });
  expect((await rename('Name 0')).status).toBe('pending_authorization');
  await asTableOwner(
    panes(),
    `update authorization_requests set status = 'denied' where input ->> 'name' = 'Name 7'`,
  );
  expect((await rename('One more')).status).toBe('pending_authorization');
});

test('numbers are never hidden in a request: cards and social security numbers are out before it is stored', async () => {
  const { agent, act, database } = panes();
  const rows = Array.from(
    { length: 6 },
    (_, index) => `Ada,Byron${index},,,SQ-${index},card 4242-4242-4242-4242 ok`,
  );
  const file = ['First Name,Last Name,Email Address,Phone Number,Square Customer ID,Memo', ...rows].join(
    '\n',
  );
  for (const encoding of ['text', 'base64'] as const) {
    const content = encoding === 'text' ? file : Buffer.from(file).toString('base64');
    const outcome = await act(agent, 'import.square', { content, encoding });
    expect(outcome).toMatchObject({ status: 'pending_authorization', data: { rule: 'bulk' } });
  }
  const { rows: stored } = await database.owner.query(
    `select (select json_agg(r) from authorization_requests as r)::text || (select json_agg(a) from audit_log as a)::text
      as text`,
  );
  expect(stored[0]?.text).toContain('card [REDACTED CARD ..4242] ok');
  expect(stored[0]?.text).not.toContain('4242-4242');
  expect(stored[0]?.text).not.toContain(Buffer.from(file).toString('base64').slice(60, 160));
  // Both ways of sending the file are one request.
  expect(await requests()).toHaveLength(1);
});
