import { beforeEach, describe, expect, test } from 'vitest';
import { removePasskeysOf } from '../../api/cli/passkey.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { createAuthenticator, text } from './authenticator.ts';
import { confirmedBy, enrol, madeBy, signIn } from './people.ts';

const office = useOffice();
let olivia: Caller;
let dana: Caller;

beforeEach(async () => {
  await asTableOwner(office(), 'delete from passkeys');
  olivia = await signIn(office(), 'olivia@brightpanes.example');
  dana = await signIn(office(), 'dana@brightpanes.example');
});

const names = async (person: Caller) => (await office().read(person, 'passkeys')).map(({ name }) => name);
const register = (person: Caller, data: Record<string, unknown>) =>
  office().act(person, 'passkey.register', { name: 'My phone', ...data });

describe('a passkey', () => {
  test('is added by its person, who alone sees it in the list', async () => {
    const { read, done, clear } = office();
    const response = await madeBy(office(), olivia, createAuthenticator());
    const added = await done(olivia, 'passkey.register', { name: 'My phone', response });
    expect(added).toEqual({
      id: expect.any(String),
      name: 'My phone',
      last_used_at: null,
      created_at: expect.any(String),
    });
    expect(await read(olivia, 'passkeys')).toEqual([added]);
    expect(await names(dana)).toEqual([]);
    expect(await names(clear.owner)).toEqual([]);
    expect(await names(office().bright.agent)).toEqual([]);
  });

  test('leaves its name in the history, and neither the credential nor its key', async () => {
    const device = await enrol(office(), olivia);
    const proof = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    const [own] = await office().read(olivia, 'passkeys');
    await office().done(olivia, 'passkey.remove', { id: own?.id, passkey: proof });
    const entries = await office().read(olivia, 'audit_log', { params: { entity_type: 'member' }, limit: 3 });
    expect(entries.map(({ action, changes }) => [action, changes])).toEqual([
      ['passkey_removed', { passkey: { old: 'My phone', new: null } }],
      ['passkey_used', { passkey: { old: null, new: 'My phone' } }],
      ['passkey_added', { passkey: { old: null, new: 'My phone' } }],
    ]);
    expect(JSON.stringify(entries)).not.toContain(device.id);
  });

  test('is for a device once', async () => {
    const device = await enrol(office(), olivia);
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    const again = await madeBy(office(), olivia, device);
    expect(await refusal(register(olivia, { response: again, passkey }))).toMatchObject({
      code: 'CONFLICT',
      field: 'response',
    });
    const other = await madeBy(office(), olivia, createAuthenticator());
    expect(await register(olivia, { response: other, passkey })).toMatchObject({ status: 'done' });
  });

  test('is no agent’s', async () => {
    const { act, bright } = office();
    for (const action of ['begin_registration', 'begin_check', 'register', 'remove']) {
      const data = {
        begin_registration: {},
        begin_check: { purpose: 'settings' },
        register: { name: 'x', response: '{}' },
        remove: { id: bright.agentId },
      }[action];
      expect(await refusal(act(bright.agent, `passkey.${action}`, data))).toMatchObject({
        code: 'HUMAN_ONLY',
      });
    }
  });
});

