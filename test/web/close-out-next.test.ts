import { describe, expect, test } from 'vitest';
import { formOf, nextDay, type Seen, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, book, see, send, post, upTo, row } = useCloseOutPages();

const open = async (more: Record<string, unknown> = {}, name = 'theo') => {
  const reference = await book(more, nextDay());
  return { reference, at: `/close-out/${reference}/next`, page: await upTo(reference, 'next', name) };
};
const offered = ({ markup }: Seen) =>
  [...markup.matchAll(/name="slot" value="([^"]+)"/g)].map(([, moment]) => moment);

describe('what comes next (CLO-06)', () => {
  test('nothing is chosen for anybody, and choosing nothing is refused', async () => {
    const { at, page } = await open();
    expect(formOf(page.markup, at)).not.toHaveProperty('next_service');
    const refused = await send(page, at, {});
    expect(refused).toMatchObject({ status: 400, location: at });
    expect(refused.text).toContain('Choose what comes next.');
    expect(refused.markup).toContain('<fieldset id="next_service" aria-describedby="problem">');
  });

  test('free times are offered around the time of day of this visit, on five days', async () => {
    const { at, page } = await open();
    expect(offered(page)).toEqual([]);
    const asked = await see(`${at}?in=6`);
    expect(offered(asked)).toEqual([
      '2027-05-18T14:00:00Z',
      '2027-05-19T14:00:00Z',
      '2027-05-20T14:00:00Z',
      '2027-05-21T14:00:00Z',
      '2027-05-24T14:00:00Z',
      'other',
    ]);
    expect(asked.text).toContain('Tue, May 18, 2027, 9:00 AM');
    expect(formOf(asked.markup, at)).toMatchObject({ next_service: 'yes' });
    const chosen = await send(asked, at, { slot: '2027-05-19T14:00:00Z', notify: '1' });
    expect(chosen.location).toBe(at.replace('next', 'review'));
    expect(chosen.text).toContain('Next visit Wed, May 19, 2027, 9:00 AM');
    // Looked at again it stands there as it was chosen.
    expect(formOf((await see(at)).markup, at)).toMatchObject({
      next_service: 'yes',
      when: '2027-05-19T09:00',
      notify: '1',
    });
    const closed = await send(chosen, chosen.location);
    expect(closed.text).toMatch(/Next visit Wed, May 19, 2027, 9:00 AM \(T-\d+\)\./);
    const booked = /\((T-\d+)\)/.exec(closed.text)?.[1];
    expect(await row('tickets', { id: booked, include: ['line_items', 'technicians'] })).toMatchObject({
      scheduled_at: '2027-05-19T14:00:00.000Z',
      duration_minutes: 202,
      confirmation_status: 'pending',
      line_items: [{ unit_price_cents: 56_200 }, { quantity: 20 }],
      technicians: [{ name: 'Theo' }],
    });
  });

  test('a day says from when on; a day off has none, and the page says so', async () => {
    const { at } = await open();
    expect(offered(await see(`${at}?on=2027-06-05`))).toEqual([
      '2027-06-07T14:00:00Z',
      '2027-06-08T14:00:00Z',
      '2027-06-09T14:00:00Z',
      '2027-06-10T14:00:00Z',
      '2027-06-11T14:00:00Z',
      'other',
    ]);
    expect((await see(`${at}?on=2020-06-05`)).text).toContain(
      'There is no free time in the week from Friday, June 5, 2020 on. Choose another day.',
    );
    for (const query of ['on=2027-02-30', 'on=soon', 'in=never', 'in=', 'on=']) {
      const plainly = await see(`${at}?${query}`);
      expect(plainly.status).toBe(200);
      expect(offered(plainly)).toEqual([]);
    }
  });

  test('for the office it is whoever was there whose times are offered', async () => {
    const { at } = await open({ technician_ids: [pages().bright.people.Tess?.id] }, 'dana');
    await pages().done(panes().dana, 'ticket.create', {
      contact_id: 'C-1002',
      scheduled_at: '2027-08-03T09:00',
      duration_minutes: 480,
      technician_ids: [pages().bright.people.Tess?.id],
    });
    expect(offered(await see(`${at}?on=2027-08-02`, 'dana')).slice(0, 3)).toEqual([
      '2027-08-02T13:30:00Z',
      '2027-08-02T14:00:00Z',
      '2027-08-04T14:00:00Z',
    ]);
  });

  test('a time that is taken is refused with the next free ones, and nothing typed is lost', async () => {
    const { at, page } = await open();
    const taken = await book({}, '2027-09-01T09:00');
    const refused = await send(page, at, {
      next_service: 'yes',
      when: '2027-09-01T10:00',
      notify: '1',
      months: '9',
    });
    expect(refused).toMatchObject({ status: 409, location: at });
    expect(refused.text).toContain(`Theo is on ${taken} from Wed, Sep 1, 2027, 9:00 AM until 12:30.`);
    expect(offered(refused)).toEqual([
      '2027-09-01T17:30:00Z',
      '2027-09-01T18:00:00Z',
      '2027-09-01T18:30:00Z',
      'other',
    ]);
    expect(formOf(refused.markup, at)).toMatchObject({
      next_service: 'yes',
      when: '2027-09-01T10:00',
      notify: '1',
      months: '9',
      slot: 'other',
    });
    const chosen = await send(refused, at, { slot: '2027-09-01T17:30:00Z' });
    expect(chosen.text).toContain('Next visit Wed, Sep 1, 2027, 12:30 PM');
  });

  test.each([
    [{ next_service: 'yes' }, 'when', 'Say when the next visit is.'],
    [{ next_service: 'yes', slot: 'other' }, 'when', 'Say when the next visit is.'],
    [{ next_service: 'yes', when: '2020-01-01T09:00' }, 'when', 'This time is past.'],
    [{ next_service: 'yes', when: 'tomorrow' }, 'when', 'write it as 2026-11-23T09:00'],
    [{ next_service: 'reach_out', months: '0' }, 'months', 'Write a number of months from 1 to 60.'],
    [{ next_service: 'reach_out', months_other: '61' }, 'months_other', 'from 1 to 60'],
    [{ next_service: 'reach_out', months_other: 'six' }, 'months_other', 'from 1 to 60'],
    [{ next_service: 'maybe' }, 'next_service', 'Choose what comes next.'],
  ])('%o is refused at its field', async (fields, field, sentence) => {
    const { at, page } = await open();
    const refused = await send(page, at, fields);
    expect(refused).toMatchObject({ status: 400, location: at });
    expect(refused.text).toContain(sentence);
    expect(refused.markup).toContain(`<a href="#${field}">Correct it</a>`);
    expect(await send(refused, at, { next_service: 'no' })).toMatchObject({ status: 200 });
  });

  test('any number of months will do', async () => {
    const { at, page } = await open();
    const chosen = await send(page, at, { next_service: 'reach_out', months_other: '4' });
    expect(chosen.text).toContain('A mail to the customer in 4 months');
    expect(formOf((await see(at)).markup, at)).toMatchObject({
      next_service: 'reach_out',
      months_other: '4',
    });
    const monthly = await send(await see(at), at, { months: '1', months_other: '' });
    expect(monthly.text).toContain('A mail to the customer in 1 month');
  });

  test('somebody without an e-mail address cannot be written to, and the page says so', async () => {
    const { page } = await open({ contact_id: 'C-1002', address_id: 'A-1002' });
    expect(page.text).toContain('Mrs Hart has no e-mail address yet. Without one the mail cannot go out.');
    expect(page.text).not.toContain('Tell Mrs Hart by e-mail');
    expect((await open()).page.text).not.toContain('has no e-mail address');
  });
});

