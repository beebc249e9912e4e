import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

describe('the price list', () => {
  test('takes services and products with the three ways of pricing', async () => {
    const { agent, done } = panes();
    const squeegee = {
      name: 'Squeegee, 14 inch',
      kind: 'product',
      pricing: 'per_unit',
      price: 24,
      unit: 'piece',
    };
    expect(await done(agent, 'service.create', squeegee)).toEqual({
      id: expect.any(String),
      reference: 'S-4',
      name: 'Squeegee, 14 inch',
      description: null,
      kind: 'product',
      pricing: 'per_unit',
      price_cents: 2400,
      currency: 'USD',
      unit: 'piece',
      duration_minutes: null,
      minutes_per_unit: null,
      is_active: true,
      custom_fields: {},
      deleted_at: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  test('wants a price unless it is agreed per visit', async () => {
    const { dana, act, done } = panes();
    const add = (data: Record<string, unknown>) => act(dana, 'service.create', data);
    for (const pricing of ['fixed', 'per_unit']) {
      expect(await refusal(add({ name: 'Track Cleaning', pricing }))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'price_cents',
        message: `A ${pricing} service needs its price.`,
      });
    }
    expect(await add({ name: 'Track Cleaning', pricing: 'flexible' })).toMatchObject({
      data: { price_cents: null },
    });
    const change = (data: Record<string, unknown>) =>
      act(dana, 'service.update', { service_id: 'Track Cleaning', ...data });
    expect(await refusal(change({ pricing: 'fixed' }))).toMatchObject({ field: 'price_cents' });
    expect(await change({ pricing: 'fixed', price_cents: 900 })).toMatchObject({
      data: { price_cents: 900 },
    });
    for (const price_cents of [-1, 1.5, 1e12]) {
      expect(await refusal(change({ price_cents }))).toMatchObject({ field: 'price_cents' });
    }
    expect(await refusal(add({ name: 'x', pricing: 'flexibel' }))).toMatchObject({
      did_you_mean: ['flexible'],
    });
    expect(
      await done(dana, 'service.update', { service_id: 'Track Cleaning', price_cents: '1200' }),
    ).toMatchObject({
      price_cents: 1200,
    });
  });

  test('has every name once, whatever the case and however many add it at once', async () => {
    const { dana, olivia, act, done } = panes();
    const add = (who: typeof dana, name: string) =>
      act(who, 'service.create', { name, pricing: 'fixed', price_cents: 100 });
    const { won, refused } = await race([add(dana, 'Skylights'), add(olivia, 'SKYLIGHTS')]);
    expect(won).toHaveLength(1);
    expect(refused).toEqual(['CONFLICT']);
    expect(await refusal(add(dana, 'skylights'))).toEqual({
      code: 'CONFLICT',
      message: 'A service with this name is in the catalog already.',
      field: 'name',
      hint: 'Update that one, or choose another name.',
    });
    const { reference } = won[0]?.data ?? {};
    await done(dana, 'service.delete', { service_id: reference });
    await done(dana, 'service.create', { name: 'Skylights', pricing: 'fixed', price_cents: 200 });
    expect(await refusal(act(dana, 'service.restore', { service_id: reference }))).toMatchObject({
      code: 'CONFLICT',
      field: 'name',
    });
  });

  test('loses what was booked before only with the owner’s consent', async () => {
    const { agent, book, act, done, dana } = panes();
    const reasoning = 'We do not offer this any more, Olivia said';
    await done(dana, 'service.create', { name: 'Awnings', pricing: 'flexible' });
    expect((await act(agent, 'service.delete', { service_id: 'Awnings' }, { reasoning })).status).toBe(
      'done',
    );
    await book('2026-11-23T09:00', { lines: ['S-1'] });
    expect(await act(agent, 'service.delete', { service_id: 'S-1' }, { reasoning })).toMatchObject({
      status: 'pending_authorization',
      data: { reason: 'it was booked 1 time' },
    });
  });
});

describe('naming a service', () => {
  const chosen = async (service_id: string) => {
    const { lines } = await panes().book('2026-12-01T09:00', {
      lines: [{ service_id, unit_price_cents: 1 }],
    });
    return Array.isArray(lines) ? lines[0]?.description : undefined;
  };

  test.each([
    ['Screens', 'Screen Cleaning'],
    ['screen claening', 'Screen Cleaning'],
    ['windows', 'Interior and Exterior Window Cleaning'],
    ['int/ext windows', 'Interior and Exterior Window Cleaning'],
    ['inside and outside', 'Interior and Exterior Window Cleaning'],
    ['windows inside', 'Interior and Exterior Window Cleaning'],
    ['gutter', 'Gutter Cleaning'],
    ['S-3', 'Screen Cleaning'],
  ])('"%s" means %s', async (words, name) => {
    expect(await chosen(words)).toBe(name);
  });

  test('inside is no slip of outside, where both are on the list', async () => {
    const { olivia, done } = panes();
    const { reference } = await done(olivia, 'service.create', {
      name: 'Exterior Window Cleaning',
      pricing: 'flexible',
    });
    for (const words of ['inside and outside windows', 'windows inside', 'interior'])
      expect(await chosen(words)).toBe('Interior and Exterior Window Cleaning');
    expect(await refusal(chosen('outside windows'))).toMatchObject({ code: 'AMBIGUOUS' });
    await done(olivia, 'service.delete', { service_id: reference });
  });

  test('what is not on the list is not replaced by what sounds like it', async () => {
    for (const words of ['Roof Cleaning', 'Pool Cleaning', 'storm windows']) {
      expect(await refusal(chosen(words))).toMatchObject({ code: 'NOT_FOUND', got: words });
    }
    // What there is stands beside, also where it is the second thing that is not found.
    const names = ['Gutter Cleaning', 'Interior and Exterior Window Cleaning', 'Screen Cleaning'];
    expect(await refusal(chosen('inside and outside of the roof'))).toMatchObject({
      code: 'NOT_FOUND',
      valid_options: expect.arrayContaining(names),
    });
    const both = panes().act(panes().agent, 'schedule_appointment', {
      contact_id: 'Nobody Known',
      lines: [{ service_id: 'Roof Cleaning' }],
    });
    expect(await refusal(both)).toMatchObject({
      problems: [
        { field: 'contact_id' },
        { field: 'lines.0.service_id', valid_options: expect.arrayContaining(names) },
      ],
    });
    expect(await refusal(chosen('Cleaning'))).toMatchObject({
      code: 'AMBIGUOUS',
      field: 'lines.0.service_id',
      candidates: expect.arrayContaining([{ reference: 'S-3', label: 'Screen Cleaning' }]),
    });
  });
});

test('technicians read the price list and do not change it', async () => {
  const { theo, dana, act, read } = panes();
  expect(await read(theo, 'services', { params: { pricing: 'flexible' } })).toMatchObject([
    { reference: 'S-2' },
  ]);
  const change = { service_id: 'S-2', duration_minutes: 200 };
  expect(await refusal(act(theo, 'service.update', change))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await act(dana, 'service.update', change)).status).toBe('done');
});
