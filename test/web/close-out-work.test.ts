import { describe, expect, test } from 'vitest';
import { formOf, nextDay, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, book, see, send, row } = useCloseOutPages();

/** A visit at fixed prices: gutters and twenty screens. */
const fixed = { lines: [{ service_id: 'S-1' }, { service_id: 'S-3', quantity: 20 }] };
const at = (reference: string) => `/close-out/${reference}/work`;
const open = async (more: Record<string, unknown> = fixed) => {
  const reference = await book(more, nextDay());
  return { reference, page: await see(at(reference)) };
};
const linesOf = async (reference: string) => {
  const [session] = await pages().read(pages().bright.owner, 'closeout_sessions', {
    params: { ticket_id: reference },
    fields: ['lines', 'duration_minutes', 'total_cents'],
  });
  return session;
};

describe('how long it took', () => {
  test('is as it was planned when nobody clocked in, and says so', async () => {
    const { page } = await open();
    expect(page.text).toContain('As it was planned: nobody clocked in.');
    expect(formOf(page.markup, page.location)).toMatchObject({ hours: '3', minutes: '30' });
  });

  test.each([
    ['3', '22', 202],
    ['', '45', 45],
    ['2', '', 120],
    ['0', '202', 202],
    ['24', '0', 1440],
  ])('%s h %s min', async (hours, minutes, duration_minutes) => {
    const { reference, page } = await open();
    expect(await send(page, at(reference), { hours, minutes })).toMatchObject({ status: 200 });
    expect(await linesOf(reference)).toMatchObject({ duration_minutes });
  });

  test.each([
    ['', '', 'hours', 'Say how long it took.'],
    ['0', '0', 'hours', 'Say how long it took.'],
    ['3.5', '0', 'hours', '“3.5” is not a number of hours.'],
    ['1', 'ten', 'minutes', '“ten” is not a number of minutes.'],
    ['25', '0', 'hours', 'A visit takes at most 24 hours.'],
  ])('"%s" h "%s" min is refused at the field', async (hours, minutes, field, sentence) => {
    const { reference, page } = await open();
    const refused = await send(page, at(reference), { hours, minutes, line_1_price: '155' });
    expect(refused).toMatchObject({ status: 400, location: at(reference) });
    expect(refused.text).toContain(sentence);
    expect(refused.markup).toContain(`<a href="#${field}">Correct it</a>`);
    expect(refused.markup).toMatch(
      new RegExp(`id="${field}" name="${field}" aria-describedby="problem by" aria-invalid="true"`),
    );
    expect(formOf(refused.markup, at(reference))).toMatchObject({ hours, minutes, line_1_price: '155' });
    expect(await linesOf(reference)).toBeUndefined();
  });
});

describe('a price', () => {
  test.each([
    ['562', 56_200],
    ['562.00', 56_200],
    ['$562', 56_200],
    ['$ 1,562.00', 156_200],
    [' 562.5 ', 56_250],
    ['0', 0],
    ['.', undefined],
    ['5,62', undefined],
    ['1,56', undefined],
    ['562.005', undefined],
    ['-5', undefined],
    ['1 562', undefined],
    ['many', undefined],
    ['', undefined],
    ['99999999', undefined],
  ])('written “%s” is %s cents', async (text, cents) => {
    const { reference, page } = await open({ lines: [{ service_id: 'S-1' }] });
    const answer = await send(page, at(reference), { line_1_price: text });
    expect(answer.status).toBe(cents === undefined ? 400 : 200);
    expect((await linesOf(reference))?.total_cents).toBe(cents);
    if (cents !== undefined) return;
    expect(answer.text).toContain('Gutter Cleaning');
    expect(answer.markup).toContain('<a href="#line_1_price">Correct it</a>');
    expect(formOf(answer.markup, at(reference)).line_1_price).toBe(text.trim());
  });

  test('that is an estimate cannot be passed over: each must be written and the whole confirmed (TKT-09)', async () => {
    const { reference, page } = await open({});
    expect(formOf(page.markup, at(reference))).not.toHaveProperty('price_confirmed');
    expect(formOf(page.markup, at(reference)).line_1_price).toBe('');
    const unwritten = await send(page, at(reference), { price_confirmed: '1' });
    expect(unwritten).toMatchObject({ status: 400 });
    expect(unwritten.text).toContain(
      'Write the price of Interior and Exterior Window Cleaning; 0 if it is free.',
    );
    const unconfirmed = await send(unwritten, at(reference), { line_1_price: '562' });
    expect(unconfirmed).toMatchObject({ status: 400 });
    expect(unconfirmed.text).toContain('tick “These are the final prices”');
    expect(unconfirmed.markup).toContain('<a href="#price_confirmed">Correct it</a>');
    expect(await linesOf(reference)).toBeUndefined();
    // The server itself holds it, whatever a form says.
    await expect(
      pages().done(panes().theo, 'closeout.confirm_work', { ticket_id: reference, duration_minutes: 60 }),
    ).rejects.toThrow('must be confirmed before the visit is closed');
    const confirmed = await send(unconfirmed, at(reference), { price_confirmed: '1' });
    expect(confirmed).toMatchObject({ status: 200, location: `/close-out/${reference}/notes` });
    expect(await linesOf(reference)).toMatchObject({ total_cents: 66_200 });
  });

  test('that is none is no estimate: nothing is asked', async () => {
    const { page } = await open();
    expect(page.text).not.toContain('estimate');
    expect(page.markup).not.toContain('price_confirmed');
  });
});

