import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { formOf, mainOf, useCalendarPages } from './calendar-pages.ts';

const { pages, at, see, post, book } = useCalendarPages();

beforeAll(async () => {
  const { done, bright } = pages();
  at('2026-11-16T08:00:00-06:00');
  await done(as(bright, 'Dana'), 'contact.update', { contact_id: 'C-1001', email: 'jane@example.com' });
});

const idOf = (name: string): string => pages().bright.people[name]?.id ?? '';

/** Everything a form of the page would send, hidden fields and ticks as they stand. */
function fieldsOf(markup: string, action: string): Record<string, string> {
  const form = markup.split('<form').find(part => part.includes(`method="post" action="${action}"`)) ?? '';
  const own = form.split('</form>')[0] ?? '';
  const hidden = [...own.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return {
    ...formOf(markup, action),
    ...Object.fromEntries(hidden.map(([, name, value = '']) => [name, value.replaceAll('&amp;', '&')])),
  };
}

/** Asks where a visit would go, presses *Move*, and answers the page that comes then. */
async function move(
  reference: string,
  wish: Record<string, string>,
  name = 'dana',
  more: Record<string, string> = {},
) {
  const path = `/tickets/${reference}/move`;
  const page = await see(`${path}?${new URLSearchParams(wish)}`, name);
  return post(path, { ...fieldsOf(page.markup, path), ...more }, name);
}

const visitNow = async (id: string) => {
  const [visit] = await pages().read(pages().bright.owner, 'tickets', { id, include: ['technicians'] });
  return { at: visit?.scheduled_at, who: visit?.technicians };
};

describe('moving a visit by links and forms', () => {
  test('says from when and whom to when and whom before anything moves', async () => {
    const reference = await book('2026-11-24T10:00', { technician_ids: ['Tess'] });
    const { markup } = await see(
      `/tickets/${reference}/move?date=2026-11-25&time=09:00&technician=${idOf('Theo')}`,
      'dana',
    );
    expect(mainOf(markup)).toContain(
      'From Tue, Nov 24, 2026, 10:00 AM Tess To Wed, Nov 25, 2026, 9:00 AM Theo Tell Jane Smith by mail to jane@example.com Move Keep it where it is',
    );
    expect(markup).not.toMatch(/name="notify"[^>]*checked/);
    expect((await visitNow(reference)).at).toBe('2026-11-24T16:00:00.000Z');
  });

  test('moves it, leads back to the day it is on now, and takes it back by a button there', async () => {
    const reference = await book('2026-11-24T13:00', { technician_ids: ['Tess'] });
    const moved = await move(reference, { date: '2026-11-25', time: '10:30', technician: idOf('Theo') });
    expect(moved.location).toBe('/calendar?view=day&date=2026-11-25');
    expect(moved.text).toContain(`Jane Smith (${reference}) is now Wed, Nov 25, 2026, 10:30 AM, Theo.`);
    expect(await visitNow(reference)).toMatchObject({
      at: '2026-11-25T16:30:00.000Z',
      who: [{ name: 'Theo' }],
    });
    const undone = await post('/undo', fieldsOf(moved.markup, '/undo'), 'dana');
    expect(undone.location).toBe('/calendar?view=day&date=2026-11-25');
    expect(await visitNow(reference)).toMatchObject({
      at: '2026-11-24T19:00:00.000Z',
      who: [{ name: 'Tess' }],
    });
  });

  test('tells the customer when that is ticked, and nobody otherwise', async () => {
    const { newestMail } = pages();
    const reference = await book('2026-11-26T13:00');
    await move(reference, { date: '2026-11-27' });
    expect(await newestMail('jane@example.com')).toBeUndefined();
    await move(reference, { date: '2026-11-30' }, 'dana', { notify: '1' });
    expect(await newestMail('jane@example.com')).toContain(
      'is moved: we have you down for Monday, November 30 at 1:00 PM',
    );
  });

  test('takes one of two technicians off and sends another in their place; the other still goes', async () => {
    const reference = await book('2026-12-01T08:00', { technician_ids: ['Tess', 'Theo'] });
    await pages().done(pages().bright.owner, 'member.update', {
      member_id: idOf('Olivia'),
      is_bookable: true,
    });
    await move(reference, { technician: idOf('Olivia'), instead: idOf('Tess') });
    expect((await visitNow(reference)).who).toMatchObject([{ name: 'Olivia Bright' }, { name: 'Theo' }]);
    await move(reference, { technician: 'none', instead: idOf('Olivia') });
    expect((await visitNow(reference)).who).toMatchObject([{ name: 'Theo' }]);
    await move(reference, { technician: 'none' });
    expect((await visitNow(reference)).who).toEqual([]);
    await pages().done(pages().bright.owner, 'member.update', {
      member_id: idOf('Olivia'),
      is_bookable: false,
    });
  });

  test('by the form chooses day, time, length and who goes, nobody too', async () => {
    const reference = await book('2026-12-01T11:00', { technician_ids: ['Tess'] });
    const path = `/tickets/${reference}/move`;
    expect(mainOf((await see(path, 'dana')).markup)).toContain(
      'It is Tue, Dec 1, 2026, 11:00 AM, Tess. Free next: Mon, Nov 16, 2026, 8:00 AM Mon, Nov 16, 2026, 12:00 PM Tue, Nov 17, 2026, 8:00 AM',
    );
    const both = `who=${idOf('Tess')}&who=${idOf('Theo')}`;
    const asked = await see(`${path}?asked=1&date=2026-12-01&time=12:00&minutes=90&${both}`, 'dana');
    expect(mainOf(asked.markup)).toContain('To Tue, Dec 1, 2026, 12:00 PM Tess, Theo, 90 min');
    const nobody = await see(`${path}?asked=1&date=2026-12-01&time=12:00&minutes=90`, 'dana');
    expect(mainOf(nobody.markup)).toContain('To Tue, Dec 1, 2026, 12:00 PM nobody yet, 90 min');
  });

  test('says who is busy with whom until when, and offers times that are free', async () => {
    const busy = await book('2026-12-02T13:00', { contact_id: 'C-1002', technician_ids: ['Theo'] });
    const reference = await book('2026-12-02T09:00', { technician_ids: ['Tess'] });
    const path = `/tickets/${reference}/move`;
    const { markup } = await see(`${path}?date=2026-12-02&time=12:45&technician=${idOf('Theo')}`, 'dana');
    expect(mainOf(markup)).toContain(
      `Theo is with Mrs Hart from 1:00 PM to 1:30 PM (${busy}). Free instead: Wed, Dec 2, 2026, 1:30 PM`,
    );
    expect(markup).not.toContain('<button autofocus>Move');
    const free = /data-panel href="([^"]+)"/.exec(markup)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(mainOf((await see(free, 'dana')).markup)).toContain('To Wed, Dec 2, 2026, 1:30 PM Theo Tell');
  });

  test('says that a time is outside the opening hours, and moves it there all the same', async () => {
    const reference = await book('2026-12-03T09:00');
    const wish = { date: '2026-12-05', time: '19:00' };
    const { text } = await see(`/tickets/${reference}/move?${new URLSearchParams(wish)}`, 'dana');
    expect(text).toContain('Sat, Dec 5, 2026, 7:00 PM is outside your hours. You are closed on Saturdays.');
    await move(reference, wish);
    expect((await visitNow(reference)).at).toBe('2026-12-06T01:00:00.000Z');
  });

  test('of two at once the second sees what the first did, and loses nothing of what was chosen', async () => {
    const reference = await book('2026-12-07T09:00', { technician_ids: ['Tess'] });
    const path = `/tickets/${reference}/move`;
    const first = await see(`${path}?date=2026-12-08&time=10:00`, 'dana');
    const second = await see(`${path}?date=2026-12-09&time=11:00`, 'olivia');
    await post(path, fieldsOf(first.markup, path), 'dana');
    const late = await post(path, fieldsOf(second.markup, path), 'olivia');
    expect([late.refused, late.status]).toEqual([true, 409]);
    expect(late.text).toContain('Somebody moved this visit while you were looking.');
    expect(mainOf(late.markup)).toContain(
      'From Tue, Dec 8, 2026, 10:00 AM Tess To Wed, Dec 9, 2026, 11:00 AM Tess',
    );
    expect((await visitNow(reference)).at).toBe('2026-12-08T16:00:00.000Z');
  });

  test('pressed twice in a hurry moves it once', async () => {
    const reference = await book('2026-12-10T09:00');
    const path = `/tickets/${reference}/move`;
    const form = fieldsOf((await see(`${path}?date=2026-12-11`, 'dana')).markup, path);
    const answers = [await post(path, form, 'dana'), await post(path, form, 'dana')];
    expect(answers.map(({ refused }) => refused)).toEqual([false, false]);
  });

  test('is for the office: a technician is told so, and is shown no way to it', async () => {
    const reference = await book('2026-12-14T09:00', { technician_ids: ['Theo'] });
    expect((await see(`/tickets/${reference}/move`, 'theo')).status).toBe(404);
    expect((await post(`/tickets/${reference}/move`, { date: '2026-12-15' }, 'theo')).status).toBe(404);
    expect((await see(`/tickets/${reference}/move`, 'dana')).status).toBe(200);
    expect((await see('/calendar?view=day&date=2026-12-14', 'theo')).markup).not.toContain('/move');
    expect((await see('/calendar?view=day&date=2026-12-14', 'dana')).markup).toContain(
      `/tickets/${reference}/move`,
    );
  });

  test('of a visit that is over, or of another business, leads nowhere and says why', async () => {
    const reference = await book('2026-12-15T09:00');
    await pages().done(pages().bright.owner, 'ticket.cancel', { ticket_id: reference });
    const gone = await see(`/tickets/${reference}/move`, 'dana');
    expect([gone.status, mainOf(gone.markup)]).toEqual([
      409,
      expect.stringContaining('is cancelled: it cannot be moved any more.'),
    ]);
    expect((await see(`/tickets/${reference}/move`, 'carla')).status).toBe(404);
    expect((await see('/tickets/T-9999/move', 'dana')).status).toBe(404);
  });

  test('is not led astray by what is no day, no time and nobody', async () => {
    const reference = await book('2026-12-16T09:00', { technician_ids: ['Tess'] });
    const odd = { date: '2026-02-30', time: '25:00', minutes: '-5', who: '<script>', view: '//evil.example' };
    const { status, markup } = await see(`/tickets/${reference}/move?${new URLSearchParams(odd)}`, 'dana');
    expect(status).toBe(200);
    expect(markup).not.toContain('evil.example');
    expect(mainOf(markup)).toContain('To Wed, Dec 16, 2026, 9:00 AM nobody yet');
    expect(pages().defects).toEqual([]);
  });
});
