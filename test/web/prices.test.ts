import { describe, expect, test } from 'vitest';
import { formOf, rowsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();
const service = async (id: string) => (await pages().read(pages().bright.owner, 'services', { id }))[0] ?? {};
const visitTotal = async (id: string) =>
  (await pages().read(pages().bright.owner, 'tickets', { id }))[0]?.total_cents;

describe('the price list', () => {
  test('says what everything costs, and something new is added by its form', async () => {
    const list = await see('/prices');
    expect(rowsOf(list.markup)).toEqual(['Exterior windows', 'Screens']);
    expect(list.text).toContain('$180.00');
    expect(list.text).toContain('$4.00 per piece');
    const page = await send(await follow(list, 'Add a service'), /^\/prices\/new$/, {
      name: 'Gutters',
      pricing: 'flexible',
      duration_minutes: '120',
    });
    expect(page.text).toContain('Gutters is on the price list.');
    expect(page.text).toContain('agreed each time');
    expect(await service('S-3')).toMatchObject({
      name: 'Gutters',
      pricing: 'flexible',
      price_cents: null,
      duration_minutes: 120,
    });
  });

  test('a refusal stands beside its field, with everything that was typed', async () => {
    const page = await send(await see('/prices/new'), /^\/prices\/new$/, {
      name: 'Roof "wash"',
      price_cents: 'a lot',
    });
    expect(page.status).toBe(400);
    expect(page.markup).toMatch(/id="price_cents_problem" role="alert">This is not an amount\./);
    expect(formOf(page.markup, /new$/).fields).toMatchObject({ name: 'Roof "wash"', price_cents: 'a lot' });
    const none = await send(await see('/prices/new'), /new$/, { name: 'Roof wash', price_cents: '' });
    expect(none.text).toContain('A fixed service needs its price.');
  });

  test('a new price names the open visits at the old one, each with what it would come to, and gives it to those that are ticked', async () => {
    const before = await visitTotal('T-2002');
    const page = await send(await follow(await see('/prices'), 'Exterior windows'), /^\/prices\/S-1$/, {
      price_cents: '$195.00',
    });
    expect(page.text).toContain('Saved.');
    expect(await service('S-1')).toMatchObject({ price_cents: 19_500 });
    expect(page.text).toContain('1 open visit has an earlier price of the list');
    expect(page.text).toContain('Mrs Hart , Wednesday, November 18, 2026 : $180.00 → $195.00 in all');
    expect(await visitTotal('T-2002')).toBe(before);
    const given = await send(page, /\/reprice$/);
    expect(given.text).toContain('1 visit has the new price.');
    expect(given.text).not.toContain('Booked at an earlier price');
    expect(await visitTotal('T-2002')).toBe(19_500);
    // What was agreed on with Jane by hand stays.
    expect(await visitTotal('T-2001')).toBe(20_000 + 22 * 400);
  });

  test('what is not offered any more stands apart, and can be offered again', async () => {
    const gone = await send(await follow(await see('/prices'), 'Screens'), /\/archive$/);
    expect(gone.text).toContain('Screens is not offered any more.');
    expect((await see('/prices')).text).toMatch(/Not offered any more .*Screens/);
    const back = await send(gone, /\/offer$/);
    expect(back.text).toContain('Screens is offered again.');
    expect(await service('S-2')).toMatchObject({ is_active: true });
  });

  test('two who change it at once: what each changed holds', async () => {
    const page = await follow(await see('/prices'), 'Gutters');
    await send(page, /^\/prices\/S-3$/, { price_cents: '90' });
    await send(page, /^\/prices\/S-3$/, { description: 'Ladders over 24 feet cost more.' });
    expect(await service('S-3')).toMatchObject({
      price_cents: 9000,
      description: 'Ladders over 24 feet cost more.',
    });
    const kept = await send(await follow(await see('/prices'), 'Gutters'), /^\/prices\/S-3$/, {
      price_cents: '',
    });
    expect(kept.markup).toMatch(/id="price_cents_problem" role="alert">What had a price keeps one\./);
  });
});

test('a technician finds no price list, and another business another one', async () => {
  for (const path of ['/prices', '/prices/new', '/prices/S-1'])
    expect((await see(path, 'theo')).status).toBe(404);
  const session = await pages().signIn('carla@clearview.example');
  expect((await pages().send('/prices/S-1', { session })).status).toBe(404);
  expect(await (await pages().send('/prices', { session })).text()).toContain('The price list is empty.');
});
