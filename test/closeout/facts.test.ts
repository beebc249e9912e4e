import { describe, expect, test } from 'vitest';
import { knownOf } from '../attributes/known-of.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { useCloseOuts } from './desk.ts';

// Without a language model: simple rules read the notes, and say so.

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const notes = 'Elderly woman, very nice. Dog named Biskit, keep gate closed.';
const elderly = { key: 'customer_demographic', value: 'elderly' };
const gate = { key: 'property_note', value: 'keep gate closed' };
const biscuit = { key: 'pet', value: 'dog', details: { name: 'Biscuit' } };
const biskit = { key: 'pet', value: 'dog', details: { name: 'Biskit' } };

/** A visit to a customer of whom nothing is known, at its review. */
async function atReview(text = notes) {
  const contact = await desk.customer();
  const ticket = await desk.visit({ contact_id: contact });
  return { contact, ticket, shown: await desk.toReview(ticket, { notes: text }) };
}

const known = (contact: string) => knownOf(panes(), contact);

/** All facts there ever were of a customer, also those that were called wrong. */
async function everyFact(contact: string) {
  const { rows } = await panes().database.owner.query<{ key: string; rejected: boolean }>(
    `
    select a.key || ': ' || (a.value #>> '{}') || coalesce(' ' || (a.details ->> 'name'), '') as key,
      a.is_rejected and a.deleted_at is not null as rejected
    from attributes as a
    join contacts as c on c.organization_id = a.organization_id and c.id = a.contact_id
    where a.organization_id = $1 and c.reference = $2
    order by 1`,
    [panes().bright.id, contact],
  );
  return rows.map(({ key, rejected }) => `${key}${rejected ? ' (wrong)' : ''}`);
}

