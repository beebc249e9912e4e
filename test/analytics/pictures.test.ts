import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, test } from 'vitest';
import { drawBars } from '../../core/analytics/chart.ts';
import { pictures } from '../../core/analytics/pictures.ts';
import { wholeMoney } from '../../core/analytics/short-money.ts';
import { createResources } from '../../mcp/resources/index.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { setRows } from './rows.ts';

// The figures as pictures that a client of an agent shows: drawn by the server, with the amounts in words.

const panes = useBrightPanes();
let house = '';

beforeEach(async () => {
  const { setClock, read, done, olivia, bright } = panes();
  setClock(storyTime);
  const [jane] = await read(olivia, 'contacts', { id: 'C-1001', fields: ['id'] });
  if (house === '')
    house = String(
      (await done(olivia, 'address.create', { contact_id: 'C-1001', line1: '1 Elm', city: '<script>x' })).id,
    );
  const at = (day: string) =>
    Temporal.PlainDateTime.from(`${day}T09:00`).toZonedDateTime('America/Chicago').toInstant().toString();
  const contact_id = String(jane?.id);
  const visits = [
    ['2024-01-08', 100],
    ['2025-11-05', 50_000],
    ['2026-10-05', 90_000],
    ['2026-11-05', 56_000],
  ].map(([day, cents]) => ({
    contact_id,
    address_id: house,
    scheduled_at: at(String(day)),
    cents: Number(cents),
  }));
  await setRows(panes(), bright.id, {
    visits,
    bills: [{ contact_id, status: 'sent', issued_on: '2026-11-03', due_on: '2026-11-10', cents: 12_300 }],
    paid: [{ contact_id, at: '2026-11-03T12:00:00Z', cents: 4_500 }],
  });
});

const see = (name: string) =>
  createResources(panes().app).read(`deskhand://figures/${name}`, {
    credential: panes().bright.agent.key,
    request_id: 'pictures',
    signal: new AbortController().signal,
  });

/** Whether every tag is closed, in order. */
function isClosed(svg: string): boolean {
  const open: string[] = [];
  for (const [, end, name = '', own] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
    if (own === '/') continue;
    if (end === '/') {
      if (open.pop() !== name) return false;
    } else open.push(name);
  }
  return open.length === 0 && !/<(?!\/?[a-z])/i.test(svg);
}

describe('a client that shows pictures', () => {
  test('gets one of each analysis, small, and whole as a file of its own', async () => {
    const { list } = createResources(panes().app);
    const listed = list.filter(({ mimeType }) => mimeType === 'image/svg+xml').map(({ uri }) => uri);
    expect(listed).toHaveLength(pictures.length);
    for (const { name } of pictures) {
      const { text = '', mimeType } = (await see(name)) ?? {};
      expect(mimeType).toBe('image/svg+xml');
      expect(text, name).toMatch(/^<svg .*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(isClosed(text), name).toBe(true);
      expect(text.length).toBeLessThan(13_312);
      expect(text).not.toContain('<script');
    }
  });

  test('reads in it the very amounts of the list, and what they come to in a sentence', async () => {
    const { read, olivia } = panes();
    const text = (await see('work'))?.text ?? '';
    for (const { amount_cents, month } of await read(olivia, 'analytics_yoy', {
      fields: ['amount_cents', 'month'],
      limit: 12,
    }))
      if (Number(amount_cents) > 0)
        expect(text, String(month)).toContain(`>${wholeMoney(Number(amount_cents), 'USD')}<`);
    expect(text).toContain('up 12 % on the same days of 2025, mostly work off the price list');
    expect((await see('open'))?.text).toContain('>$123<');
    expect((await see('received'))?.text).toContain('>$45<');
  });

  test('is told whose words a name is, and gets no tag of theirs', async () => {
    const text = (await see('places'))?.text ?? '';
    expect(text).toContain('«&lt;script');
    expect(text).not.toContain('<script');
  });

  test('is told when there is nothing to draw, and that another picture is none', async () => {
    await setRows(panes(), panes().bright.id, {});
    expect((await see('services'))?.text).toContain('There is nothing to draw.');
    expect(await see('nothing')).toBeUndefined();
  });
});

test('a long name stands in two lines; one too long for them is cut, and its marks stay', () => {
  const words = { title: 'x', now: 'now', said: String };
  const drawn = (label: string) => drawBars([{ label, amount: 1, said: '$1' }], words);
  expect(drawn('«Owens Cross Roads»')).toMatch(/>«Owens Cross<tspan [^>]*>Roads»<\/tspan><\/text>/);
  expect(drawn('«Exterior Window Cleaning»')).toMatch(/>«Exterior<tspan [^>]*>Window Cle…»<\/tspan>/);
  expect(drawn('«Llanfairpwllgwyngyll»')).toContain('>«Llanfairp…»<');
  expect(drawn('Theo Panes')).toContain('>Theo Panes</text>');
});
