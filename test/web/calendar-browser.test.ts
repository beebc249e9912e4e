import { beforeAll, describe, expect, test } from 'vitest';
import { openFolds, overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { useCalendarPages } from './calendar-pages.ts';

const { pages, at, book, session } = useCalendarPages();
const openTab = useBrowser();

let morning = '';
let crew = '';
let hostile = '';

beforeAll(async () => {
  const { done, bright } = pages();
  morning = await book('2026-11-18T09:00', { technician_ids: ['Theo'], lines: ['Windows'] });
  crew = await book('2026-11-18T11:00', { contact_id: 'C-1002', technician_ids: ['Tess', 'Theo'] });
  for (const time of ['08:00', '12:00', '13:00', '14:00'])
    await book(`2026-11-20T${time}`, { contact_id: 'C-1002' });
  const full_name = `<script>window.hit = 1</script>${'W'.repeat(160)}`;
  const { id } = await done(bright.owner, 'contact.create', { full_name });
  hostile = await book('2026-11-19T09:00', { contact_id: id, technician_ids: ['Theo'] });
  at('2026-11-18T09:05:00-06:00');
});

async function openAs(name: string, path: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  await tab.context.addCookies([{ name: 'deskhand_session', value: session(name), url: pages().url }]);
  await tab.page.goto(pages().url + path);
  return tab;
}

const [phone, laptop] = sizes;

describe('the pages of the calendar', () => {
  test.each(sizes)(
    'fit $width × $height, run nothing of strangers, and leave the console quiet',
    async size => {
      for (const name of ['theo', 'olivia']) {
        const { page, complaints } = await openAs(name, '/', { size });
        for (const path of [
          '/',
          '/?date=2026-11-19',
          '/calendar?view=day',
          '/calendar?view=day&date=2026-11-19',
          '/calendar?view=sheet',
          '/calendar?view=week',
          '/calendar?view=month',
          `/tickets/${crew}`,
          `/tickets/${hostile}`,
          ...(name === 'olivia' ? [`/tickets/${hostile}/move?date=2026-11-20&time=08:15`] : []),
        ]) {
          await page.goto(pages().url + path);
          await openFolds(page);
          expect(await overflow(page), `${name} ${path}`).toBe(0);
          expect(await page.locator('h1').count()).toBe(1);
          expect(await page.evaluate('window.hit')).toBeUndefined();
          const small = await page
            .locator(
              'button, .button, .links a, .days a, .people a, .chip a, .month a, .mv, .slot a, select, textarea',
            )
            .evaluateAll(all =>
              all
                // On the hours of a day a mouse points; a finger has the list.
                .filter(each => !each.matches('.track *') || each.ownerDocument.defaultView.innerWidth < 500)
                .filter(each => each.getClientRects().length > 0)
                .filter(each => Math.round(each.getBoundingClientRect().height) < 44)
                .map(each => each.outerHTML),
            );
          expect(small, `${name} ${path}`).toEqual([]);
        }
        expect(complaints).toEqual([]);
      }
    },
  );

  test('a month is seven columns everywhere: visits where there is room, counts on a phone', async () => {
    const mondays = '.month a[href$="11-02"], .month a[href$="11-09"], .month a[href$="11-16"]';
    for (const size of sizes) {
      const { page } = await openAs('olivia', '/calendar?view=month', { size });
      const boxes = await page
        .locator(mondays)
        .evaluateAll(all => all.map(each => Math.round(each.getBoundingClientRect().x)));
      expect(boxes.length).toBe(3);
      expect(new Set(boxes).size).toBe(1);
      expect(await page.getByRole('columnheader', { name: 'Mon' }).isVisible()).toBe(true);
      const busy = page.locator('.month td[data-date="2026-11-20"]');
      // Pressed to a dot for those who see, and still read out.
      expect((await busy.locator('ul').boundingBox())?.width).toSatisfy(
        (width: number) => width > 9 === (size === laptop),
      );
      await page.getByRole('link', { name: '20 4 visits' }).click();
      await page.getByRole('heading', { name: 'Friday, November 20, 2026' }).waitFor();
    }
  });

  test('a week is seven columns on a laptop and one below the other on a phone', async () => {
    const lefts = (tab: Tab) =>
      tab.page
        .locator('section.day')
        .evaluateAll(all => all.map(each => Math.round(each.getBoundingClientRect().x)));
    const wide = await lefts(await openAs('olivia', '/calendar?view=week', { size: laptop }));
    expect(new Set(wide).size).toBe(7);
    expect(wide).toEqual([...wide].sort((a, b) => a - b));
    expect(new Set(await lefts(await openAs('olivia', '/calendar?view=week', { size: phone }))).size).toBe(1);
  });
});

describe('a technician with a phone', () => {
  test('has the close-out of the current visit as the first thing of the header, large enough for a thumb', async () => {
    const { page } = await openAs('theo', '/', { size: phone });
    const quick = page.getByRole('banner').getByRole('link', { name: `Close out ${morning} · Jane Smith` });
    const box = await quick.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box?.width).toBeGreaterThan(300);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await quick.evaluate(link => link === link.ownerDocument.activeElement)).toBe(true);
    await Promise.all([page.waitForURL(`**/close-out/${morning}`), page.keyboard.press('Enter')]);
  });

  test('without JavaScript clocks in on today’s page, out on the page of the visit', async () => {
    const { page } = await openAs('theo', '/', { javaScript: false });
    const visit = page.locator('.visit', { hasText: morning });
    await visit.getByRole('button', { name: 'Clock in' }).click();
    await page.getByText('Clocked in at 9:05 AM.').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/tickets/${morning}`);
    await page.getByText('Your clock runs since 9:05 AM').waitFor();
    at('2026-11-18T10:35:00-06:00');
    await page.getByRole('button', { name: 'Clock out' }).click();
    await page.getByText('Clocked out at 10:35 AM, after 90 min.').waitFor();
    at('2026-11-18T09:05:00-06:00');
  });

  test('with the keyboard alone goes from the day to the month, to a day, to a visit, and clocks in', async () => {
    const { page, complaints } = await openAs('theo', '/');
    const { keyboard } = page;
    await page.getByRole('link', { name: 'Month', exact: true }).focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'November 2026' }).waitFor();
    await page.getByRole('link', { name: '18 2 visits' }).focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Wednesday, November 18, 2026' }).waitFor();
    await page.getByRole('link', { name: '11:00 AM Mrs Hart' }).focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: `Visit ${crew}` }).waitFor();
    await page.getByRole('button', { name: 'Clock in' }).focus();
    await keyboard.press('Enter');
    await page.getByText('Clocked in at 9:05 AM.').waitFor();
    await page.getByRole('button', { name: 'Clock out' }).focus();
    await keyboard.press('Enter');
    await page.getByText('Clocked out at 9:05 AM, after less than a minute.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('who presses a button twice in a hurry is clocked in once', async () => {
    const { page } = await openAs('tess', `/tickets/${crew}`);
    await page.getByRole('button', { name: 'Clock in' }).dblclick();
    await page.getByText('Your clock runs since 9:05 AM').waitFor();
    const { read, bright } = pages();
    const [visit] = await read(bright.owner, 'tickets', { id: crew, include: ['time_entries'] });
    const Tess = bright.people.Tess?.id;
    expect(JSON.stringify(visit?.time_entries).split(`"technician_id":"${Tess}"`)).toHaveLength(2);
  });
});
