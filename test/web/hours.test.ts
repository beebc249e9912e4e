import { expect, test } from 'vitest';
import { factsOf, formOf, useRecordPages } from './record-pages.ts';

const { pages, see, send } = useRecordPages();
const stored = async () =>
  (await pages().read(pages().bright.owner, 'organization'))[0]?.business_hours as unknown;

test('the hours are set day by day, with a break, and the answer says what changed and nothing else', async () => {
  const page = await see('/hours', 'olivia');
  expect(formOf(page.markup, /^\/hours$/).fields).toMatchObject({
    mon_from_0: '08:00',
    mon_to_0: '17:00',
    sat_from_0: '',
  });
  const saved = await send(page, /^\/hours$/, {
    sat_from_0: '09:00',
    sat_to_0: '12:00',
    fri_to_0: '12:00',
    fri_from_1: '13:00',
    fri_to_1: '00:00',
  });
  expect(saved.text).toContain(
    'Saved. Friday: 8:00 AM – 5:00 PM → 8:00 AM – 12:00 PM, 1:00 PM – midnight; Saturday: closed → 9:00 AM – 12:00 PM.',
  );
  expect(await stored()).toMatchObject({
    mon: [['08:00', '17:00']],
    fri: [
      ['08:00', '12:00'],
      ['13:00', '24:00'],
    ],
    sat: [['09:00', '12:00']],
  });
  expect((await send(saved, /^\/hours$/)).text).toContain('Nothing was different.');
});

test('what somebody else changed meanwhile stays', async () => {
  const page = await see('/hours', 'olivia');
  await pages().done(pages().bright.owner, 'organization.update_settings', {
    business_hours: { tue: [['10:00', '16:00']] },
  });
  await send(page, /^\/hours$/, { wed_to_0: '15:00' });
  expect(await stored()).toMatchObject({ tue: [['10:00', '16:00']], wed: [['08:00', '15:00']] });
});

test('what is no time is said beside its day, and nothing typed is lost', async () => {
  const page = await send(await see('/hours', 'olivia'), /^\/hours$/, {
    thu_from_0: '17:00',
    thu_to_0: '08:00',
    sun_from_0: '10:00',
    sun_to_0: '11:00',
  });
  expect(page.status).toBe(400);
  expect(page.markup).toMatch(/id="thu_problem" role="alert">Give a time from and a later time to/);
  expect(formOf(page.markup, /^\/hours$/).fields).toMatchObject({
    thu_from_0: '17:00',
    thu_to_0: '08:00',
    sun_from_0: '10:00',
  });
  expect(await stored()).toMatchObject({ thu: [['08:00', '17:00']], sun: [] });
});

test('the office reads them, and a technician has no such page', async () => {
  const page = await see('/hours', 'dana');
  expect(factsOf(page.markup)).toMatchObject({ Monday: '8:00 AM – 5:00 PM', Sunday: 'closed' });
  expect(page.markup).not.toContain('action="/hours"');
  expect((await see('/hours', 'theo')).status).toBe(404);
  const session = await pages().signIn('dana@brightpanes.example');
  const form = { csrf_token: '', mon_from_0: '', mon_to_0: '' };
  expect((await pages().send('/hours', { session, form })).status).toBe(403);
});
