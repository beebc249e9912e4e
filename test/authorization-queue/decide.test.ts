import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer moved away and asked us to remove her';

/** A customer with a note, whom the agent asks to delete. */
async function askToDelete(name: string) {
  const { agent, dana, act, done } = panes();
  const contact = await done(dana, 'contact.create', { full_name: name });
  await done(dana, 'note.create', { contact_id: contact.id, content: 'Has two dogs' });
  const { status, data } = await act(agent, 'contact.delete', { contact_id: contact.id }, { reasoning });
  expect(status).toBe('pending_authorization');
  return { contact: String(contact.reference), request: String(data.request) };
}

async function requestRow(request: string) {
  const [row] = await panes().read(panes().olivia, 'authorization_requests', { id: request });
  return row ?? {};
}

const digestOf = async (request: string) => String((await requestRow(request)).digest);
const isThere = async (contact: string) =>
  (await panes().read(panes().dana, 'contacts', { params: {}, search: contact })).length === 1;

describe('Allow Once', () => {
  test('does what was asked, as the agent, and nothing more is allowed than before', async () => {
    const { olivia, agent, done, act, read } = panes();
    const { contact, request } = await askToDelete('Ada Moved');
    expect(
      await done(olivia, 'authorization.allow_once', { request, digest: await digestOf(request) }),
    ).toMatchObject({ request, status: 'succeeded', result: { reference: contact, deleted: true } });
    expect(await isThere(contact)).toBe(false);

    const [row] = await read(agent, 'authorization_requests', { id: request });
    expect(row).toMatchObject({ status: 'succeeded', decision: 'allow_once', decided_by: 'Olivia Bright' });
    const history = await read(olivia, 'audit_log', { params: { subject_type: 'contact' }, limit: 3 });
    expect(history[0]).toMatchObject({
      action: 'delete',
      domain_action: 'contact.delete',
      actor_kind: 'agent',
      reasoning,
    });
    const again = await askToDelete('Ada Moved Too');
    expect(await isThere(again.contact)).toBe(true);
    expect((await act(agent, 'contact.delete', { contact_id: again.contact }, { reasoning })).status).toBe(
      'pending_authorization',
    );
  });

  test('happens once, however often and from wherever it is pressed', async () => {
    const { olivia, act } = panes();
    const { request } = await askToDelete('Bea Once');
    const digest = await digestOf(request);
    const press = () => act(olivia, 'authorization.allow_once', { request, digest });
    const refuse = () => act(olivia, 'authorization.deny', { request, digest });
    const { won, refused } = await race([press(), refuse(), press(), refuse(), press()]);
    expect(won).toHaveLength(1);
    expect(refused).toEqual(['INVALID_STATE', 'INVALID_STATE', 'INVALID_STATE', 'INVALID_STATE']);
  });

  test('of something else than what was shown is refused', async () => {
    const { olivia, act, done } = panes();
    const { contact, request } = await askToDelete('Cora Shown');
    const other = 'f'.repeat(64);
    expect(await refusal(act(olivia, 'authorization.allow_once', { request, digest: other }))).toMatchObject({
      code: 'CONFLICT',
      field: 'digest',
    });
    expect(await isThere(contact)).toBe(true);
    await done(olivia, 'authorization.allow_once', { request, digest: await digestOf(request) });
    expect(await isThere(contact)).toBe(false);
  });

  test('of what was changed meanwhile does nothing and asks again with what would happen now', async () => {
    const { olivia, dana, done } = panes();
    const { contact, request } = await askToDelete('Dora Changed');
    const digest = await digestOf(request);
    await done(dana, 'address.create', { contact_id: contact, line1: '9 New Road', city: 'Madison' });
    const stale = await done(olivia, 'authorization.allow_once', { request, digest });
    expect(stale).toMatchObject({ status: 'stale', replaced_by: expect.stringMatching(/^R-\d+$/) });
    expect(await isThere(contact)).toBe(true);
    const fresh = await requestRow(String(stale.replaced_by));
    expect(JSON.stringify(fresh.preview)).toContain('address');
    await done(olivia, 'authorization.allow_once', { request: fresh.reference, digest: fresh.digest });
    expect(await isThere(contact)).toBe(false);
  });
});

describe('what is stored', () => {
  test('and was changed in the table is not done', async () => {
    const { olivia, done } = panes();
    const { contact, request } = await askToDelete('Ella Tampered');
    const digest = await digestOf(request);
    const other = await done(panes().dana, 'contact.create', { full_name: 'Innocent Bystander' });
    await asTableOwner(
      panes(),
      `update authorization_requests set input = '{"contact_id": "${other.id}"}' where reference = '${request}'`,
    );
    expect(await done(olivia, 'authorization.allow_once', { request, digest })).toMatchObject({
      status: 'failed',
    });
    expect([await isThere(contact), await isThere(String(other.reference))]).toEqual([true, true]);
  });
});

describe('Deny', () => {
  test('leaves everything as it is, and its note reaches the agent', async () => {
    const { olivia, agent, done, read } = panes();
    const { contact, request } = await askToDelete('Fay Stays');
    const digest = await digestOf(request);
    await done(olivia, 'authorization.deny', { request, digest, note: 'She is only away for the winter' });
    const [row] = await read(agent, 'authorization_requests', { id: request });
    expect(row).toMatchObject({ status: 'denied', decision_note: 'She is only away for the winter' });
    expect(await isThere(contact)).toBe(true);
  });
});

describe('a paused agent', () => {
  test('changes nothing, whatever was allowed, and works again when resumed', async () => {
    const { olivia, agent, bright, act, done } = panes();
    const { contact, request } = await askToDelete('Hal Paused');
    const digest = await digestOf(request);
    await done(olivia, 'authorization.pause_agent', { agent_id: 'Office Manager' });
    expect((await refusal(act(agent, 'contact.create', { full_name: 'Nobody' }))).code).toBe('FORBIDDEN');
    expect(await done(olivia, 'authorization.allow_once', { request, digest })).toMatchObject({
      status: 'stale',
    });
    expect(await isThere(contact)).toBe(true);
    await done(as(bright, 'Olivia'), 'authorization.resume_agent', { agent_id: 'Office Manager' });
    expect((await act(agent, 'contact.create', { full_name: 'Somebody' })).status).toBe('done');
  });
});
