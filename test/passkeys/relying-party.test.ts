import { expect, test } from 'vitest';
import { relyingParty } from '../../core/passkeys/relying-party.ts';
import { csrfOf, usePages } from '../support/pages.ts';

// The tests' server is reached by its number.
const pages = usePages();

test('passkeys belong to the address the installation was started with', () => {
  expect(relyingParty({ base_url: 'https://crm.example.com' })).toEqual({
    id: 'crm.example.com',
    origin: 'https://crm.example.com',
  });
  expect(relyingParty({ base_url: 'http://localhost:3001' })).toEqual({
    id: 'localhost',
    origin: 'http://localhost:3001',
  });
});

test.each(['http://127.0.0.1:3000', 'https://192.168.1.20', 'http://[::1]:3000', 'http://crm.example.com'])(
  'no browser makes any for %s, and the refusal says what to do',
  base_url => {
    expect(() => relyingParty({ base_url })).toThrow(
      expect.objectContaining({
        code: 'INVALID_STATE',
        details: { hint: expect.stringContaining('BASE_URL') },
      }),
    );
  },
);

test('the page of a server that is reached by its number says so instead of offering one', async () => {
  const { signIn, send, url } = pages();
  const session = await signIn('olivia@brightpanes.example');
  const page = await (await send('/passkeys', { session })).text();
  expect(page).toContain(`Browsers make no passkeys for ${url}.`);
  expect(page).not.toContain('Name of this device');
  const form = { csrf_token: await csrfOf(pages(), session) };
  const options = await send('/passkeys/options', { session, form });
  expect(options.status).toBe(409);
  expect(await options.json()).toMatchObject({ hint: expect.stringContaining('BASE_URL=http://localhost:') });
});
