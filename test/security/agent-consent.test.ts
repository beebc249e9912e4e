import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../core/kernel/words/parse-input.ts';
import { itemsOf } from '../../core/kernel/words/parse-input.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { calls } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer asked us to do so';
const source = {
  where: 'phone',
  said_on: '2026-11-17',
  how: 'Said on the phone that she wants the spring offer',
};

beforeEach(async () => {
  await asTableOwner(panes(), 'delete from authorization_requests');
  await asTableOwner(panes(), 'delete from permission_overrides');
});

let made = 0;
/** A new customer; `more` is what the office knows of them. */
async function customer(more: Record<string, unknown> = {}) {
  const email = `kim${++made}@example.com`;
  const { id } = await panes().done(panes().dana, 'contact.create', {
    full_name: `Kim ${made}`,
    email,
    ...more,
  });
  return { contact_id: String(id), email };
}
const standing = async (contact_id: string) => {
  const [row] = await panes().read(panes().dana, 'contacts', { id: contact_id });
  return { status: row?.status, email_opt_in: row?.email_opt_in };
};
const tryIt = (action: string, data: Record<string, unknown>) =>
  panes().act(panes().agent, action, data, { reasoning });

describe('who unsubscribed', () => {
  const ways: Record<string, unknown>[] = [{ status: 'unsubscribed' }, { email_opt_in: false }];
  const attempts: Record<string, unknown>[] = [
    { email_opt_in: true },
    { status: 'active', email_opt_in: true },
  ];

  test.each(ways.flatMap(before => attempts.map(change => ({ before, change }))))(
    'by $before is not signed up again by an agent that changes them with $change',
    async ({ before, change }) => {
      const { contact_id } = await customer(before);
      const was = await standing(contact_id);
      expect((await refusal(tryIt('contact.update', { contact_id, ...change }))).code).toBe(
        'VALIDATION_ERROR',
      );
      expect(await standing(contact_id)).toEqual(was);
      // A person of the office does.
      await panes().done(panes().dana, 'contact.update', { contact_id, ...change });
      expect(await standing(contact_id)).toMatchObject({ email_opt_in: true });
    },
  );

  test.each(['active', 'inactive'])('stays unsubscribed when an agent calls them %s', async status => {
    const { contact_id } = await customer({ status: 'unsubscribed' });
    const told = await refusal(tryIt('contact.update', { contact_id, status }));
    expect(told).toMatchObject({ code: 'VALIDATION_ERROR', field: 'status' });
    expect(told.hint).toContain('contact.record_consent');
    expect(await standing(contact_id)).toMatchObject({ status: 'unsubscribed' });
  });

  test.each(ways)(
    'by %o waits for the owner when an agent names the source, and is asked for each time',
    async before => {
      const { contact_id } = await customer(before);
      const { olivia, bright, act, done } = panes();
      const asked = await askFor(panes(), bright, 'contact.record_consent', { contact_id, ...source });
      expect(await standing(contact_id)).not.toMatchObject({ email_opt_in: true });
      expect((await refusal(act(olivia, 'authorization.allow_always', { ...asked }))).code).toBe(
        'INVALID_STATE',
      );
      await done(olivia, 'authorization.allow_once', { ...asked });
      expect(await standing(contact_id)).toEqual({ status: 'active', email_opt_in: true });
    },
  );

  test('is not written to under another name with the same address, not even when they were deleted', async () => {
    const { done, dana, act, agent } = panes();
    const first = await customer({ status: 'unsubscribed' });
    await done(dana, 'contact.delete', { contact_id: first.contact_id });
    const { id } = await done(agent, 'contact.create', { full_name: 'Kim Again', email: first.email });
    const mail = { subject: 'Spring', body: 'Shall we come again?', send_at: '2026-12-01T09:00' };
    const planned = await act(dana, 'message.schedule', { contact_id: id, ...mail }).catch(() => undefined);
    const sent = planned
      ? await act(dana, 'message.send_now', { message_id: planned.data.id }).catch(() => undefined)
      : undefined;
    expect(sent?.data.status).not.toBe('sent');
    expect(await tryIt('contact.record_consent', { contact_id: id, ...source })).toMatchObject({
      status: 'pending_authorization',
      data: { rule: 'subscribes_again' },
    });
    const other = await customer();
    const control = await done(dana, 'message.schedule', { contact_id: other.contact_id, ...mail });
    expect(control.status).toBe('pending');
  });
});

