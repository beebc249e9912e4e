import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { type Authenticator, createAuthenticator, type Says } from './authenticator.ts';
import { confirmedBy, enrol, signIn } from './people.ts';

const office = useBrightPanes();
let olivia: Caller;
let phone: Authenticator;

interface Waiting {
  request: string;
  digest: string;
  /** The customer who would be deleted. */
  contact: string;
}

beforeAll(async () => {
  const { bright, done } = office();
  for (const action of ['contact.delete', 'contact.update', 'ticket.create']) {
    await done(bright.owner, 'authorization.set_level', { action, level: 'requires_authorization' });
  }
  olivia = await signIn(office(), 'olivia@brightpanes.example');
  phone = await enrol(office(), olivia);
  await require(true);
});

beforeEach(async () => {
  await asTableOwner(office(), 'delete from passkey_challenges');
});

async function require(isOn: boolean): Promise<void> {
  const passkey = await confirmedBy(office(), olivia, phone, { purpose: 'settings' });
  const settings = { passkey_for_irreversible: isOn };
  await office().done(olivia, 'organization.update_settings', { settings, passkey });
}

async function ask(action: string, data: Record<string, unknown>): Promise<Omit<Waiting, 'contact'>> {
  const { act, agent, read } = office();
  const { status, data: answer } = await act(agent, action, data, {
    reasoning: 'The customer asked us to do so',
  });
  expect(status).toBe('pending_authorization');
  const [asked] = await read(olivia, 'authorization_requests', { id: String(answer.request) });
  return { request: String(asked?.reference), digest: String(asked?.digest) };
}

let made = 0;

async function askToDelete(): Promise<Waiting> {
  const { id } = await office().done(office().dana, 'contact.create', { full_name: `Double ${++made}` });
  return { contact: String(id), ...(await ask('contact.delete', { contact_id: id })) };
}

const allow = (waiting: Omit<Waiting, 'contact'>, passkey?: string, person = olivia, how = 'allow_once') =>
  office().act(person, `authorization.${how}`, {
    request: waiting.request,
    digest: waiting.digest,
    ...(passkey === undefined ? {} : { passkey }),
  });

const confirm = (waiting: Omit<Waiting, 'contact'>, says: Says = {}, person = olivia, device = phone) =>
  confirmedBy(office(), person, device, { purpose: waiting.request, digest: waiting.digest }, says);

const statusOf = async ({ request }: Omit<Waiting, 'contact'>) =>
  (await office().read(olivia, 'authorization_requests', { id: request }))[0]?.status;
const isThere = async ({ contact }: Waiting) => {
  const [row] = await office().read(olivia, 'contacts', { id: contact, fields: ['id', 'deleted_at'] });
  return row?.deleted_at === null;
};

/** The refusal of a decision that has left everything as it was, and shows that the same decision works confirmed. */
async function refusedThenAllowed(waiting: Waiting, decision: Promise<unknown>) {
  const refused = await refusal(decision);
  expect([await statusOf(waiting), await isThere(waiting)]).toEqual(['pending', true]);
  const allowed = await allow(waiting, await confirm(waiting));
  expect(allowed).toMatchObject({ data: { status: 'succeeded' } });
  return refused;
}

const notForThis = { code: 'FORBIDDEN', message: 'This passkey does not confirm this; nothing was done.' };
const notSound = { code: 'FORBIDDEN', message: 'The passkey could not be verified; nothing was done.' };

