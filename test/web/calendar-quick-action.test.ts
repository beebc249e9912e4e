import { beforeAll, describe, expect, test } from 'vitest';
import { storyTime } from '../support/office.ts';
import { useCalendarPages } from './calendar-pages.ts';

const { pages, at, see, post, book } = useCalendarPages();

/** What the header of a page offers first, if it offers to close something out. */
const quickOf = (markup: string): string | undefined => {
  const [, href, label] =
    /<header>\s*<a class="button quick" href="([^"]+)">([\s\S]*?)<\/a>/.exec(markup) ?? [];
  return href && `${href} ${label?.replace(/<[^>]+>/g, '')}`;
};

const quick = async (path: string, name?: string) => quickOf((await see(path, name)).markup);

describe('the header of a technician', () => {
  beforeAll(async () => {
    at('2026-11-17T08:00:00-06:00');
    await book('2026-11-18T09:00', { technician_ids: ['Theo'] });
    await book('2026-11-18T11:00', { contact_id: 'C-1002', technician_ids: ['Theo', 'Tess'] });
    await book('2026-11-18T14:00', { technician_ids: ['Theo'] });
  });

  test.each([
    ['the evening before', '2026-11-17T20:00:00-06:00', undefined],
    ['early', '2026-11-18T06:00:00-06:00', 'T-2001 · Jane Smith'],
    ['at nine', '2026-11-18T09:00:00-06:00', 'T-2001 · Jane Smith'],
    ['at half past ten', '2026-11-18T10:30:00-06:00', 'T-2001 · Jane Smith'],
    ['at eleven', '2026-11-18T11:00:00-06:00', 'T-2002 · Mrs Hart'],
    ['at two', '2026-11-18T14:00:00-06:00', 'T-2003 · Jane Smith'],
    ['at night', '2026-11-18T23:59:00-06:00', 'T-2003 · Jane Smith'],
    ['the day after', '2026-11-19T00:00:00-06:00', undefined],
  ])('%s leads to the close-out of the visit that is now', async (_when, local, expected) => {
    at(local);
    const offered = expected && `/close-out/${expected.slice(0, 6)} Close out ${expected}`;
    for (const path of ['/', '/calendar?view=week', '/tickets/T-2002', '/passkeys', '/nope', '/contacts'])
      expect(await quick(path), path).toBe(offered);
  });

  test('follows the clock, and what is closed', async () => {
    at('2026-11-18T14:10:00-06:00');
    await post('/tickets/T-2001/clock-in', { ago: '3600' });
    expect(await quick('/')).toBe('/close-out/T-2001 Close out T-2001 · Jane Smith');
    const { done, bright } = pages();
    const ending = { duration_minutes: 60, notes: '', next_service: 'no' };
    await done(bright.owner, 'ticket.close', { ticket_id: 'T-2001', ...ending });
    expect(await quick('/')).toBe('/close-out/T-2003 Close out T-2003 · Jane Smith');
    expect(await quick('/', 'tess')).toBe('/close-out/T-2002 Close out T-2002 · Mrs Hart');
  });

  test('shows the name of a customer as text, however long', async () => {
    const { done, bright } = pages();
    const full_name = `<b onclick="x">${'W'.repeat(100)}`;
    const { id } = await done(bright.owner, 'contact.create', { full_name });
    at('2026-11-30T08:00:00-06:00');
    const reference = await book('2026-11-30T09:00', { contact_id: id, technician_ids: ['Theo'] });
    const { markup } = await see('/');
    expect(markup).toContain(
      `Close out ${reference} · <bdi>&lt;b onclick=&quot;x&quot;&gt;${'W'.repeat(45)}… (55 more characters)</bdi></a>`,
    );
  });
});

describe('the header of the office', () => {
  test('has it for an owner who goes to visits, on the pages of visits', async () => {
    const { done, bright } = pages();
    await done(bright.owner, 'member.update', { member_id: bright.people.Olivia?.id, is_bookable: true });
    at('2026-12-02T08:00:00-06:00');
    const reference = await book('2026-12-02T09:00', { technician_ids: ['Olivia'] });
    const offered = `/close-out/${reference} Close out ${reference} · Jane Smith`;
    const everywhere = ['/', '/calendar', '/calendar?view=month', `/tickets/${reference}`];
    for (const path of everywhere) expect(await quick(path, 'olivia'), path).toBe(offered);
    for (const path of ['/contacts', '/outbox', '/search'])
      expect(await quick(path, 'olivia'), path).toBeUndefined();
    for (const path of everywhere) expect(await quick(path, 'dana'), path).toBeUndefined();
    at(storyTime);
  });
});
