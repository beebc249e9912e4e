import path from 'node:path';
import { expect, test } from 'vitest';
import { housecallJobs } from '../import/rivals.ts';
import { axeByDayAndNight } from '../support/axe.ts';
import { openFolds, overflow, sizes, useBrowser } from '../support/browser.ts';
import { useRecordPages } from './record-pages.ts';

// An owner brings past visits from another program, without JavaScript: the file, what it is, what nobody else can know, the report.

const { pages } = useRecordPages();
const openTab = useBrowser();
const hostile =
  'Client,Date,Services,Total,<img src=x onerror="window.hit = 1">\n<b>x</b>,2031-01-01,Attic,$1.00,=1+1\n';
/** Where pictures go, to be looked at; none are taken when it is not said. */
const folder = process.env.PICTURES;

/** As many past jobs for each screen, of other people: none finds here what another has brought. */
const jobs = 40;
const jobsFor = (screen: number): Buffer => {
  const [heading, ...lines] = housecallJobs(jobs * sizes.length)
    .toString()
    .trimEnd()
    .split('\n');
  return Buffer.from([heading, ...lines.slice(screen * jobs, (screen + 1) * jobs), ''].join('\n'));
};

test.each(sizes.map((size, screen) => ({ ...size, screen })))(
  'past visits are brought on a screen of $width × $height, by day and at night',
  async ({ screen, ...size }) => {
    const value = await pages().signIn('olivia@brightpanes.example');
    const { page, context } = await openTab({ size, javaScript: false });
    await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
    let shot = 0;
    const look = async () => {
      shot += 1;
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await overflow(page), page.url()).toBe(0);
        if (folder === undefined) continue;
        const picture = path.join(folder, `import-${size.width}-${colorScheme}-${shot}.png`);
        await page.screenshot({ path: picture, fullPage: true });
      }
    };
    const choose = async (name: string, text: Buffer) => {
      await page.goto(`${pages().url}/imports`);
      await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: text });
      await Promise.all([
        page.waitForURL('**/imports/look'),
        page.getByRole('button', { name: 'Look at it first' }).click(),
      ]);
    };
    await page.goto(`${pages().url}/imports`);
    await look();
    await choose('hostile.csv', Buffer.from(hostile));
    await look();
    await choose('Jobs report.csv', jobsFor(screen));
    await look();
    await page.locator('#answer_unknown_customers').selectOption('make');
    await page.getByRole('button', { name: /^(?:Go on|Look again)$/ }).click();
    await look();
    const take = page.getByRole('button', { name: `Take over ${jobs} visits` });
    await Promise.all([page.waitForURL('**/imports/I-*'), take.click()]);
    expect(await page.locator('main').innerText()).toMatch(
      new RegExp(`Lines read\\s+${jobs}\\s+New visits\\s+${jobs}\\s`),
    );
    await look();
  },
);

test('the page offends nobody, opens in full, and runs nothing of a file', async () => {
  const value = await pages().signIn('olivia@brightpanes.example');
  const { page, context, complaints } = await openTab();
  await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await page.goto(`${pages().url}/imports`);
  await page.setInputFiles('#file', {
    name: '<img src=x>.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(hostile),
  });
  await Promise.all([
    page.waitForURL('**/imports/look'),
    page.getByRole('button', { name: 'Look at it first' }).click(),
  ]);
  await openFolds(page);
  expect(await overflow(page)).toBe(0);
  expect(await axeByDayAndNight(page)).toEqual([]);
  expect(await page.evaluate('window.hit')).toBeUndefined();
  expect(complaints).toEqual([]);
});