describe('with the passkey for what cannot be taken back', () => {
  test.each(['allow_once', 'allow_always'])('%s deletes when it is confirmed', async how => {
    const waiting = await askToDelete();
    const outcome = await allow(waiting, await confirm(waiting), olivia, how);
    expect(outcome).toMatchObject({ status: 'done', data: { status: 'succeeded' } });
    const [deleted] = await office().read(olivia, 'audit_log', {
      params: { subject_type: 'contact', subject_id: waiting.contact, action: 'delete' },
    });
    expect(deleted).toMatchObject({ actor_name: 'Office Manager' });
    const [own] = await office().read(olivia, 'passkeys');
    expect(own?.last_used_at).toEqual(expect.any(String));
    const [grant] = await office().read(olivia, 'authorization_grants', {
      params: { action: 'contact.delete' },
    });
    if (how === 'allow_always') {
      await office().done(olivia, 'authorization.revoke_grant', { id: String(grant?.id) });
    }
  });

  test.each(['allow_once', 'allow_always'])('%s without it says to confirm', async how => {
    const waiting = await askToDelete();
    expect(await refusedThenAllowed(waiting, allow(waiting, undefined, olivia, how))).toMatchObject({
      code: 'FORBIDDEN',
      message: 'Confirm this with your passkey; nothing was done.',
      field: 'passkey',
    });
  });

  test('what was shown may have any digest, one that reads like a card number as well', async () => {
    const digest = `4111111111111111${'ab'.repeat(24)}`;
    const asked = await office().done(olivia, 'passkey.begin_check', { purpose: 'R-1', digest });
    expect(asked).toMatchObject({ options: { challenge: expect.any(String) } });
  });

  test('mail and bulks take it too', async () => {
    const visit = { contact_id: 'C-1001', scheduled_at: '2026-12-01T09:00', duration_minutes: 60 };
    const mail = await ask('ticket.create', { ...visit, notify_customer: true });
    const rows = Array.from({ length: 8 }, (_, n) => `Ada,Byron${n},ada${n}@example.com,,SQ-${n}`);
    const content = ['First Name,Last Name,Email Address,Phone Number,Square Customer ID', ...rows].join(
      '\n',
    );
    const bulk = await ask('import.square', { content });
    for (const waiting of [mail, bulk]) {
      expect(await refusal(allow(waiting))).toMatchObject({ code: 'FORBIDDEN', field: 'passkey' });
      expect(await statusOf(waiting)).toBe('pending');
      expect(await allow(waiting, await confirm(waiting))).toMatchObject({ data: { status: 'succeeded' } });
    }
  });

  test('what can be taken back needs none, and neither does refusing', async () => {
    const change = await ask('contact.update', { contact_id: 'C-1001', job_title: 'Teacher' });
    expect(await allow(change)).toMatchObject({ data: { status: 'succeeded' } });
    const visit = { contact_id: 'C-1001', scheduled_at: '2026-12-02T09:00', duration_minutes: 60 };
    const withoutMail = await ask('ticket.create', visit);
    expect(await allow(withoutMail)).toMatchObject({ data: { status: 'succeeded' } });
    const waiting = await askToDelete();
    const { request, digest } = waiting;
    const denied = await office().act(olivia, 'authorization.deny', { request, digest });
    expect(denied).toMatchObject({ data: { status: 'denied' } });
    expect(await isThere(waiting)).toBe(true);
  });
});

