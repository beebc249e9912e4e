import { expect, test } from 'vitest';
import { mainOf, useCalendarPages } from './calendar-pages.ts';

const { see, book, post } = useCalendarPages();

test('the day says that visits of one time have nobody yet, on both its pages, and not to a technician', async () => {
  await book('2026-11-20T09:00');
  await book('2026-11-20T10:30', { technician_ids: ['Theo'] });
  for (const path of ['/calendar?date=2026-11-20', '/?date=2026-11-20']) {
    expect((await see(path, 'dana')).text).not.toContain('have nobody yet');
  }
  await book('2026-11-20T09:00');
  await book('2026-11-20T13:00', { duration_minutes: 60 });
  await book('2026-11-20T13:30');
  await book('2026-11-20T13:45', { technician_ids: ['Tess'] });
  for (const path of ['/calendar?date=2026-11-20', '/?date=2026-11-20']) {
    const { markup } = await see(path, 'dana');
    expect(mainOf(markup)).toContain(
      '2 visits at 9:00 AM have nobody yet. 2 visits between 1:00 PM and 2:00 PM have nobody yet, and are at the same time.',
    );
    expect((await see(path)).text).not.toContain('have nobody yet');
  }
});

test('whoever books or moves one on the pages is told at once', async () => {
  const first = await book('2026-11-23T09:00');
  const form = {
    contact: 'C-1001',
    address: 'A-1001',
    date: '2026-11-23',
    time: '09:00',
    technician: '',
    minutes: '30',
    step: 'book',
  };
  const { text, refused } = await post('/book', form, 'dana');
  expect({ text, refused }).toMatchObject({ refused: false });
  expect(text).toContain(`it is not the only one then: ${first} at 9:00 AM has nobody either.`);
});