describe('consent', () => {
  test('is recorded by an agent with where, when and how, which stand in the history', async () => {
    const { contact_id } = await customer();
    expect((await tryIt('contact.record_consent', { contact_id, ...source })).status).toBe('done');
    expect(await standing(contact_id)).toEqual({ status: 'active', email_opt_in: true });
    const [entry] = await panes().read(panes().olivia, 'audit_log', {
      params: { action: 'consent_given' },
      limit: 1,
    });
    expect(entry).toMatchObject({
      subject_id: contact_id,
      actor_name: 'Office Manager',
      changes: { where: { new: 'phone' }, said_on: { new: '2026-11-17' }, how: { new: source.how } },
    });
  });

  test.each([{ left_out: 'where' }, { left_out: 'said_on' }, { left_out: 'how' }])(
    'is not recorded without $left_out',
    async ({ left_out }) => {
      const { contact_id } = await customer();
      const { [left_out as keyof typeof source]: _left, ...rest } = source;
      expect((await refusal(tryIt('contact.record_consent', { contact_id, ...rest }))).code).toBe(
        'VALIDATION_ERROR',
      );
      expect(await standing(contact_id)).toMatchObject({ email_opt_in: null });
    },
  );

  test.each([
    { how: '...' },
    { how: 'yes' },
    { how: 'asdf asdf' },
    { said_on: '2026-11-19' },
    { where: 'somewhere' },
  ])('is not recorded with %o', async more => {
    const { contact_id } = await customer();
    const call = tryIt('contact.record_consent', { contact_id, ...source, ...more });
    expect((await refusal(call)).code).toBe('VALIDATION_ERROR');
  });

  test('is no note of an agent without a source either, and for who unsubscribed the note waits', async () => {
    const { contact_id } = await customer();
    for (const action of ['consent_given', 'opted_in', 'subscribed', 'agreed_to_mail']) {
      expect(await refusal(tryIt('audit.log', { contact_id, action }))).toMatchObject({ field: 'data' });
    }
    const data = { by: 'phone' };
    expect((await tryIt('audit.log', { contact_id, action: 'consent_given', data })).status).toBe('done');
    expect((await tryIt('audit.log', { contact_id, action: 'consent_revoked' })).status).toBe('done');
    const gone = await customer({ status: 'unsubscribed' });
    const again = await tryIt('audit.log', {
      ...{ contact_id: gone.contact_id },
      action: 'consent_given',
      data,
    });
    expect(again).toMatchObject({ status: 'pending_authorization', data: { rule: 'subscribes_again' } });
  });

  test('does not come by a file that an agent hands over; by one of the office it does, and refusals always do', async () => {
    const file = (name: string, said: string) =>
      `First Name,Last Name,Email Address,Phone Number,Square Customer ID,Email Subscription Status\nAda,${name},${name}@example.com,,SQ-${name},${said}\n`;
    const { agent, dana, act, read } = panes();
    const optIn = async (name: string) => {
      const [row] = await read(dana, 'contacts', { search: name });
      const [whole] = await read(dana, 'contacts', { id: String(row?.id) });
      return [whole?.status, whole?.email_opt_in];
    };
    await act(agent, 'import.square', { content: file('byagent', 'subscribed') });
    expect(await optIn('byagent')).toEqual(['active', null]);
    await act(agent, 'import.square', { content: file('refusing', 'unsubscribed') });
    expect(await optIn('refusing')).toEqual(['unsubscribed', false]);
    await act(panes().olivia, 'import.square', { content: file('byoffice', 'subscribed') });
    expect(await optIn('byoffice')).toEqual(['active', true]);
  });

  test('of another business’s customer is nobody’s to record', async () => {
    const { contact_id } = await customer();
    const call = panes().act(panes().clear.agent, 'contact.record_consent', { contact_id, ...source });
    expect((await refusal(call)).code).toBe('NOT_FOUND');
  });

  test('recorded twice at once is recorded', async () => {
    const { contact_id } = await customer();
    const both = await Promise.all(
      [1, 2].map(() => tryIt('contact.record_consent', { contact_id, ...source })),
    );
    expect(both.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(await standing(contact_id)).toMatchObject({ email_opt_in: true });
  });
});

/** Where an input takes a member of this name, at any depth. */
function pathsTo(schema: JsonSchema, name: string, path: readonly string[] = []): string[][] {
  const items = itemsOf(schema);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([member, inner]) => [
      ...(member === name ? [[...path, member]] : []),
      ...pathsTo(inner, name, [...path, member]),
    ]),
    ...(items ? pathsTo(items, name, [...path, '*']) : []),
  ];
}

test('no other action or workflow takes a consent', () => {
  const taking = calls.filter(({ inputSchema }) => pathsTo(inputSchema, 'email_opt_in').length > 0);
  expect(taking.map(({ id }) => id).sort()).toEqual(['contact.create', 'contact.update']);
});

test('a new customer of an agent has agreed to nothing', async () => {
  const create = (data: Record<string, unknown>) => tryIt('contact.create', { full_name: 'Lee', ...data });
  expect(await refusal(create({ email_opt_in: true }))).toMatchObject({ field: 'email_opt_in' });
  expect((await create({ email_opt_in: false })).status).toBe('done');
  expect((await create({})).status).toBe('done');
});
