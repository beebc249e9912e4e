import { beforeEach, describe, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { factsOf, formOf, useRecordPages } from './record-pages.ts';

const { pages, see, send } = useRecordPages();
const openTab = useBrowser();
let reference = '';
const own = () => `/records/contacts/${reference}`;

beforeEach(async () => {
  const { done, bright } = pages();
  const made = await done(bright.owner, 'contact.create', {
    full_name: 'Ann Lee',
    emails: [
      { email: 'ann@example.com', type: 'work' },
      { email: 'lee@example.com', type: 'home' },
    ],
  });
  reference = String(made.reference);
});

const kept = async () => (await pages().read(pages().bright.owner, 'contacts', { id: reference }))[0] ?? {};

describe('a list inside a record', () => {
  test('stands on its page line by line, and the first of it is not said twice', async () => {
    const facts = factsOf((await see(own())).markup);
    expect(facts['E-mails']).toBe('ann@example.com work, primary lee@example.com home');
    expect(facts).not.toHaveProperty('E-mail');
  });

  test('has a field for each member of a line, and an empty line for another', async () => {
    const { fields } = formOf((await see(`${own()}/edit`)).markup, /\/edit$/);
    expect(fields).toMatchObject({
      'emails.0.email': 'ann@example.com',
      'emails.0.type': 'work',
      'emails.primary': '0',
      'emails.1.email': 'lee@example.com',
      'emails.2.email': '',
      'phones.0.number': '',
    });
    expect(fields).not.toHaveProperty('email');
  });

  test('takes a new line, changes one and makes another one the first', async () => {
    await send(await see(`${own()}/edit`), /\/edit$/, {
      'emails.0.type': 'other',
      'emails.2.email': 'New@Example.com',
      'emails.2.type': 'work',
      'emails.primary': '2',
      'phones.0.number': '256 555 0142',
    });
    expect(await kept()).toMatchObject({
      emails: [
        { email: 'ann@example.com', type: 'other', primary: false },
        { email: 'lee@example.com', type: 'home', primary: false },
        { email: 'new@example.com', type: 'work', primary: true },
      ],
      email: 'new@example.com',
      phones: [{ number: '+12565550142', type: 'other', primary: true }],
    });
  });

  test('loses the line that is ticked, and no other', async () => {
    await send(await see(`${own()}/edit`), /\/edit$/, { 'emails.0.remove_line': 'yes' });
    expect(await kept()).toMatchObject({ emails: [{ email: 'lee@example.com' }], email: 'lee@example.com' });
    await send(await see(`${own()}/edit`), /\/edit$/, { 'emails.0.email': '' });
    expect(await kept()).toMatchObject({ emails: [], email: null });
  });

  test('that nobody touched stays as it is', async () => {
    const before = await kept();
    await send(await see(`${own()}/edit`), /\/edit$/, { nickname: 'Annie' });
    expect(await kept()).toMatchObject({
      emails: before.emails,
      nickname: 'Annie',
      version: Number(before.version) + 1,
    });
    await send(await see(`${own()}/edit`), /\/edit$/, {});
    expect((await kept()).version).toBe(Number(before.version) + 1);
  });

  test('with a line that cannot be is refused at that line, and nothing typed is lost', async () => {
    const refused = await send(await see(`${own()}/edit`), /\/edit$/, {
      'emails.0.remove_line': 'yes',
      'emails.2.email': 'no address',
    });
    expect(refused.status).toBe(400);
    expect(refused.markup).toMatch(/<p class="problem" id="emails-problem" role="alert">[^<]+/);
    expect(refused.markup).toMatch(/id="emails\.2\.email" name="emails\.2\.email" aria-invalid="true"/);
    expect(refused.markup).not.toMatch(/id="emails\.1\.email"[^>]*aria-invalid/);
    expect(formOf(refused.markup, /\/edit$/).fields).toMatchObject({
      'emails.0.remove_line': 'yes',
      'emails.2.email': 'no address',
    });
    await send(refused, /\/edit$/, { 'emails.2.email': 'right@example.com' });
    expect(await kept()).toMatchObject({
      emails: [{ email: 'lee@example.com' }, { email: 'right@example.com' }],
    });
  });

  test('is filled in where a record is new', async () => {
    const made = await send(await see('/records/contacts/new'), /\/new$/, {
      full_name: 'Mark Webb',
      'phones.0.number': '256 555 0177',
      'phones.0.type': 'mobile',
    });
    expect(made.text).toContain('(256) 555-0177');
    expect(made.text).toMatch(/mobile, primary/);
  });

  test('of facts with details keeps numbers and yes and no as they are', async () => {
    const { done, bright } = pages();
    const details = [{ key: 'screens', value: 20, details: { floors: 2, name: 'Rex' } }];
    const lead = await done(bright.owner, 'lead.create', { full_name: 'Tim', property_details: details });
    const path = `/records/leads/${String(lead.reference)}/edit`;
    await send(await see(path), /\/edit$/, {
      'property_details.0.details': 'floors: 2\nname: Max',
      'property_details.1.key': 'pet',
      'property_details.1.value': 'dog',
    });
    const [row] = await pages().read(bright.owner, 'leads', { id: String(lead.reference) });
    expect(row?.property_details).toEqual([
      { key: 'screens', value: 20, details: { floors: 2, name: 'Max' } },
      { key: 'pet', value: 'dog' },
    ]);
  });

  test('of the longest kind fits into one form', async () => {
    const { done, bright } = pages();
    const emails = Array.from({ length: 10 }, (_, at) => ({ email: `a${at}@example.com` }));
    const phones = Array.from({ length: 10 }, (_, at) => ({ number: `256 555 01${10 + at}` }));
    await done(bright.owner, 'contact.update', { contact_id: reference, emails, phones });
    const saved = await send(await see(`${own()}/edit`), /\/edit$/, { 'emails.9.email': 'last@example.com' });
    expect(saved.text).toContain('Saved.');
    expect(JSON.stringify((await kept()).emails)).toContain('last@example.com');
  });
});

describe('in a browser', () => {
  const open = async (javaScript: boolean) => {
    const tab = await openTab({ javaScript });
    const value = await pages().signIn('dana@brightpanes.example');
    await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
    await tab.page.goto(`${pages().url}${own()}/edit`);
    return tab;
  };

  test('a button adds as many lines as one wants before saving', async () => {
    const { page, complaints } = await open(true);
    const list = page.getByRole('group', { name: 'E-mails' });
    for (const at of [2, 3]) {
      await list.locator(`[name="emails.${at}.email"]`).fill(`more${at}@example.com`);
      await list.getByRole('button', { name: 'Another line' }).click();
    }
    expect(await page.locator(':focus').getAttribute('name')).toBe('emails.4.email');
    await list.locator('[name="emails.primary"]').nth(3).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await kept()).toMatchObject({ email: 'more3@example.com' });
    expect((await kept()).emails).toHaveLength(4);
    expect(complaints).toEqual([]);
  });

  test('without JavaScript there is an empty line and no button', async () => {
    const { page } = await open(false);
    expect(await page.getByRole('button', { name: 'Another line' }).count()).toBe(0);
    await page.locator('[name="emails.2.email"]').fill('third@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await kept()).emails).toHaveLength(3);
  });
});