describe('the facts in the notes', () => {
  test('are shown as soon as the notes are written, and who found them', async () => {
    const { shown } = await atReview();
    expect(shown).toMatchObject({ extraction_status: 'done', extracted_by: 'rules' });
    expect(shown.attributes.map(fact => fact.shown)).toEqual([
      'customer_demographic: elderly',
      'pet: dog (name: Biskit)',
      'property_note: keep gate closed',
    ]);
  });

  test('are the customer’s once the visit is completed, confirmed by who was there (CFL-30, CLO-16)', async () => {
    const { contact, ticket, shown } = await atReview();
    expect(await known(contact)).toEqual([]);
    await desk.step('complete', ticket, { review: shown.review });
    expect(await known(contact)).toEqual([
      'customer_demographic: elderly',
      'pet: dog (name: Biskit)',
      'property_note: keep gate closed',
    ]);
    const { read, dana, bright } = panes();
    const rows = await read(dana, 'attributes', {
      params: { contact_id: contact },
      fields: ['source', 'extracted_by', 'confirmed_by', 'ticket_id', 'note_id'],
    });
    const [note] = await read(dana, 'notes', { params: { ticket_id: ticket } });
    for (const row of rows) {
      expect(row).toMatchObject({
        source: 'ticket',
        extracted_by: null,
        confirmed_by: bright.people.Theo?.id,
        note_id: note?.id,
      });
    }
    const found = await read(dana, 'contacts', { params: { attribute: 'pet: Biskit' } });
    expect(found.map(row => row.reference)).toContain(contact);
  });

  test('are kept, corrected, dropped and added in one go with completing', async () => {
    const { contact, ticket, shown } = await atReview();
    const attributes = [biscuit, gate, { key: 'favorite_tea', value: 'Earl Grey' }];
    const completed = await desk.step('complete', ticket, { review: shown.review, attributes });
    expect(completed.attributes.map(fact => fact.shown)).toEqual([
      'pet: dog (name: Biscuit)',
      'property_note: keep gate closed',
      'favorite_tea: Earl Grey',
    ]);
    expect(await known(contact)).toEqual([
      'favorite_tea: Earl Grey',
      'pet: dog (name: Biscuit)',
      'property_note: keep gate closed',
    ]);
    // What was dropped, and what a correction took the place of, is remembered as wrong.
    expect(await everyFact(contact)).toEqual([
      'customer_demographic: elderly (wrong)',
      'favorite_tea: Earl Grey',
      'pet: dog Biscuit',
      'pet: dog Biskit (wrong)',
      'property_note: keep gate closed',
    ]);
  });

  test('or are reviewed before, and stay reviewed until the visit is completed', async () => {
    const { contact, ticket, shown } = await atReview();
    const reviewed = await desk.step('review', ticket, { review: shown.review, attributes: [biscuit] });
    expect(reviewed.attributes.map(fact => fact.shown)).toEqual(['pet: dog (name: Biscuit)']);
    expect(reviewed.review).toBe(shown.review);
    await desk.step('complete', ticket, { review: shown.review });
    expect(await known(contact)).toEqual(['pet: dog (name: Biscuit)']);
    expect(await everyFact(contact)).toContain('pet: dog Biskit (wrong)');
  });

  test('that were reviewed are found anew when the notes are written anew', async () => {
    const { ticket } = await atReview();
    await desk.step('review', ticket, { attributes: [] });
    const same = await desk.step('set_notes', ticket, { notes });
    expect(same.attributes).toEqual([]);
    const other = await desk.step('set_notes', ticket, { notes: 'Has a cat.' });
    expect(other.attributes.map(fact => fact.shown)).toEqual(['pet: cat']);
  });

  test('never come back by the notes when they were dropped, whoever reads those', async () => {
    const { contact, ticket, shown } = await atReview();
    const { note_id } = await desk.step('complete', ticket, { review: shown.review, attributes: [biscuit] });
    const { done, dana } = panes();
    const again = await done(dana, 'note.extract', { note_id });
    expect(again.attributes).toEqual([]);
    await done(dana, 'note.create', { contact_id: contact, content: notes, extract: 'now' });
    expect(await known(contact)).toEqual(['pet: dog (name: Biscuit)']);
    // The same words about somebody else say it of them.
    const other = await desk.customer();
    await done(dana, 'note.create', { contact_id: other, content: notes, extract: 'now' });
    expect(await known(other)).toHaveLength(3);
  });

  test('that somebody has confirmed before stay, also when they are dropped here', async () => {
    const { contact, ticket, shown } = await atReview();
    const { done, dana } = panes();
    await done(dana, 'attribute.set', { contact_id: contact, ...elderly });
    await desk.step('complete', ticket, { review: shown.review, attributes: [] });
    expect(await known(contact)).toEqual(['customer_demographic: elderly']);
  });

  test('that were only supposed before go when they are dropped here, and are sure when they are kept', async () => {
    const { contact, ticket, shown } = await atReview();
    const { done, agent, dana } = panes();
    await done(agent, 'attribute.set', { contact_id: contact, ...biskit });
    await done(agent, 'attribute.set', { contact_id: contact, ...gate });
    expect(await known(contact)).toEqual(['pet: dog (name: Biskit)?', 'property_note: keep gate closed?']);
    await desk.step('complete', ticket, { review: shown.review, attributes: [gate] });
    expect(await known(contact)).toEqual(['property_note: keep gate closed']);
    expect(await done(dana, 'attribute.confirm', { contact_id: contact })).toMatchObject({ confirmed: [] });
  });

  test.each([
    [[{ key: 'Not a key!', value: 'x' }], 'attributes.0.key'],
    [[{ key: 'pet', value: '' }], 'attributes.0.value'],
    [[{ key: 'pet' }], 'attributes.0.value'],
    [[{ key: 'pet', value: 'dog', details: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } }], 'attributes.0.details'],
    [Array.from({ length: 31 }, (_, n) => ({ key: `key_${n}`, value: n })), 'attributes'],
  ])('are refused when they are none, and nothing is completed: %j', async (attributes, field) => {
    const { ticket, shown } = await atReview();
    for (const step of ['review', 'complete']) {
      const data = { review: shown.review, attributes };
      const refused = await desk.leavesNothing(() => desk.refused(step, ticket, data));
      expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', field: expect.stringMatching(`^${field}`) });
    }
    expect(await desk.step('complete', ticket, { review: shown.review })).toMatchObject({ step: 'payment' });
  });

  test('of a key that has one value: the new one takes the place of the old one, and of two the first counts', async () => {
    const { done, dana, act, theo } = panes();
    const { contact, ticket, shown } = await atReview('');
    await done(dana, 'attribute.set', { contact_id: contact, key: 'preferred_language', value: 'one' });
    const attributes = [
      { key: 'preferred_language', value: 'two' },
      { key: 'preferred_language', value: 'three' },
    ];
    const data = { ticket_id: ticket, review: shown.review, attributes };
    const { warnings } = await act(theo, 'closeout.complete', data);
    expect(warnings).toEqual([`Left out: «preferred_language: three» is a second value.`]);
    expect(await known(contact)).toEqual([`preferred_language: two`]);
  });
});