describe('what a device answers is refused', () => {
  const refused = async (response: string, person = olivia) => {
    const { code, field, message } = await refusal(register(person, { response }));
    return { code, field, message };
  };
  const notAsked = { code: 'FORBIDDEN', message: 'This passkey was not asked for, or too long ago.' };
  const notSound = { code: 'FORBIDDEN', message: 'The passkey could not be verified; nothing was done.' };

  test('a second time', async () => {
    const response = await madeBy(office(), olivia, createAuthenticator());
    expect(await register(olivia, { response })).toMatchObject({ status: 'done' });
    await asTableOwner(office(), 'delete from passkeys');
    expect(await refused(response)).toMatchObject(notAsked);
  });

  test('when somebody else was asked, or the same person in another session', async () => {
    const response = await madeBy(office(), olivia, createAuthenticator());
    expect(await refused(response, dana)).toMatchObject(notAsked);
    const elsewhere = await signIn(office(), 'olivia@brightpanes.example');
    expect(await refused(response, elsewhere)).toMatchObject(notAsked);
    expect(await register(olivia, { response })).toMatchObject({ status: 'done' });
  });

  test('after five minutes', async () => {
    const response = await madeBy(office(), olivia, createAuthenticator());
    const older = (minutes: string) =>
      asTableOwner(office(), `update passkey_challenges set expires_at = expires_at - $1::interval`, [
        minutes,
      ]);
    await older('5 minutes');
    expect(await refused(response)).toMatchObject(notAsked);
    await older('-5 minutes');
    expect(await register(olivia, { response })).toMatchObject({ status: 'done' });
  });

  test('when it was made for something else', async () => {
    const device = await enrol(office(), olivia);
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    const { options } = await office().done(olivia, 'passkey.begin_check', { purpose: 'settings' });
    const other = createAuthenticator().make({ ...Object(options), rp: { id: 'localhost' } });
    expect(await refusal(register(olivia, { response: other, passkey }))).toMatchObject(notAsked);
    const response = await madeBy(office(), olivia, createAuthenticator());
    expect(await register(olivia, { response, passkey })).toMatchObject({ status: 'done' });
  });

  test.each([
    ['comes from another web site', { origin: 'https://evil.example' }],
    ['comes from another port of this machine', { origin: 'http://localhost:4000' }],
    ['belongs to another web site', { rpId: 'evil.example' }],
    ['saw nobody’s finger, face or PIN', { verified: false }],
    ['is of another kind', { type: 'webauthn.get' }],
  ])('when it %s', async (_what, says) => {
    const device = createAuthenticator();
    expect(await refused(await madeBy(office(), olivia, device, says))).toMatchObject(notSound);
    expect(await names(olivia)).toEqual([]);
    const response = await madeBy(office(), olivia, device);
    expect(await register(olivia, { response })).toMatchObject({ status: 'done' });
  });

  test('when it brings a certificate, whose maker could have this server call any address', async () => {
    const bytes = Buffer.concat([
      Buffer.from([0xa3]),
      ...[text('alg'), Buffer.from([0x26])],
      ...[text('sig'), Buffer.from([0x41, 0])],
      ...[text('x5c'), Buffer.from([0x81, 0x41, 0])],
    ]);
    for (const format of ['packed', 'tpm', 'apple', 'fido-u2f', 'android-key', 'android-safetynet']) {
      const says = { statement: { format, bytes } };
      expect(await refused(await madeBy(office(), olivia, createAuthenticator(), says))).toMatchObject({
        message: 'The device says who made it, which it was not asked; nothing was done.',
      });
    }
  });

  test('when it cannot be read', async () => {
    for (const response of ['{}', 'not JSON', '[]', '{"id":"x","response":{"clientDataJSON":"e30"}}']) {
      expect(await refused(response)).toMatchObject({ code: 'VALIDATION_ERROR', field: 'response' });
    }
  });
});

describe('whoever has a passkey confirms with it', () => {
  test('to add another one, so that a stolen session brings none of its own', async () => {
    const device = await enrol(office(), olivia);
    const response = await madeBy(office(), olivia, createAuthenticator());
    expect(await refusal(register(olivia, { response }))).toMatchObject({
      code: 'FORBIDDEN',
      field: 'passkey',
    });
    expect(await names(olivia)).toEqual(['My phone']);
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    await register(olivia, { name: 'My laptop', response, passkey });
    expect(await names(olivia)).toEqual(['My laptop', 'My phone']);
  });

  test('to remove one', async () => {
    const device = await enrol(office(), olivia);
    const [own] = await office().read(olivia, 'passkeys');
    const remove = (more: Record<string, unknown> = {}) =>
      office().act(olivia, 'passkey.remove', { id: own?.id, ...more });
    expect(await refusal(remove())).toMatchObject({ code: 'FORBIDDEN', field: 'passkey' });
    const forSettings = await confirmedBy(office(), olivia, device, { purpose: 'settings' });
    expect(await refusal(remove({ passkey: forSettings }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await names(olivia)).toEqual(['My phone']);
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    expect(await remove({ passkey })).toMatchObject({ status: 'done' });
    expect(await names(olivia)).toEqual([]);
  });

  test('and removes no passkey of anybody else', async () => {
    await enrol(office(), dana);
    const [danas] = await office().read(dana, 'passkeys');
    const device = await enrol(office(), olivia);
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    const remove = office().act(olivia, 'passkey.remove', { id: danas?.id, passkey });
    expect(await refusal(remove)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await names(dana)).toEqual(['My phone']);
  });

  test('except on the command line, for somebody who has lost every device', async () => {
    const { app, bright, read } = office();
    const device = await enrol(office(), olivia);
    const response = await madeBy(office(), olivia, createAuthenticator());
    const passkey = await confirmedBy(office(), olivia, device, { purpose: 'passkeys' });
    await register(olivia, { response, passkey });
    await enrol(office(), dana);
    expect(await removePasskeysOf(app, bright.id, 'Olivia@BrightPanes.example')).toBe(2);
    expect([await names(olivia), await names(dana)]).toEqual([[], ['My phone']]);
    const [entry] = await read(olivia, 'audit_log', { params: { action: 'passkey_removed' } });
    expect(entry?.reasoning).toContain('on the command line');
    const nobody = removePasskeysOf(app, bright.id, 'nobody@brightpanes.example');
    await expect(nobody).rejects.toThrow('Nobody with the address nobody@brightpanes.example works here.');
  });

  test('and has to have one to be asked', async () => {
    const ask = () => office().act(olivia, 'passkey.begin_check', { purpose: 'settings' });
    expect(await refusal(ask())).toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('/passkeys'),
    });
    await enrol(office(), olivia);
    expect(await ask()).toMatchObject({ status: 'done' });
  });
});