describe('a confirmation is refused, and nothing is done', () => {
  test('a second time, for the next request', async () => {
    const first = await askToDelete();
    const used = await confirm(first);
    await allow(first, used);
    const second = await askToDelete();
    expect(await refusedThenAllowed(second, allow(second, used))).toMatchObject(notForThis);
  });

  test('for another request', async () => {
    const other = await askToDelete();
    const waiting = await askToDelete();
    const proof = await confirm(other);
    expect(await refusedThenAllowed(waiting, allow(waiting, proof))).toMatchObject(notForThis);
    expect(await allow(other, proof)).toMatchObject({ data: { status: 'succeeded' } });
  });

  test('for another content of the same request', async () => {
    const waiting = await askToDelete();
    const proof = await confirm({ ...waiting, digest: 'f'.repeat(64) });
    expect(await refusedThenAllowed(waiting, allow(waiting, proof))).toMatchObject(notForThis);
  });

  test('for something else than a decision', async () => {
    const waiting = await askToDelete();
    const proof = await confirmedBy(office(), olivia, phone, { purpose: 'settings' });
    expect(await refusedThenAllowed(waiting, allow(waiting, proof))).toMatchObject(notForThis);
  });

  test('after five minutes', async () => {
    const waiting = await askToDelete();
    const proof = await confirm(waiting);
    const older = `update passkey_challenges set expires_at = expires_at - interval '5 minutes'`;
    await asTableOwner(office(), older);
    expect(await refusal(allow(waiting, proof))).toMatchObject(notForThis);
    expect(await isThere(waiting)).toBe(true);
    await asTableOwner(office(), older.replace('- interval', '+ interval'));
    expect(await allow(waiting, proof)).toMatchObject({ data: { status: 'succeeded' } });
  });

  test('from another session of the same person', async () => {
    const waiting = await askToDelete();
    const elsewhere = await signIn(office(), 'olivia@brightpanes.example');
    const proof = await confirm(waiting);
    expect(await refusedThenAllowed(waiting, allow(waiting, proof, elsewhere))).toMatchObject(notForThis);
  });

  test('by the passkey of somebody else', async () => {
    const { bright, done } = office();
    const email = 'ada@brightpanes.example';
    await done(bright.owner, 'member.create', { name: 'Ada Admin', email, role: 'admin' });
    const ada = await signIn(office(), email);
    const adas = await enrol(office(), ada);
    const waiting = await askToDelete();
    // What Ada confirmed, sent by Olivia; and what Olivia was asked, signed by Ada's device.
    const hers = await confirm(waiting, {}, ada, adas);
    expect(await refusal(allow(waiting, hers))).toMatchObject(notForThis);
    const signedByHer = await confirm(waiting, {}, olivia, adas);
    expect(await refusal(allow(waiting, signedByHer))).toMatchObject(notForThis);
    expect(await isThere(waiting)).toBe(true);
    expect(await allow(waiting, hers, ada)).toMatchObject({ data: { status: 'succeeded' } });
  });

  test('by a device that signs in the name of another', async () => {
    const waiting = await askToDelete();
    const forged = await confirm(waiting, {}, olivia, { ...createAuthenticator(), id: phone.id });
    const text = JSON.stringify({ ...JSON.parse(forged), id: phone.id, rawId: phone.id });
    expect(await refusedThenAllowed(waiting, allow(waiting, text))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test.each([
    ['on another web site', { origin: 'https://evil.example' }],
    ['for another web site', { rpId: 'evil.example' }],
    ['with nobody’s finger, face or PIN', { verified: false }],
    ['of another kind', { type: 'webauthn.create' }],
  ])('given %s', async (_where, says) => {
    const waiting = await askToDelete();
    const proof = await confirm(waiting, says);
    expect(await refusedThenAllowed(waiting, allow(waiting, proof))).toMatchObject(notSound);
  });

  test('when it cannot be read', async () => {
    const waiting = await askToDelete();
    expect(await refusedThenAllowed(waiting, allow(waiting, 'yes, please'))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'passkey',
    });
  });

  test('when the device counts backwards, as a copy of it would', async () => {
    const { bright, done } = office();
    const email = 'carl@brightpanes.example';
    await done(bright.owner, 'member.create', { name: 'Carl Admin', email, role: 'admin' });
    const carl = await signIn(office(), email);
    const key = await enrol(office(), carl);
    const [first, second] = [await askToDelete(), await askToDelete()];
    await allow(first, await confirm(first, { counter: 7 }, carl, key), carl);
    for (const counter of [3, 7]) {
      const copy = await confirm(second, { counter }, carl, key);
      expect(await refusal(allow(second, copy, carl))).toMatchObject(notSound);
    }
    expect(await isThere(second)).toBe(true);
    const next = await confirm(second, { counter: 8 }, carl, key);
    expect(await allow(second, next, carl)).toMatchObject({ data: { status: 'succeeded' } });
  });

  test('of two decisions with one confirmation, one is made', async () => {
    const waiting = await askToDelete();
    const proof = await confirm(waiting);
    const ends = await Promise.allSettled([allow(waiting, proof), allow(waiting, proof)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await statusOf(waiting)).toBe('succeeded');
  });
});

describe('a person without a passkey', () => {
  test('is told to add one before allowing what cannot be taken back', async () => {
    const { bright, done } = office();
    const email = 'newton@brightpanes.example';
    await done(bright.owner, 'member.create', { name: 'New Admin', email, role: 'admin' });
    const newton = await signIn(office(), email);
    const waiting = await askToDelete();
    expect(await refusal(allow(waiting, undefined, newton))).toMatchObject({
      code: 'FORBIDDEN',
      hint: 'Add one on the page /passkeys, then do this again.',
    });
    expect(await statusOf(waiting)).toBe('pending');
    const device = await enrol(office(), newton);
    const proof = await confirm(waiting, {}, newton, device);
    expect(await allow(waiting, proof, newton)).toMatchObject({ data: { status: 'succeeded' } });
  });

  test('can neither turn the requirement on nor off, and no agent can', async () => {
    const { clear, act, agent, read } = office();
    const settings = { passkey_for_irreversible: true };
    const turnOn = act(clear.owner, 'organization.update_settings', { settings });
    expect(await refusal(turnOn)).toMatchObject({ code: 'FORBIDDEN', field: 'passkey' });
    const off = { settings: { passkey_for_irreversible: false } };
    expect(
      await refusal(act(agent, 'organization.update_settings', off, { reasoning: 'It is in the way of us' })),
    ).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(act(olivia, 'organization.update_settings', off))).toMatchObject({
      code: 'FORBIDDEN',
      field: 'passkey',
    });
    const [here] = await read(olivia, 'organization');
    expect(here?.settings).toMatchObject({ passkey_for_irreversible: true });
    // Other settings need none.
    await office().done(olivia, 'organization.update_settings', { settings: { travel_minutes: 15 } });
  });
});

test('without the requirement the same decision needs no passkey', async () => {
  const waiting = await askToDelete();
  expect(await refusal(allow(waiting))).toMatchObject({ code: 'FORBIDDEN' });
  await require(false);
  expect(await allow(waiting)).toMatchObject({ data: { status: 'succeeded' } });
  await require(true);
});
