import { describe, expect, test } from 'vitest';
import { usePages } from '../support/pages.ts';

describe('asking too often', () => {
  const pages = usePages({ linkLimits: { per_ip: 6, per_address: 2 } });

  test('an address gets two links, then a page that says when to come back; others still get theirs', async () => {
    const { send } = pages();
    const ask = (email: string) => send('/sign-in', { form: { email } });
    expect((await ask('olivia@brightpanes.example')).status).toBe(200);
    expect((await ask('OLIVIA@brightpanes.example')).status).toBe(200);
    const refused = await ask('olivia@brightpanes.example');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await refused.text()).toContain('try again in 15 minutes');
    expect((await ask('dana@brightpanes.example')).status).toBe(200);
    expect((await ask('nobody@elsewhere.example')).status).toBe(200);
  });

  test('one network address that tries many e-mail addresses is stopped', async () => {
    const { send } = pages();
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await send('/sign-in', { form: { email: `guess${n}@brightpanes.example` } })).status);
    }
    expect(statuses).toEqual([200, 429, 429, 429]);
  });
});

describe('on https', () => {
  const pages = usePages({ baseUrl: 'https://crm.brightpanes.example', demo: false });

  test('the cookie is one that no subdomain can plant and no plain connection sees', async () => {
    const { send, linkFor } = pages();
    const response = await send(await linkFor('olivia@brightpanes.example'), { method: 'POST' });
    const cookie = response.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(
      /^__Host-deskhand_session=[\w-]{43}; Max-Age=1209600; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    const named = { cookie: cookie.split(';')[0] ?? '' };
    expect((await send('/', named)).status).toBe(200);
    expect((await send('/', { cookie: named.cookie.replace('__Host-', '') })).status).toBe(303);
  });

  test('strangers learn neither where the data lies nor who the demo’s owner is', async () => {
    const { send, newestMail } = pages();
    const asked = await (await send('/sign-in', { form: { email: 'olivia@brightpanes.example' } })).text();
    expect(asked).not.toContain('/srv/deskhand');
    expect(asked).toContain('outbox');
    expect(await (await send('/sign-in')).text()).not.toContain('olivia@');
    expect(await newestMail('olivia@brightpanes.example')).toContain(
      'https://crm.brightpanes.example/sign-in/',
    );
  });

  test('a form from our public address counts as ours behind a proxy that changes the Host', async () => {
    const { send, linkFor } = pages();
    const headers = { origin: 'https://crm.brightpanes.example' };
    const post = { method: 'POST', headers };
    expect((await send(await linkFor('olivia@brightpanes.example'), post)).status).toBe(303);
  });
});
