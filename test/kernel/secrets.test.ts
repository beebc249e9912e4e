import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findVault } from '../../api/secret-key.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { lockedVault, openVault } from '../../core/kernel/outside/seal.ts';
import { findSecret } from '../../core/kernel/outside/secrets.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import { useHttp } from '../support/http.ts';
import type { Business } from '../support/office.ts';
import { as } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';

const vault = openVault('the secret of the tests');
const front = useHttp();
const value = 'whsec_c2VjcmV0IG9mIGEgYnVzaW5lc3M=';

/** The secret as the machine opens it to check a signature. */
const opened = (business: Business, by = vault) =>
  front().office.db.transaction('read only', async tx => {
    const caller = { via: 'system', organization_id: business.id, name: 'test' } as const;
    await authenticate(tx, caller, { request_id: newId() });
    return findSecret(tx, by, business.id, 'resend_webhook');
  });

describe('a sealed text', () => {
  test('opens under the same words with the same key, and no two seals look alike', () => {
    const sealed = vault.seal('Grüße ☂', 'a secret of ours');
    expect(vault.open(sealed, 'a secret of ours')).toBe('Grüße ☂');
    expect(vault.seal('Grüße ☂', 'a secret of ours')).not.toBe(sealed);
    const [, inside = ''] = sealed.split('.');
    expect(Buffer.from(inside, 'base64url').includes('Grüße')).toBe(false);
    expect(sealed.startsWith(`${vault.key_id}.`)).toBe(true);
  });

  test('opens neither as something else, nor with another key, nor when a bit of it was changed', () => {
    const sealed = vault.seal('open sesame', 'a secret of ours');
    const flipped = sealed.replace(/.$/, last => (last === 'A' ? 'Q' : 'A'));
    const attempts = [
      () => vault.open(sealed, 'a secret of theirs'),
      () => openVault('another secret').open(sealed, 'a secret of ours'),
      () => vault.open(flipped, 'a secret of ours'),
      () => vault.open(`${vault.key_id}.`, 'a secret of ours'),
      () => vault.open('', 'a secret of ours'),
      () => lockedVault.open(sealed, 'a secret of ours'),
    ];
    for (const attempt of attempts)
      expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }));
    expect(vault.open(sealed, 'a secret of ours')).toBe('open sesame');
  });

  test('cannot be guessed from a signature, which is 256 bits and the same each time', () => {
    expect(vault.sign('a link')).toMatch(/^[\w-]{43}$/);
    expect(vault.sign('a link')).toBe(openVault('the secret of the tests').sign('a link'));
    expect(vault.sign('a link')).not.toBe(vault.sign('another'));
    expect(vault.sign('a link')).not.toBe(openVault('another secret').sign('a link'));
  });
});

