import { beforeAll, describe, expect, test } from 'vitest';
import { formOf, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, book, see, post } = useCloseOutPages();

describe('what a phone keeps for a time without signal', () => {
  let own: string;
  let tomorrow: string;
  let later: string;
  let bundle: string;
  const templateOf = (id: string) =>
    new RegExp(`<template id="${id}"[^>]*>([\\s\\S]*?)</template>`).exec(bundle)?.[1] ?? '';

  beforeAll(async () => {
    own = await book();
    const tess = [pages().bright.people.Tess?.id];
    await book({ technician_ids: tess, contact_id: 'C-1002', address_id: 'A-1002' });
    tomorrow = await book({}, '2026-11-19T09:00');
    later = await book({}, '2026-11-24T09:00');
    // Beyond the week, with a customer of whom there is nothing else.
    await book({ contact_id: 'C-1002', address_id: 'A-1002' }, '2026-11-25T09:00');
    const cancelled = await book({}, '2026-11-18T15:00');
    await pages().done(panes().dana, 'ticket.cancel', { ticket_id: cancelled, reason: 'Rain' });
    bundle = (await see('/close-out/offline')).markup;
  });

  test('is the own open visits of seven days and the steps: nothing of anybody else', () => {
    expect([...bundle.matchAll(/<template id="([^"]+)"/g)].map(([, id]) => id)).toEqual([
      own,
      tomorrow,
      `visit-${own}`,
      `visit-${tomorrow}`,
      `visit-${later}`,
      'no-page',
      'step-notes',
      'step-next',
      'step-review',
      'step-payment',
      'step-done',
    ]);
    expect([...bundle.matchAll(/<section id="day-([^"]+)"/g)].map(([, day]) => day)).toEqual(
      ['18', '19', '20', '21', '22', '23', '24'].map(day => `2026-11-${day}`),
    );
    expect(bundle).toContain(`href="/close-out/${own}"`);
    expect(bundle).toContain(`href="/tickets/${later}"`);
    expect(bundle).toContain('tel:+12565550142');
    expect(bundle).not.toMatch(/Hart|jane\.smith@|555-0119|Carla/);
  });

  test('has of each visit just what its first page shows', async () => {
    const { markup } = await see(`/close-out/${own}/work`);
    const main = /<main[^>]*>([\s\S]*)<\/main>/.exec(markup)?.[1] ?? '';
    const withoutNumber = (text: string) => text.replace(/name="idempotency_key" value="[^"]+"/, '').trim();
    expect(withoutNumber(templateOf(own))).toBe(withoutNumber(main));
  });

  test('has the other steps for any visit, to be filled in by the phone', () => {
    const form = (step: string) => formOf(templateOf(`step-${step}`), `/close-out/__REF__/${step}`);
    const token = expect.stringMatching(/^[\w-]{40,}$/);
    const number = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(form('notes')).toEqual({ csrf_token: token, idempotency_key: number, notes: '' });
    expect(form('next')).toMatchObject({ idempotency_key: number, when: '', months: '6' });
    // No times can be looked up.
    expect(templateOf('step-next')).not.toMatch(/Free times|method="get"/);
    expect(form('review')).toEqual({
      csrf_token: token,
      idempotency_key: number,
      offline_minutes: '__shown_minutes__',
      offline_total_cents: '__shown_total_cents__',
      more: '',
    });
    expect(templateOf('step-review')).toContain('<pre class="summary">__SUMMARY__</pre>');
    expect(templateOf('step-review')).toContain('Nothing could be read from your notes yet.');
    // What it comes to is not known here: left empty, it is all of it.
    expect(form('payment')).toMatchObject({ payment_choice: 'at_door', amount: '', check_number: '' });
    expect(templateOf('step-payment')).toMatch(/value="send_invoice"[\s\S]*name="email"[\s\S]*value=""/);
    expect(templateOf('step-done')).toContain('__REF__ is sent as soon as there is signal.');
  });

  test('is a page with the token its forms are sent with, for a phone that has nothing better', async () => {
    const { markup } = await see(`/close-out/${own}`);
    const body = /<body[^>]+>/.exec(markup)?.[0] ?? '';
    expect(body).toMatch(/data-token="[\w-]{40,}" data-member="[0-9a-f-]{36} [0-9a-f]{32}"/);
    expect(bundle).toContain(body);
    expect(bundle).toMatch(/<main id="main" tabindex="-1">\n<h1>No signal<\/h1>/);
  });

  test('is each person’s own, and for whoever is signed in', async () => {
    const tess = (await see('/close-out/offline', 'tess')).markup;
    expect(tess).toContain('Mrs Hart');
    expect(tess).not.toContain('Jane Smith');
    expect((await see('/close-out/offline', 'dana')).markup).not.toMatch(/Hart|Jane/);
    expect((await pages().send('/close-out/offline')).status).toBe(303);
  });

  test('closes the visit when it is sent, step by step, as the phone had it', async () => {
    const form = (step: string) => formOf(templateOf(`step-${step}`), `/close-out/__REF__/${step}`);
    const at = (step: string) => `/close-out/${own}/${step}`;
    const sent = [
      await post(at('work'), {
        ...formOf(templateOf(own), at('work')),
        line_1_price: '562',
        price_confirmed: '1',
      }),
      await post(at('notes'), { ...form('notes'), notes: 'Two cats.' }),
      await post(at('next'), {
        ...form('next'),
        next_service: 'yes',
        when: '2027-05-19T09:00',
      }),
      await post(at('review'), {
        ...form('review'),
        offline_minutes: '210',
        offline_total_cents: '66200',
        more: 'gate code: 12',
      }),
      await post(at('payment'), { ...form('payment'), payment_choice: 'send_invoice' }),
    ];
    expect(sent.map(({ status, location }) => [status, location])).toEqual([
      [200, at('notes')],
      [200, at('next')],
      [200, at('review')],
      [200, at('payment')],
      [200, '/'],
    ]);
  });
});
