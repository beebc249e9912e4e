import { beforeAll, describe, expect, test } from 'vitest';
import { axeByDayAndNight } from '../support/axe.ts';
import { sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { tellBusyWeek } from './busy-week.ts';
import { costOf, dragVisit, useCalendarPages } from './calendar-pages.ts';

const { pages, at, book, session } = useCalendarPages();
const openTab = useBrowser();
const [, laptop] = sizes;

beforeAll(async () => {
  at('2026-11-14T08:00:00-06:00');
  expect(await tellBusyWeek(pages())).toBe(30);
  at('2026-11-18T11:20:00-06:00');
});

async function openAs(name: string, path: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab({ size: laptop, ...options });
  await tab.context.addCookies([{ name: 'deskhand_session', value: session(name), url: pages().url }]);
  await tab.page.goto(pages().url + path);
  return tab;
}

const visitNow = async (id: string) => {
  const [visit] = await pages().read(pages().bright.owner, 'tickets', { id, include: ['technicians'] });
  return { at: visit?.scheduled_at, who: visit?.technicians };
};
const idOf = (name: string): string => pages().bright.people[name]?.id ?? '';

const drag = ({ page }: Tab, reference: string, name: string, hour: string): Promise<void> =>
  dragVisit(page, reference, { technician: idOf(name), hour });

describe('a visit that is dragged with the mouse', () => {
  test('asks first what it would do, then stands where it was dropped, and one button takes it back', async () => {
    const reference = await book('2026-11-23T10:00', { technician_ids: ['Tess'], duration_minutes: 60 });
    const tab = await openAs('olivia', '/calendar?view=day&date=2026-11-23');
    await drag(tab, reference, 'Theo', '14:00');
    const panel = tab.page.getByRole('dialog', { name: 'Move Jane Smith?' });
    await panel.getByText('Mon, Nov 23, 2026, 2:00 PM').waitFor();
    expect(await panel.innerText()).toMatch(
      /From\s+Mon, Nov 23, 2026, 10:00 AM\s+Tess\s+To\s+Mon, Nov 23, 2026, 2:00 PM\s+Theo/,
    );
    expect((await visitNow(reference)).who).toMatchObject([{ name: 'Tess' }]);
    await panel.getByRole('button', { name: 'Move' }).click();
    await tab.page.getByText(`Jane Smith (${reference}) is now Mon, Nov 23, 2026, 2:00 PM, Theo.`).waitFor();
    expect(await visitNow(reference)).toMatchObject({
      at: '2026-11-23T20:00:00.000Z',
      who: [{ name: 'Theo' }],
    });
    await tab.page.getByRole('button', { name: 'Undo' }).click();
    await tab.page.getByText('Taken back.').waitFor();
    expect(await visitNow(reference)).toMatchObject({
      at: '2026-11-23T16:00:00.000Z',
      who: [{ name: 'Tess' }],
    });
    expect(tab.complaints).toEqual([]);
  });

  test('stays where it is when that is wished, and when somebody is busy there says who and offers what is free', async () => {
    const reference = await book('2026-11-24T09:00', { technician_ids: ['Tess'], duration_minutes: 60 });
    await book('2026-11-24T13:00', { contact_id: 'C-1002', technician_ids: ['Theo'], duration_minutes: 60 });
    const tab = await openAs('olivia', '/calendar?view=day&date=2026-11-24');
    await drag(tab, reference, 'Theo', '13:00');
    const panel = tab.page.getByRole('dialog');
    await panel.getByText('Theo is with Mrs Hart from 1:00 PM to 2:00 PM').waitFor();
    expect(await panel.getByRole('button', { name: 'Move' }).count()).toBe(0);
    await panel.getByRole('link', { name: 'Tue, Nov 24, 2026, 2:00 PM' }).click();
    await panel.getByRole('link', { name: 'Keep it where it is' }).click();
    await panel.waitFor({ state: 'hidden' });
    expect((await visitNow(reference)).at).toBe('2026-11-24T15:00:00.000Z');
  });

  test('on the week goes to another day and keeps its time', async () => {
    const reference = await book('2026-11-25T09:00', { technician_ids: ['Tess'] });
    const tab = await openAs('olivia', '/calendar?view=week&date=2026-11-25');
    const cell = tab.page.locator(`.cell[data-date="2026-11-27"][data-who="${idOf('Theo')}"]`);
    await tab.page.locator(`[data-move="${reference}"]`).dragTo(cell);
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
    await tab.page.getByText('is now Fri, Nov 27, 2026, 9:00 AM, Theo.').waitFor();
    expect(new URL(tab.page.url()).search).toBe('?view=week&date=2026-11-27');
  });

  test('can be taken back for ten seconds, then what was said stands there alone', async () => {
    const reference = await book('2026-11-30T09:00', { technician_ids: ['Tess'] });
    const tab = await openAs('olivia', `/tickets/${reference}/move?date=2026-11-30&time=10:00`);
    await tab.page.clock.install();
    await tab.page.getByRole('button', { name: 'Move', exact: true }).click();
    const undo = tab.page.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    await tab.page.clock.fastForward(9_000);
    expect(await undo.count()).toBe(1);
    await tab.page.clock.fastForward(2_000);
    await undo.waitFor({ state: 'detached' });
  });
});

describe('without JavaScript', () => {
  test('a visit is found, moved and taken back with the keyboard alone', async () => {
    const reference = await book('2026-12-01T09:00', { technician_ids: ['Tess'] });
    const { page } = await openAs('olivia', '/calendar?view=day&date=2026-12-01', { javaScript: false });
    await page.locator(`a[href="/tickets/${reference}"]`).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Where to?' }).waitFor();
    await page.getByLabel('Time').fill('15:00');
    await page.getByRole('checkbox', { name: 'Tess', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'Theo', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Move', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('is now Tue, Dec 1, 2026, 3:00 PM, Theo.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Taken back.').waitFor();
    expect(await visitNow(reference)).toMatchObject({
      at: '2026-12-01T15:00:00.000Z',
      who: [{ name: 'Tess' }],
    });
  });
});

describe('the grid of a day', () => {
  const box = async (tab: Tab, selector: string) => {
    const found = await tab.page.locator(selector).first().boundingBox();
    if (!found) throw new Error(`nothing is shown of ${selector}`);
    return found;
  };

  test('draws length as height, puts what overlaps side by side, and a line where now is', async () => {
    const tab = await openAs('olivia', '/calendar?view=day');
    const hour = (await box(tab, '.hours li')).height;
    // Tess from eight to half past ten; Theo an hour and a half from eight.
    const long = await box(tab, `[data-who="${idOf('Tess')}"] .ev.h8`);
    const short = await box(tab, `[data-who="${idOf('Theo')}"] .ev.h8`);
    expect(Math.round((long.height / hour) * 10)).toBe(25);
    expect(Math.round((short.height / hour) * 10)).toBe(15);
    expect(Math.round(long.y)).toBe(Math.round(short.y));
    const [one, other] = [await box(tab, '.nobody .ev.p0'), await box(tab, '.nobody .ev.p1')];
    expect(one.x + one.width).toBeLessThanOrEqual(other.x + 1);
    expect(Math.round(((other.y - one.y) / hour) * 10)).toBe(5);
    const line = await box(tab, '.now');
    expect(Math.abs((line.y - long.y) / hour - 10 / 3)).toBeLessThan(0.05);
    const names = await tab.page.locator('.col h2 bdi').allInnerTexts();
    expect(names).toEqual(['Unassigned', 'Luis Ortega', 'Mary Ann Smith', 'Nadia Karim', 'Tess', 'Theo']);
  });

  test('is a list with its gaps on a phone', async () => {
    const tab = await openAs('olivia', '/calendar?view=day', { size: sizes[0] });
    const gap = tab.page.getByRole('link', { name: '2 h 30 min free Book 11:30 AM' });
    expect((await gap.boundingBox())?.width).toBeGreaterThan(250);
    expect(await tab.page.getByText('Book 12:00 PM').first().isVisible()).toBe(false);
    expect(await tab.page.locator('.hours').isVisible()).toBe(false);
  });

  test('is a sheet for each technician on paper, with phone and address and nothing to press', async () => {
    const tab = await openAs('olivia', '/calendar?view=day');
    await tab.page.emulateMedia({ media: 'print' });
    const seen = await tab.page.locator('main').innerText();
    expect(seen).toContain('(256) 555-0105 47 Main Street, Athens, AL');
    expect(seen).not.toMatch(/Book|Move|free\n|Everybody/);
    const breaks = await tab.page
      .locator('.col')
      .evaluateAll(all => all.map(each => each.ownerDocument.defaultView.getComputedStyle(each).breakBefore));
    expect(breaks.filter(each => each === 'page').length).toBe(5);
  });

  test.each(['day', 'week', 'month', 'sheet'])(
    '%s has nothing that axe finds wrong, by day and at night',
    async view => {
      for (const size of sizes) {
        const tab = await openAs('olivia', `/calendar?view=${view}`, { size });
        expect(await axeByDayAndNight(tab.page)).toEqual([]);
      }
    },
  );

  test.each(['day', 'week', 'month', 'sheet'])(
    'with thirty visits this week the %s takes at most 8 KB, and 20 KB the first time with all it loads',
    async view => {
      const cookie = `deskhand_session=${session('olivia')}`;
      const { page, everything } = await costOf(pages(), `/calendar?view=${view}`, cookie, 'gzip');
      expect(page).toBeLessThanOrEqual(8 * 1024);
      expect(everything).toBeLessThanOrEqual(20 * 1024);
    },
  );
});