describe('a secret of a business', () => {
  test('goes in and never comes out: not in answers, lists, previews, any table, or the log', async () => {
    const { office, post, signIn, logs } = front();
    const headers = await signIn(office.bright, 'Olivia');
    const call = { action: 'secret.set', data: { name: 'resend_webhook', value } };
    const told = [
      await post('/api/actions', { ...call, preview: true }, { key: null, headers }),
      await post('/api/actions', { ...call, idempotency_key: 'once' }, { key: null, headers }),
      await post('/api/actions', { ...call, idempotency_key: 'once' }, { key: null, headers }),
      await post('/api/actions', { ...call, data: { ...call.data, more: 1 } }, { key: null, headers }),
    ];
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 400]);
    expect(told[1]?.data).toEqual({ name: 'resend_webhook', is_set: true });
    expect(await opened(office.bright)).toBe(value);
    const listed = await office.read(office.bright.owner, 'secrets');
    expect(listed).toEqual([
      {
        id: expect.any(String),
        name: 'resend_webhook',
        set_at: expect.any(String),
        set_by: 'Olivia Bright',
      },
    ]);
    const everything = await textOfEverything(office.database.owner);
    for (const text of [JSON.stringify(told), JSON.stringify(listed), logs.join(''), everything]) {
      expect(text).not.toContain(value.slice(6));
      expect(text.includes('resend_webhook') || text.includes('/api/actions')).toBe(true);
    }
  });

  test('is known by who set it and when, and is forgotten by whoever may set it', async () => {
    const { office } = front();
    const { owner } = office.bright;
    await office.done(owner, 'secret.set', { name: 'resend_webhook', value });
    const [entry] = await office.read(owner, 'audit_log', { params: { entity_type: 'secret' } });
    expect(entry).toMatchObject({ action: 'secret_set', actor_name: 'Olivia Bright' });
    await office.done(owner, 'secret.remove', { name: 'resend_webhook' });
    expect(await opened(office.bright)).toBeUndefined();
    expect(await office.read(owner, 'secrets')).toEqual([]);
    const again = office.act(owner, 'secret.remove', { name: 'resend_webhook' });
    expect((await refusal(again)).code).toBe('NOT_FOUND');
  });

  test('is set by the owner, by no agent, and under a name that is known', async () => {
    const { act, done, read, bright } = front().office;
    const data = { name: 'resend_webhook', value };
    expect((await refusal(act(bright.agent, 'secret.set', data))).code).toBe('HUMAN_ONLY');
    expect((await refusal(act(bright.agent, 'secret.remove', { name: data.name }))).code).toBe('HUMAN_ONLY');
    expect((await refusal(read(bright.agent, 'secrets'))).code).toBe('HUMAN_ONLY');
    expect((await refusal(read(as(bright, 'Dana'), 'secrets'))).code).toBe('FORBIDDEN');
    expect((await refusal(act(as(bright, 'Dana'), 'secret.set', data))).code).toBe('FORBIDDEN');
    expect((await refusal(act(as(bright, 'Theo'), 'secret.set', data))).code).toBe('FORBIDDEN');
    expect(await refusal(act(bright.owner, 'secret.set', { ...data, name: 'resend' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      valid_options: ['stripe_secret_key', 'stripe_webhook', 'resend_webhook'],
      did_you_mean: ['resend_webhook'],
    });
    expect(await done(bright.owner, 'secret.set', data)).toMatchObject({ is_set: true });
  });

  test('does not open as that of another business, nor with another key', async () => {
    const { office } = front();
    const { bright, clear, database } = office;
    await office.done(bright.owner, 'secret.set', { name: 'resend_webhook', value });
    await office.done(clear.owner, 'secret.set', { name: 'resend_webhook', value: `${value}2222` });
    expect(await opened(clear)).toBe(`${value}2222`);
    const move =
      'update secrets set sealed = (select sealed from secrets where organization_id = $1) where organization_id = $2';
    await database.owner.query(move, [bright.id, clear.id]);
    expect((await refusal(opened(clear))).code).toBe('INVALID_STATE');
    expect((await refusal(opened(bright, openVault('another secret')))).message).toContain('another key');
    expect(await opened(bright)).toBe(value);
  });
});

describe('the key of an installation', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'deskhand-key-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is written at the first start, for one account alone, and is the same for all who start at once', async () => {
    const dataDir = path.join(folder, 'data');
    const vaults = await Promise.all(Array.from({ length: 8 }, () => findVault({ dataDir })));
    expect(new Set(vaults.map(({ key_id }) => key_id)).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['secret.key']);
    const file = path.join(dataDir, 'secret.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trim()).toMatch(/^[\w-]{43}$/);
    const sealed = vaults[0]?.seal('kept', 'here') ?? '';
    expect((await findVault({ dataDir })).open(sealed, 'here')).toBe('kept');
  });

  test('is refused when others may read it', async () => {
    const dataDir = path.join(folder, 'open');
    await findVault({ dataDir });
    await chmod(path.join(dataDir, 'secret.key'), 0o644);
    await expect(findVault({ dataDir })).rejects.toThrow(/chmod 600/);
    await chmod(path.join(dataDir, 'secret.key'), 0o600);
    expect((await findVault({ dataDir })).key_id).toMatch(/^[0-9a-f]{12}$/);
  });

  test('is DESKHAND_SECRET where that is set, and then no file is written', async () => {
    const dataDir = path.join(folder, 'none');
    const secret = 'a secret that is long enough, twice';
    expect((await findVault({ dataDir, secret })).key_id).toBe(openVault(secret).key_id);
    await expect(stat(dataDir)).rejects.toThrow();
  });
});
