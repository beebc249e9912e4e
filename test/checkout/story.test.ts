import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import PostalMime, { type Email } from 'postal-mime';
import { Temporal } from 'temporal-polyfill';
import { extractText } from 'unpdf';
import { beforeAll, expect, test } from 'vitest';
import { createPages } from '../../web-review/router.ts';
import { closedVisit } from '../invoices/billing.ts';
import { useMailServer } from '../messages/smtp-server.ts';
import { png } from '../organizations/logos.ts';
import { axeViolations } from '../support/axe.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { whileWorking } from '../support/letters.ts';
import { storyTime } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { openSessions } from '../support/sessions.ts';
import { useOnline } from './online.ts';

// The money of one visit: closed, billed, mailed, opened on a phone, paid at Stripe, told by a signed event, thanked by mail.
// Pages in a real browser, mails through a real mail server, Stripe through its own package. With PICTURES=<folder> every
// step is kept as a picture, and the paper as it came.

let address = 'http://localhost';
const online = useOnline({
  baseUrl: () => address,
  pagesOf: ({ app, db }, baseUrl) =>
    createPages({
      app,
      db,
      baseUrl,
      dataDir: '/srv/deskhand',
      demo: false,
      clock: () => Temporal.Instant.from(storyTime),
    }),
});
const server = useMailServer();
const openTab = useBrowser();
const [phone, laptop] = sizes;
const folder = process.env.PICTURES;
let step = 0;
let olivia = '';

beforeAll(async () => {
  const { front, panes } = online();
  address = front.url;
  const { bright, database, done } = panes;
  const [session] = await openSessions(database.owner, bright.id, bright.people.Olivia?.id ?? '', 1);
  olivia = session?.token ?? '';
  await done(panes.olivia, 'organization.update_settings', {
    settings: {
      legal_name: 'Bright Panes LLC',
      business_phone: '(256) 555-0100',
      postal_address: '1 Clinton Ave, Huntsville, AL 35801',
      how_to_pay: 'By check to Bright Panes LLC, 1 Clinton Ave, Huntsville.',
    },
  });
  await done(panes.olivia, 'organization.set_logo', { file: png().toString('base64') });
});

/** A step as a person sees it: legible, nothing cut off; kept where pictures are wanted. */
async function look(page: Page, name: string): Promise<void> {
  step += 1;
  expect([name, await axeViolations(page), await overflow(page)]).toEqual([name, [], 0]);
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${step}-${name}.png`), fullPage: true });
}

/** The one mail that arrives when everything that waits has been worked off. */
async function oneMail(): Promise<Email> {
  const { panes } = online();
  const problems = await whileWorking(
    panes,
    async () => {
      const waiting = 'select kind from jobs where done_at is null and dead_at is null and run_at <= now()';
      await expect.poll(async () => (await panes.database.owner.query(waiting)).rows, soon).toEqual([]);
    },
    server().settings,
  );
  expect(problems).toEqual([]);
  const [mail, ...others] = server().received.splice(0);
  expect(others).toEqual([]);
  expect(mail?.to).toEqual(['jane.smith@example.com']);
  return PostalMime.parse(mail?.lines.join('\r\n') ?? '');
}

/** The words of the paper that came with a mail. */
async function paperOf({ attachments }: Email, name: string): Promise<string> {
  const [file] = attachments.filter(({ mimeType }) => mimeType === 'application/pdf');
  if (!(file?.content instanceof ArrayBuffer)) throw new Error('no paper came with the mail');
  if (folder !== undefined)
    await writeFile(path.join(folder, `${step}-${name}.pdf`), Buffer.from(file.content));
  return (await extractText(new Uint8Array(file.content), { mergePages: true })).text;
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

test('a closed visit becomes a bill, a mail, a page, a payment and a receipt, and nobody types an amount', async () => {
  const { panes, stripe, account, tell, bill } = online();
  const ticket = await closedVisit(panes);

  const office = await openTab({ size: laptop });
  await office.context.addCookies([{ name: 'deskhand_session', value: olivia, url: address }]);
  await office.page.goto(`${address}/tickets/${ticket}`);
  await look(office.page, 'closed-visit');
  await press(office.page, 'Bill');
  await office.page.getByRole('heading', { name: /^Invoice INV-/ }).waitFor();
  await look(office.page, 'draft');
  const reference = office.page.url().split('/').at(-1) ?? '';
  await press(office.page, 'Send invoice');
  await office.page.getByText('Sent', { exact: false }).first().waitFor();
  await look(office.page, 'sent');

  const mail = await oneMail();
  expect(mail.subject).toContain(reference);
  const paper = await paperOf(mail, 'paper');
  expect(paper).toContain('Bright Panes LLC');
  expect(paper).toContain('$662.00');
  const link = mail.text?.match(/http:\S+\/pay\/\S+/)?.[0] ?? '';

  const customer = await openTab({ size: phone });
  await customer.page.goto(link);
  await look(customer.page, 'pay-page');
  await press(customer.page, 'Pay $662.00 online');
  await customer.page.waitForURL(`${stripe.url}/**`);
  await press(customer.page, 'Pay by card');
  await customer.page.getByRole('heading', { name: 'Thank you', level: 1 }).waitFor();
  await look(customer.page, 'thank-you');
  expect(await bill(reference)).toMatchObject({ status: 'sent', paid_cents: 0 });

  const event = account.events.find(({ type }) => type === 'checkout.session.completed');
  expect((await tell(event)).status).toBe(200);
  const receipt = await oneMail();
  expect(receipt.subject).toBe(`Thank you: receipt for ${reference}`);
  expect(await paperOf(receipt, 'receipt')).toContain('Paid');
  expect(await bill(reference)).toMatchObject({ status: 'paid', paid_cents: 66_200 });

  await customer.page.getByRole('link', { name: 'Look again' }).click();
  await customer.page.getByRole('heading', { name: 'Paid, with thanks' }).waitFor();
  await look(customer.page, 'paid');
  await office.page.goto(`${address}/invoices/${reference}`);
  await office.page.getByText('$662.00').first().waitFor();
  await look(office.page, 'invoice-paid');
  // Told a second time it is no second payment.
  expect((await tell(event)).status).toBe(200);
  expect(await bill(reference)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  expect([...customer.complaints, ...office.complaints]).toEqual([]);
});
