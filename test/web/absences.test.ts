import { describe, expect, test } from 'vitest';
import { formOf, useRecordPages } from './record-pages.ts';

const { pages, see, send } = useRecordPages();

const personPath = (name: string) => `/people/${String(pages().bright.people[name]?.id)}`;

describe('closed days', () => {
  test('are added on the page of the hours, shown on every calendar, and taken out again', async () => {
    const page = await send(await see('/hours'), /^\/absences$/, {
      from: '2026-12-24',
      reason: 'Christmas Eve',
    });
    expect(page.text).toContain('Written down.');
    expect(page.text).toContain('Thu, Dec 24 Christmas Eve');
    // On a phone a day of the month says only that it is closed; the words stand below.
    const month = await see('/calendar?view=month&date=2026-12-24');
    expect(month.text).toContain('Thu, Dec 24 : closed (Christmas Eve)');
    for (const view of ['day', 'week', 'month', 'sheet'])
      expect((await see(`/calendar?view=${view}&date=2026-12-24`)).text).toMatch(
        /Closed(:| \() ?Christmas Eve/,
      );
    expect((await see('/calendar?view=day&date=2026-12-24')).text).not.toContain('Book 9:00 AM');
    expect((await see('/calendar?view=day&date=2026-12-23')).text).toContain('Book 9:00 AM');
    expect((await see('/calendar?view=day&date=2026-12-24', 'theo')).text).toContain(
      'Closed (Christmas Eve)',
    );
    const gone = await send(page, /^\/absences\/remove$/);
    expect(gone.text).toContain('Taken out.');
    expect(gone.text).not.toContain('Christmas Eve');
  });

  test('of the federal holidays of a year are added by one tap', async () => {
    const page = await send(await see('/hours'), /^\/absences\/holidays$/);
    expect(page.text).toContain('Closed on: Thanksgiving Day, Christmas Day.');
    const again = await send(page, /^\/absences\/holidays$/);
    expect(again.text).toContain('They were all there already.');
  });

  test('that are no days are refused beside the field, and nothing typed is lost', async () => {
    const page = await send(await see('/hours'), /^\/absences$/, {
      from: '2026-12-30',
      until: '2026-12-29',
      reason: 'inventory',
    });
    expect(page.status).toBe(400);
    expect(page.markup).toContain('id="until_problem"');
    expect(formOf(page.markup, /^\/absences$/).fields).toMatchObject({
      from: '2026-12-30',
      reason: 'inventory',
    });
  });
});

describe('somebody of the crew', () => {
  test('is away for some days or hours, as their page and the calendar say', async () => {
    const page = await send(await see(personPath('Theo'), 'olivia'), /^\/absences$/, {
      from: '2026-12-01',
      until: '2026-12-04',
      kind: 'vacation',
      reason: 'skiing',
    });
    expect(page.text).toContain('Tue, Dec 1 – Fri, Dec 4 vacation: skiing');
    const some = await send(page, /^\/absences$/, {
      from: '2026-12-07',
      from_time: '09:00',
      until_time: '11:30',
      kind: 'away',
      reason: 'dentist',
    });
    expect(some.text).toContain('Mon, Dec 7, 9:00 AM – 11:30 AM dentist');
    const day = (await see('/calendar?view=day&date=2026-12-02')).text;
    expect(day).toContain('Theo is away until Fri, Dec 4 (vacation: skiing)');
    expect((await see('/calendar?view=week&date=2026-12-02')).text).toContain('Away until Fri, Dec 4');
    expect((await see('/calendar?view=month&date=2026-12-02')).text).toContain('Theo away');
    const hours = (await see('/calendar?view=sheet&date=2026-12-07')).text;
    expect(hours).toContain('Theo is away, 9:00 AM to 11:30 AM (dentist)');
    // Their own, and nobody else's.
    expect((await see('/calendar?view=day&date=2026-12-02', 'theo')).text).toContain('Theo is away');
  });

  test('works other hours than the business, until they work as everybody does', async () => {
    const path = personPath('Tess');
    const page = await send(await see(path, 'olivia'), /\/hours$/, {
      fri_from_0: '',
      fri_to_0: '',
      mon_to_0: '12:00',
    });
    expect(page.text).toContain('Monday 8:00 AM – 12:00 PM');
    expect(page.text).toContain('Friday closed');
    const { rows } = await pages().database.owner.query<{ working_hours: unknown }>(
      "select working_hours from members where name = 'Tess' and email like '%brightpanes%'",
    );
    expect(rows).toEqual([{ working_hours: { fri: [], mon: [['08:00', '12:00']] } }]);
    const wrong = await send(page, /\/hours$/, { tue_from_0: '17:00', tue_to_0: '09:00' });
    expect(wrong.markup).toContain('id="tue_problem"');
    const back = await send(page, /\/hours$/, { as_business: 'yes' });
    expect(back.text).toContain('As the business is open.');
  });
});