describe('what was done', () => {
  test('counts as it was counted, and what was not done costs nothing', async () => {
    const { reference, page } = await open();
    await send(page, at(reference), { line_1_done: undefined, line_2_quantity: '22.5' });
    expect(await linesOf(reference)).toMatchObject({
      total_cents: 11_250,
      lines: [{ description: 'Screen Cleaning', quantity: 22.5, total_cents: 11_250 }],
    });
    const again = await see(at(reference));
    expect(formOf(again.markup, at(reference))).not.toHaveProperty('line_1_done');
    await send(again, at(reference), { line_1_done: '1' });
    expect(await linesOf(reference)).toMatchObject({ total_cents: 26_250 });
  });

  test.each(['', '0', '-1', 'some', '1.2345'])('how many: “%s” is refused', async quantity => {
    const { reference, page } = await open();
    const refused = await send(page, at(reference), { line_2_quantity: quantity });
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.text).toContain('Write how many it were (Screen Cleaning)');
    expect(refused.markup).toContain('href="#line_2_quantity"');
    expect((await send(refused, at(reference), { line_2_quantity: '3' })).status).toBe(200);
  });

  test('takes services besides, one after the other, and keeps everything that was typed meanwhile', async () => {
    const { reference, page } = await open({ lines: [{ service_id: 'S-1' }] });
    const first = await send(page, at(reference), {
      hours: '9',
      line_1_price: '140',
      add_service: 'S-3',
      add_quantity: '4',
      stay: '1',
    });
    expect(first).toMatchObject({ status: 200, location: at(reference) });
    expect(first.text).toContain('Comes to $20.00');
    expect(first.text).toContain('Total $160.00');
    expect(await linesOf(reference)).toBeUndefined();
    const second = await send(first, at(reference), { add_service: 'S-2', add_price: '300', stay: '1' });
    expect(formOf(second.markup, at(reference))).toMatchObject({
      hours: '9',
      line_1_price: '140',
      line_2_service: 'S-3',
      line_2_quantity: '4',
      line_2_price: '5.00',
      line_3_service: 'S-2',
      line_3_price: '300',
      add_service: '',
    });
    // Chosen and not added first: it counts all the same.
    const third = await send(second, at(reference), { add_service: 'S-1', line_2_done: undefined });
    expect(third.location).toBe(`/close-out/${reference}/notes`);
    expect(await linesOf(reference)).toMatchObject({
      duration_minutes: 570,
      total_cents: 14_000 + 30_000 + 15_000,
    });
    const again = formOf((await see(at(reference))).markup, at(reference));
    expect(again).toMatchObject({ line_2_service: 'S-2', line_2_price: '300.00', line_3_service: 'S-1' });
  });

  test.each([
    [{ add_service: '' }, 'add_service', 'Choose the service to be added first.'],
    [{ add_service: 'S-2' }, 'add_price', 'Interior and Exterior Window Cleaning has no fixed price'],
    [{ add_service: 'S-1', add_quantity: '2' }, 'add_quantity', 'Gutter Cleaning is not priced per piece'],
    [{ add_service: 'S-1', add_price: 'x' }, 'add_price', '“x” is not a price'],
    [{ add_service: 'S-99' }, 'add_service', 'This service is not offered any more.'],
  ])('an addition %o is refused at its field', async (fields, field, sentence) => {
    const { reference, page } = await open();
    const refused = await send(page, at(reference), { ...fields, stay: '1' });
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.text).toContain(sentence);
    expect(refused.markup).toContain(`<a href="#${field}">`);
    expect(refused.markup).toContain('<details class="fold" open>');
  });

  test('a service that is added on the way on and lacks a price is refused at its field', async () => {
    const { reference, page } = await open();
    const refused = await send(page, at(reference), { add_service: 'S-2' });
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.text).toContain('has no fixed price: say what it cost.');
    expect(refused.markup).toContain('<a href="#add_price">');
  });

  test('of fifty services is a form that can be sent', async () => {
    const lines = Array.from({ length: 48 }, () => ({ service_id: 'S-3', quantity: 2 }));
    const { reference, page } = await open({ lines });
    const answer = await send(page, at(reference), { line_48_quantity: '3' });
    expect(answer).toMatchObject({ status: 200 });
    expect(await linesOf(reference)).toMatchObject({ total_cents: 48_500 });
  });
});

