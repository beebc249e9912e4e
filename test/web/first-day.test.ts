import { expect, test } from 'vitest';
import { foundBusiness } from '../../core/organizations/found.ts';
import { useMailServer } from '../messages/smtp-server.ts';
import { sizes, useBrowser } from '../support/browser.ts';
import { whileWorking } from '../support/letters.ts';
import { usePages } from '../support/pages.ts';

// The first day of a new business, on its pages alone: hours, a price, customers, a technician who signs in by the mail he
// got, and an assistant; with JavaScript and without.

const pages = usePages();
const openTab = useBrowser();
const mail = useMailServer();
const [phone, laptop] = sizes;

/** The link of the mail to somebody, as a mail program reads it. */
const linkTo = (to: string): string | undefined => {
  const lines = mail().received.find(one => one.to.includes(to))?.lines ?? [];
  return /\/sign-in\/[\w-]{43}/.exec(lines.join('\n').replace(/=\n/g, ''))?.[0];
};

test.each([
  { javaScript: true, name: 'Sunny', slug: 'sunny' },
  { javaScript: false, name: 'Cloudy', slug: 'cloudy' },
])(
  'a new business sets itself up, and its technician sees his visits (JavaScript: $javaScript)',
  async ({ javaScript, name, slug }) => {
    const { db, url, done } = pages();
    const nora = `nora@${slug}.example`;
    const tim = `tim@${slug}.example`;
    const { organization_id, owner_id } = await foundBusiness(db, {
      slug,
      name: `${name} Windows`,
      time_zone: 'America/Chicago',
      owner: { email: nora, name: 'Nora' },
    });
    const { page, complaints } = await openTab({ size: laptop, javaScript });
    const press = (label: string) =>
      page.locator('main').getByRole('button', { name: label, exact: true }).click();
    const settings = async () => {
      await page.goto(`${url}/settings`);
      return page.getByRole('region', { name: 'Set up' });
    };
    const open = async (label: string) => (await settings()).getByRole('link', { name: label }).click();
    const saidSo = (words: string) => page.getByRole('status').getByText(words).waitFor();

    await page.goto(url + (await pages().linkFor(nora)));
    await press('Sign in');
    expect(await (await settings()).innerText()).toContain('0 of 5 done.');

    await open('Business hours');
    await page.getByLabel('Saturday, from').fill('09:00');
    await page.getByLabel('Saturday, to').fill('12:00');
    await press('Save');
    await saidSo('Saved. Saturday: closed → 9:00 AM – 12:00 PM.');

    await open('Price list');
    await page.getByRole('link', { name: 'Add a service' }).click();
    await page.getByLabel('Name').fill('Windows outside');
    await page.getByLabel('Price', { exact: true }).fill('150');
    await page.getByLabel('Takes, in minutes').fill('90');
    await press('Add');
    await saidSo('Windows outside is on the price list.');

    await open('Customers');
    await page.getByLabel('The file (CSV, vCard or calendar)').setInputFiles({
      name: 'square.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('First Name,Last Name,Email Address,Phone Number\nAnn,Lee,ann@example.com,\n'),
    });
    await press('Look at it first');
    await press('Take over 1 customer');
    await saidSo('1 customer is taken over.');

    await open('People');
    await page.getByRole('link', { name: 'Add a person' }).click();
    await page.getByLabel('Name').fill('Tim');
    await page.getByLabel('E-mail').fill(tim);
    await press('Add');
    await saidSo(`Tim is added, and a link to sign in is on its way to ${tim}.`);

    await open('An assistant');
    await page.getByRole('link', { name: 'Add an assistant' }).click();
    await press('Add, and make a key');
    const key = await page.getByLabel('Key', { exact: true }).inputValue();
    expect(await pages().read({ via: 'key', key }, 'contacts')).toMatchObject([{ full_name: 'Ann Lee' }]);
    expect(await (await settings()).count()).toBe(0);

    const members = await pages().read({ via: 'member', organization_id, user_id: owner_id }, 'members');
    await done({ via: 'member', organization_id, user_id: owner_id }, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-18T13:00',
      lines: [{ service_id: 'Windows outside' }],
      technician_ids: [String(members.find(row => row.name === 'Tim')?.id)],
    });
    await whileWorking(
      pages(),
      async () => {
        await expect.poll(() => linkTo(tim)).toBeDefined();
      },
      mail().settings,
    );
    const hand = await openTab({ size: phone, javaScript });
    await hand.page.goto(url + (linkTo(tim) ?? ''));
    await hand.page.getByRole('button', { name: 'Sign in' }).click();
    await hand.page.getByRole('main').getByText('Ann Lee').first().waitFor();
    expect((await hand.page.goto(`${url}/people`))?.status()).toBe(404);
    expect(complaints).toEqual([]);
  },
);
