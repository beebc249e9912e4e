import { expect, test } from 'vitest';
import { linkOf, useRecordPages } from './record-pages.ts';

// The calendar of one's own phone, from the page to the address and to its end.

const { pages, see, follow, send } = useRecordPages();
const addressIn = (markup: string) => /id="address" value="([^"]+)"/.exec(markup)?.[1] ?? '';

test('a technician gets from the calendar to the address of their own visits, which is shown once', async () => {
  const page = await follow(await see('/calendar', 'theo'), 'Calendar on your phone');
  expect(page.text).toContain('Your visits');
  expect(page.text).not.toContain('All visits');
  const made = await send(page, /^\/calendar\/subscribe$/);
  const address = addressIn(made.markup);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/calendar\/[\w-]{43}\.ics$/);
  // Phones open their calendar by this.
  expect(linkOf(made.markup, 'Open in this device’s calendar')).toBe(address.replace('http:', 'webcal:'));
  const again = await see('/calendar/subscribe', 'theo');
  expect(again.text).toContain('Make a new address');
  expect(again.markup).not.toContain(address.slice(-20));
  const ended = await send(again, /\/end$/);
  expect(ended.path).toBe('/calendar/subscribe');
  expect(ended.text).toContain('This calendar gets nothing more.');
  expect(ended.text).toContain('Make the address');
});

test('the office subscribes to all visits', async () => {
  const page = await see('/calendar/subscribe', 'dana');
  expect(page.text).toContain('All visits');
  expect((await send(page, /^\/calendar\/subscribe$/)).status).toBe(200);
  const forged = await pages().done(pages().bright.owner, 'calendar_feed.create', { covers: 'business' });
  expect(forged.covers).toBe('business');
});

test('the owner sees on the page of a person what calendars read their visits, and ends one', async () => {
  await send(await see('/calendar/subscribe', 'theo'), /^\/calendar\/subscribe$/);
  const theo = String(pages().bright.people.Theo?.id);
  const page = await see(`/people/${theo}`, 'olivia');
  expect(page.text).toContain('Their visits, since');
  const ended = await send(page, /subscribe\/end$/);
  expect(ended.path).toBe(`/people/${theo}`);
  expect(ended.text).toContain('This calendar gets nothing more.');
  expect(ended.text).not.toContain('Their visits, since');
  expect((await see('/calendar/subscribe', 'theo')).text).toContain('Make the address');
  // Dana of the office sees no calendars of others.
  await send(await see('/calendar/subscribe', 'theo'), /^\/calendar\/subscribe$/);
  expect((await see(`/people/${theo}`, 'dana')).text).not.toContain('Their visits, since');
});

test('what calendars show is set with what guards the business, one link from the settings', async () => {
  expect((await see('/settings/security', 'olivia')).markup).toContain('name="calendar_details"');
  expect(linkOf((await see('/settings', 'olivia')).markup, 'Calendar on your phone')).toBe(
    '/calendar/subscribe',
  );
});