describe('when the office changes the visit meanwhile', () => {
  test('the work is not confirmed unseen: the new services are shown, what was typed stands beside', async () => {
    const { reference, page } = await open();
    const { dana, done } = { ...panes(), done: pages().done };
    await done(dana, 'ticket.update_line', { ticket_id: reference, line_id: '1', unit_price_cents: 17_000 });
    await done(dana, 'ticket.add_line', { ticket_id: reference, service_id: 'S-3', quantity: 2 });
    const refused = await send(page, at(reference), {
      hours: '5',
      line_1_price: '160',
      line_2_quantity: '21',
    });
    expect(refused).toMatchObject({ status: 409, location: at(reference) });
    expect(refused.text).toContain(`The services of ${reference} were changed while you looked at them.`);
    expect(refused.text).toContain('You wrote: 160');
    expect(formOf(refused.markup, at(reference))).toMatchObject({
      hours: '5',
      line_1_price: '170.00',
      line_2_quantity: '21',
      line_3_quantity: '2',
    });
    expect(await send(refused, at(reference))).toMatchObject({ status: 200 });
    expect(await linesOf(reference)).toMatchObject({ total_cents: 17_000 + 10_500 + 1000 });
  });

  test('what was confirmed is confirmed again, wherever one has come to; notes and facts stay', async () => {
    const { reference, page } = await open();
    const { dana, done } = { ...panes(), done: pages().done };
    const notes = await send(page, at(reference), {
      line_1_price: '160',
      add_service: 'S-3',
      add_quantity: '1',
    });
    const next = await send(notes, notes.location, { notes: 'Dog named Rex.' });
    const review = await send(next, next.location, { next_service: 'no' });
    await done(dana, 'ticket.update_line', { ticket_id: reference, line_id: '1', unit_price_cents: 17_000 });
    const looked = await see(`/close-out/${reference}`);
    expect(looked.text).toContain('The services were changed since you confirmed them.');
    expect(looked.text).toContain('You wrote: 160.00');

    const refused = await send(review, review.location, {
      fact_1_text: 'pet: dog (name: Rexi)',
      more: 'gate code: 12',
    });
    expect(refused).toMatchObject({ status: 409, location: at(reference) });
    expect(refused.text).toContain(`The services of ${reference} were changed since you confirmed them.`);
    expect(formOf(refused.markup, at(reference))).toMatchObject({
      line_1_price: '170.00',
      line_3_service: 'S-3',
      more: 'gate code: 12',
    });
    const again = await send(refused, at(reference));
    expect(again.location).toBe(`/close-out/${reference}/review`);
    expect(formOf(again.markup, again.location)).toMatchObject({
      fact_1_text: 'pet: dog (name: Rexi)',
      more: 'gate code: 12',
    });
    expect(await send(again, again.location)).toMatchObject({ location: `/close-out/${reference}/payment` });
    expect(await row('tickets', { id: reference })).toMatchObject({ total_cents: 17_000 + 10_000 + 500 });
  });
});
