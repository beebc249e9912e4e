import { expect, test } from 'vitest';
import { openFolds, overflow, sizes, type TabOptions, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

/** The settings page as somebody sees it. */
async function openAs(name: string, options: TabOptions = { javaScript: false }, path = '/settings') {
  const tab = await openTab(options);
  const value = await pages().signIn(`${name}@brightpanes.example`);
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await tab.page.goto(`${pages().url}${path}`);
  const section = (heading: string) => tab.page.getByRole('region', { name: heading });
  const save = (heading: string) => section(heading).getByRole('button', { name: 'Save' }).first().click();
  return { ...tab, section, save };
}

const business = async () => (await pages().read(pages().bright.owner, 'organization'))[0] ?? {};

test('without JavaScript: Olivia decides, sees what is usual, and goes back to it', async () => {
  const { page, section, save } = await openAs('olivia');
  const days = page.getByLabel('Days to pay an invoice');
  expect(await days.inputValue()).toBe('');
  expect(await days.getAttribute('placeholder')).toBe('30');
  expect(await section('Bills').innerText()).toContain(
    'Days from the day of an invoice until it is due. Usual: 30.',
  );
  await days.fill('14');
  await save('Bills');
  await page.getByRole('status').getByText('The settings are saved.').waitFor();
  expect(await days.inputValue()).toBe('14');
  expect((await business()).settings).toEqual({ days_until_due: 14 });
  await days.fill('');
  await save('Bills');
  await page.getByRole('status').getByText('The settings are saved.').waitFor();
  expect((await business()).settings).toEqual({});
  await save('Bills');
  await page.getByRole('status').getByText('Nothing was different.').waitFor();
});

test('what is refused is said beside its field, and nothing that was typed is lost', async () => {
  const { page, save } = await openAs('olivia');
  const starts = page.getByLabel('Minutes between starts');
  const road = page.getByLabel('Minutes on the road');
  await starts.fill('1');
  await road.fill('a quarter');
  await save('Planning visits');
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([
    'Give a whole number from 5 to 120, or nothing for 30.',
    'Give a whole number from 0 to 180, or nothing for 0.',
  ]);
  expect(await starts.getAttribute('aria-describedby')).toBe('slot_minutes_hint slot_minutes_problem');
  expect([await starts.inputValue(), await road.inputValue()]).toEqual(['1', 'a quarter']);
  expect((await business()).settings).toEqual({});
  await starts.fill('45');
  await road.fill('15');
  await save('Planning visits');
  await page.getByText('The settings are saved.').waitFor();
  expect((await business()).settings).toEqual({ slot_minutes: 45, travel_minutes: 15 });
});

test('what somebody else has decided since stays', async () => {
  const { page, save } = await openAs('olivia');
  await pages().done(pages().bright.owner, 'organization.update_settings', {
    settings: { travel_minutes: 20 },
  });
  await page.getByLabel('Minutes between starts').fill('60');
  await save('Planning visits');
  await page.getByText('The settings are saved.').waitFor();
  expect((await business()).settings).toEqual({ slot_minutes: 60, travel_minutes: 20 });
});

test('the name and the time zone are changed there as well', async () => {
  const { page, save } = await openAs('olivia');
  await page.getByLabel('Time zone').fill('Alabama');
  await page.getByLabel('Name', { exact: true }).fill('Bright Panes & Sons');
  await save('The business');
  expect(await page.getByRole('alert').innerText()).toBe('«Alabama» is not a time zone.');
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Bright Panes & Sons');
  await page.getByLabel('Time zone').fill('America/New_York');
  await save('The business');
  await page.getByText('The settings are saved.').waitFor();
  expect(await business()).toMatchObject({ name: 'Bright Panes & Sons', time_zone: 'America/New_York' });
});

test('everything an owner sets up is led to from there', async () => {
  const { page } = await openAs('olivia');
  const ways = await page
    .locator('main .setting-ways a')
    .evaluateAll(all => all.map(a => a.getAttribute('href')));
  expect(ways).toEqual([
    '/hours',
    '/prices',
    '/templates',
    '/people',
    '/assistants',
    '/review/levels',
    '/website-form',
    '/imports',
    '/records/companies',
    '/settings/security',
    '/passkeys',
    '/calendar/subscribe',
    '/sessions',
    '/settings/secrets',
  ]);
  for (const path of ways) expect((await page.goto(`${pages().url}${path}`))?.status()).toBe(200);
});

test('what guards the business takes a passkey, and says so', async () => {
  const { page, section, save } = await openAs('olivia', { javaScript: false }, '/settings/security');
  await page.getByLabel('Passkey for what cannot be taken back').selectOption('yes');
  await save('Passkeys');
  expect(await page.getByRole('alert').innerText()).toBe(
    'This has to be confirmed with a passkey, and you have none. Add one on the page /passkeys, then do this again.',
  );
  expect(await page.getByLabel('Passkey for what cannot be taken back').inputValue()).toBe('true');
  await section('Passkeys').getByRole('link', { name: 'passkey' }).click();
  await page.getByRole('heading', { name: 'Add a passkey' }).waitFor();
});

test('Dana sees what is decided and changes nothing; Theo has no such page', async () => {
  const { page, section } = await openAs('dana');
  expect(await section('Planning visits').innerText()).toContain('Minutes between starts');
  expect(await page.locator('main form').count()).toBe(0);
  const session = await pages().signIn('theo@brightpanes.example');
  const today = await pages().send('/', { session });
  expect(await today.text()).not.toContain('href="/settings"');
  expect((await pages().send('/settings', { session })).status).toBe(403);
  const found = await openAs('dana');
  await found.page.goto(`${pages().url}/`);
  await found.page.getByRole('link', { name: 'More' }).click();
  await found.page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).click();
  await found.page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
});

test('what bounds the assistants stands apart, and what is refused there is said there', async () => {
  const { page, section, save } = await openAs('olivia', { javaScript: false }, '/settings/security');
  expect(await section('What assistants ask for').innerText()).toContain('No assistant can change it');
  const hours = page.getByLabel('Hours a request waits', { exact: true });
  await hours.fill('never');
  await save('What assistants ask for');
  expect(new URL(page.url()).pathname).toBe('/settings/authorization');
  await page.getByRole('heading', { name: 'Security settings', level: 1 }).waitFor();
  expect(await hours.inputValue()).toBe('never');
  await hours.fill('24');
  await save('What assistants ask for');
  await page.getByText('The settings are saved.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings/security');
});

test.each(sizes.flatMap(size => ['/settings', '/settings/security'].map(path => ({ ...size, path }))))(
  '$path fits $width × $height and leaves the console quiet',
  async ({ path, ...size }) => {
    for (const dark of [false, true]) {
      const { page, complaints } = await openAs('olivia', { size, dark }, path);
      await openFolds(page);
      expect(await overflow(page)).toBe(0);
      expect(complaints).toEqual([]);
    }
  },
);
