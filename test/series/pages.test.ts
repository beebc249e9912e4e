import { expect, test } from 'vitest';
import { factsOf, formOf, useRecordPages } from '../web/record-pages.ts';

// Visits that come again, by the pages alone: booked, changed in words, one date left out, ended.

const { see, send, follow } = useRecordPages();

test('a visit that comes again is booked with the others, and what nobody understands is asked again', async () => {
  const form = await see('/book?contact=C-1001&date=2026-12-02&time=09:00');
  const unclear = await send(form, /^\/book$/, { repeat: 'now and then', step: 'book' });
  expect([unclear.status, unclear.text]).toEqual([400, expect.stringContaining('Nobody can tell from this')]);
  const booked = await send(unclear, /^\/book$/, { repeat: 'every 6 weeks', step: 'book' });
  expect(booked.text).toMatch(/Booked for Wed, Dec 2, 2026, 9:00 AM, and again every 6 weeks\. T\w+ goes\./);
  const unplaced = await see('/book?contact=C-1001&date=2026-12-03&time=09:00');
  const nobody = await send(unplaced, /^\/book$/, { technician: '', repeat: 'every month', step: 'book' });
  expect(nobody.path).toBe('/records/series/SER-2');
  expect(nobody.text).toContain('Booked for Thu, Dec 3, 2026, 9:00 AM, and again every month.');
});

test('its rule is read and typed in words, and a rule of a calendar is taken as well', async () => {
  const edit = await see('/records/series/SER-1/edit');
  expect(formOf(edit.markup, /edit$/).fields.rule).toBe('every 6 weeks');
  const saved = await send(edit, /edit$/, { rule: 'every 8 weeks on Thursdays' });
  expect(factsOf(saved.markup).Repeats).toBe('every 8 weeks on Thursday');
  const again = await send(await follow(saved, 'Edit'), /edit$/, { rule: 'FREQ=WEEKLY;INTERVAL=4' });
  expect(factsOf(again.markup).Repeats).toBe('every 4 weeks');
});

test('one date is left out and the others stay, and from a day on there are none any more', async () => {
  const series = await see('/records/series/SER-1');
  const skip = await follow(series, 'Leave out one date');
  const [, , second = ''] = /<option value="([^"]+)".*?<option value="([^"]+)"/s.exec(skip.markup) ?? [];
  const skipped = await send(skip, /skip$/, { on: second, reason: 'on holiday' });
  expect(skipped.text).toContain('This date is left out. The others stay.');
  const end = await follow(skipped, 'End it');
  const early = await send(end, /end$/, { from: 'soon' });
  expect([early.status, early.markup]).toEqual([expect.any(Number), expect.stringContaining('role="alert"')]);
  const ended = await send(await follow(skipped, 'End it'), /end$/, { from: '2027-03-01' });
  expect(ended.text).toContain('The visits from then on are cancelled.');
  expect(factsOf(ended.markup).Ends).toContain('Feb 28, 2027');
  const over = await send(await see('/series/SER-1/end'), /end$/, {});
  expect(over.text).not.toContain('Leave out one date');
  expect((await see('/series/SER-1/skip')).text).toContain('These visits have ended already.');
  expect((await see('/series/SER-1/skip', 'theo')).status).toBe(404);
});
