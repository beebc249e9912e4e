import { beforeAll, describe, expect, test } from 'vitest';
import { overflow, sizes, type Tab, useBrowser } from '../support/browser.ts';
import { csrfOf, usePages } from '../support/pages.ts';

// WebAuthn wants a name: browsers make no passkeys for 127.0.0.1.
const pages = usePages({}, { host: 'localhost' });
const openTab = useBrowser();

beforeAll(async () => {
  const { bright, done } = pages();
  const level = { action: 'contact.delete', level: 'requires_authorization' };
  await done(bright.owner, 'authorization.set_level', level);
});

/** A browser of a person, on a computer that knows their finger. */
async function openAs(name: 'olivia' | 'dana' | 'theo', takesFinger = true) {
  const tab = await openTab();
  const { signIn, url } = pages();
  const token = await signIn(`${name}@brightpanes.example`);
  await tab.context.addCookies([{ name: 'deskhand_session', value: token, url }]);
  const sensor = await tab.context.newCDPSession(tab.page);
  await sensor.send('WebAuthn.enable');
  const { authenticatorId } = await sensor.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: takesFinger,
      automaticPresenceSimulation: true,
    },
  });
  return { ...tab, token, caller: { via: 'session', token } as const, sensor, authenticatorId };
}

async function add({ page }: Tab, name: string): Promise<void> {
  await page.goto(`${pages().url}/passkeys`);
  await page.getByLabel('Name of this device').fill(name);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
}

describe('in a browser', () => {
  test('the owner adds a passkey, asks for it, and allows a deletion with it', async () => {
    const tab = await openAs('olivia');
    const { page, complaints, caller } = tab;
    const { act, agent, done, read, url } = story();
    await add(tab, 'My laptop');
    await page.getByRole('status').getByText('Your passkey is added.').waitFor();
    expect(await read(caller, 'passkeys')).toMatchObject([{ name: 'My laptop', last_used_at: null }]);

    await page.getByRole('button', { name: 'Ask for a passkey' }).click();
    await page.getByRole('status').getByText('takes a passkey').waitFor();
    expect((await read(caller, 'organization'))[0]?.settings).toEqual({ passkey_for_irreversible: true });

    const { id } = await done(caller, 'contact.create', { full_name: 'Twice Here' });
    const why = { reasoning: 'This customer is in the list twice' };
    const { data } = await act(agent, 'contact.delete', { contact_id: id }, why);
    const [asked] = await read(caller, 'authorization_requests', { id: String(data.request) });
    const decision = { request: asked?.reference, digest: asked?.digest };
    await expect(act(caller, 'authorization.allow_once', decision)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await page.goto(`${url}/review/${asked?.reference}`);
    await page.getByRole('button', { name: 'Allow Once' }).click();
    await page.getByText('Done.', { exact: true }).waitFor();
    expect(await read(caller, 'authorization_requests', { id: String(data.request) })).toMatchObject([
      { status: 'succeeded', decision: 'allow_once' },
    ]);

    const other = await done(caller, 'contact.create', { full_name: 'Here Once' });
    const again = await act(agent, 'contact.delete', { contact_id: other.id }, why);
    await page.goto(`${url}/review/${again.data.request}`);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Denied.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a second passkey is confirmed with the first, and a lost one is removed', async () => {
    const tab = await openAs('dana');
    const { page, complaints, caller, sensor } = tab;
    const { read } = pages();
    await add(tab, 'Office computer');
    await page.getByRole('status').getByText('Your passkey is added.').waitFor();
    // Another device, a stick with a button; it stands for the phone.
    await sensor.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await add(tab, 'Stick');
    await page.getByText('Confirmed. Press once more').waitFor();
    expect(await read(caller, 'passkeys')).toHaveLength(1);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('status').getByText('Your passkey is added.').waitFor();
    expect(await read(caller, 'passkeys')).toMatchObject([{ name: 'Stick' }, { name: 'Office computer' }]);

    await page.getByText('Remove', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Remove this passkey' }).first().click();
    await page.getByRole('status').getByText('The passkey is removed.').waitFor();
    expect(await read(caller, 'passkeys')).toMatchObject([{ name: 'Office computer' }]);
    expect(complaints).toEqual([]);
  });

  test('a device that does not recognise the person adds nothing, and the page says so', async () => {
    const tab = await openAs('theo', false);
    const { page, caller, sensor, authenticatorId } = tab;
    await add(tab, 'My phone');
    await page.getByRole('alert').getByText('It was not confirmed. Try again.').waitFor();
    expect(await pages().read(caller, 'passkeys')).toEqual([]);
    await sensor.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('status').getByText('Your passkey is added.').waitFor();
    expect(await pages().read(caller, 'passkeys')).toMatchObject([{ name: 'My phone' }]);
  });

  test('a browser that is too old says so', async () => {
    const tab = await openAs('dana');
    await tab.page.addInitScript('delete window.PublicKeyCredential');
    await add(tab, 'Old phone');
    await tab.page.getByRole('alert').getByText('This browser is too old for passkeys').waitFor();
  });
});

describe('the page', () => {
  test.each(sizes)('fits $width × $height', async ({ width, height }) => {
    const { page } = await openAs('olivia');
    await page.setViewportSize({ width, height });
    await page.goto(`${pages().url}/passkeys`);
    expect(await overflow(page)).toBe(0);
  });

  test('offers the requirement to owners, and not to Dana', async () => {
    const { signIn, send } = pages();
    const see = async (name: string) =>
      (await send('/passkeys', { session: await signIn(`${name}@brightpanes.example`) })).text();
    expect(await see('olivia')).toContain('/passkeys/requirement');
    expect(await see('dana')).not.toContain('What cannot be taken back');
  });

  test('answers its script only with the form token, and whoever is signed in', async () => {
    const { signIn, send } = pages();
    const session = await signIn('olivia@brightpanes.example');
    const csrf_token = await csrfOf(pages(), session);
    for (const path of ['/passkeys/options', '/passkeys/check']) {
      const form = { purpose: 'settings', csrf_token };
      expect((await send(path, { session, form })).status).toBe(200);
      const elsewhere = { 'sec-fetch-site': 'cross-site' };
      expect((await send(path, { session, form, headers: elsewhere })).status).toBe(403);
      expect((await send(path, { session, form: { ...form, csrf_token: 'x' } })).status).toBe(403);
      expect((await send(path, { form })).status).toBe(401);
      expect((await send(path, { session })).status).toBe(404);
    }
  });
});

const story = () => ({ ...pages(), agent: pages().bright.agent });