test('a time that is taken between the choice and the end is chosen anew; what was reviewed is kept', async () => {
  const { reference, at, page } = await open();
  const review = await send(page, at, { next_service: 'yes', when: '2027-10-05T09:00' });
  const taken = await book({}, '2027-10-05T10:00');
  const form = { fact_2_text: 'pet: dog (name: Bisky)', fact_3_keep: undefined, more: 'gate code: 12' };
  const refused = await send(review, review.location, form);
  expect(refused).toMatchObject({ status: 409, location: at });
  expect(refused.text).toContain(`Theo is on ${taken}`);
  expect(offered(refused)).toHaveLength(4);
  expect(await row('tickets', { id: reference })).toMatchObject({ status: 'scheduled' });
  // Other times may be looked up; the review is not on this page, and not lost.
  const asked = await see(`${at}?in=12`);
  const again = await send(asked, at, { slot: offered(asked)[0] });
  const fields = formOf(again.markup, again.location);
  expect(
    Object.entries(fields)
      .filter(([name]) => name.endsWith('_text'))
      .map(([, text]) => text),
  ).toEqual([
    'customer demographic: elderly',
    'pet: dog (name: Bisky)',
    'equipment needed: extension ladder',
    'property detail: complex 2nd story sill',
    'gate code: 12',
  ]);
  const closed = await send(again, again.location);
  expect(closed.location).toBe(`/close-out/${reference}/payment`);
  expect(await row('tickets', { id: reference })).toMatchObject({ status: 'closed' });
});

test('the same from a phone without signal: what was found in the notes is still to be reviewed', async () => {
  const { reference, at, page } = await open();
  const review = await send(page, at, { next_service: 'yes', when: '2027-11-02T09:00' });
  await book({}, '2027-11-02T10:00');
  const refused = await post(review.location, {
    offline_minutes: '202',
    offline_total_cents: '66200',
    more: 'gate code: 12',
  });
  expect(refused).toMatchObject({ status: 409, location: at });
  const again = await send(refused, at, { next_service: 'no' });
  expect(again.location).toBe(`/close-out/${reference}/review`);
  expect(formOf(again.markup, again.location)).toMatchObject({
    fact_1_text: 'customer demographic: elderly',
    fact_5_keep: '1',
    more: 'gate code: 12',
  });
});