describe('notes that hold more than anybody reads', () => {
  test('are closed out all the same: thousands of words, long sentences, and any letters', async () => {
    const text = `${'The gate must stay closed because of the dog named Biscuit and '.repeat(120)}end. ${'🐕‍🦺 «»<script> '.repeat(60)}`;
    const { ticket, shown, contact } = await atReview(text);
    const attributes = shown.attributes.map(({ shown: _, ...fact }) => fact);
    await desk.step('complete', ticket, { review: shown.review, attributes });
    const [note] = await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } });
    expect(note?.content).toBe(text.trim());
    expect(await known(contact)).toHaveLength(attributes.length);
  });
});

describe('a phone without signal (CLO-15)', () => {
  test('completes with what it showed: duration and total; facts nobody saw wait for somebody', async () => {
    const { contact, ticket } = await atReview();
    const wrong = { duration_minutes: 75, total_cents: 14_900 };
    for (const offline of [wrong, { duration_minutes: 74, total_cents: 15_000 }]) {
      expect(await desk.leavesNothing(() => desk.refused('complete', ticket, { offline }))).toEqual({
        code: 'CONFLICT',
        message: 'Duration or total are not what your phone showed.',
        field: 'offline',
        hint: 'Look at the review and complete it there; everything you wrote is kept.',
      });
    }
    const offline = { duration_minutes: 75, total_cents: 15_000 };
    const completed = await desk.step('complete', ticket, { offline });
    expect(completed).toMatchObject({ step: 'payment', attributes: [] });
    expect(await known(contact)).toEqual([]);
    const [session] = await panes().read(panes().dana, 'closeout_sessions', {
      params: { ticket_id: ticket },
      fields: ['is_reviewed_offline'],
    });
    expect(session).toMatchObject({ is_reviewed_offline: true });
    await whileWorking(panes(), async () => {
      await expect
        .poll(() => known(contact), soon)
        .toEqual([
          'customer_demographic: elderly?',
          'pet: dog (name: Biskit)?',
          'property_note: keep gate closed?',
        ]);
    });
  });

  test('brings the facts its user typed, which are confirmed, and those that were reviewed before', async () => {
    const offline = { duration_minutes: 75, total_cents: 15_000 };
    const typed = await atReview();
    await desk.step('complete', typed.ticket, { offline, attributes: [biscuit] });
    expect(await known(typed.contact)).toEqual(['pet: dog (name: Biscuit)']);
    const reviewed = await atReview();
    await desk.step('review', reviewed.ticket, { review: reviewed.shown.review, attributes: [biscuit] });
    await desk.step('complete', reviewed.ticket, { offline });
    await whileWorking(panes(), async () => {
      const status = async () =>
        (await panes().read(panes().dana, 'notes', { params: { ticket_id: reviewed.ticket } }))[0];
      await expect.poll(status, soon).toMatchObject({ extraction_status: 'done' });
    });
    // What was dropped while there was signal stays dropped.
    expect(await known(reviewed.contact)).toEqual(['pet: dog (name: Biscuit)']);
  });

  test('does not close what the office changed meanwhile', async () => {
    const { done, dana } = panes();
    const { ticket } = await atReview();
    await done(dana, 'ticket.update_line', { ticket_id: ticket, line_id: '1', unit_price_cents: 20_000 });
    const offline = { duration_minutes: 75, total_cents: 15_000 };
    expect(await desk.refused('complete', ticket, { offline })).toMatchObject({
      code: 'CONFLICT',
      step: 'work',
    });
  });
});
