import { describe, expect, test } from 'vitest';
import { knownOf, newCustomer } from '../attributes/known-of.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { race, refusal } from '../support/refusal.ts';
import { referenceNote, useDesk } from './desk.ts';

const panes = useBrightPanes();
const desk = useDesk(panes);
const { known, write, noteOf, jobs } = desk;

describe('a note that is corrected', () => {
  test('is read again: what it says no longer goes, what somebody has confirmed stays', async () => {
    const { dana, done, read } = panes();
    const note = await write('Has a dog and a cat. Gate code 4711.', { extract: 'now' });
    const [dog] = await read(dana, 'attributes', { params: { contact_id: desk.customer, value: 'dog' } });
    await done(dana, 'attribute.confirm', { attribute_ids: [dog?.reference] });
    await done(dana, 'note.update', { note_id: note.id, content: 'Has a parrot. Gate code 4711.' });
    expect(await noteOf(note.id)).toMatchObject({ extraction_status: 'pending', extracted_by: null });
    await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(note.id), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(await known()).toEqual(['gate_code: 4711?', 'pet: dog', 'pet: parrot?']);
  });

  test('in other ways than its words is not', async () => {
    const { dana, done } = panes();
    const note = await write('Has a dog.', { extract: 'now' });
    await done(dana, 'note.update', { note_id: note.id, content: 'Has a dog.' });
    expect(await noteOf(note.id)).toMatchObject({ extraction_status: 'done' });
    expect(await jobs()).toEqual([]);
  });

  test('twice before the worker comes is read as it is in the end', async () => {
    const { dana, done } = panes();
    const note = await write('Has a dog.');
    await done(dana, 'note.update', { note_id: note.id, content: 'Has a cat.' });
    await done(dana, 'note.update', { note_id: note.id, content: 'Has a parrot.' });
    await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(note.id), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(await known()).toEqual(['pet: parrot?']);
  });

  test('to be about somebody else takes its facts along', async () => {
    const { dana, done } = panes();
    const note = await write('Has a dog.', { extract: 'now' });
    const other = await newCustomer(panes(), 'Other Otto');
    await done(dana, 'note.update', { note_id: note.id, contact_id: other });
    expect(await known()).toEqual([]);
    await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(note.id), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(await knownOf(panes(), other)).toEqual(['pet: dog?']);
  });
});

test('a note that is deleted takes its unconfirmed facts along, and brings them back', async () => {
  const { dana, done, read } = panes();
  const note = await write('Has a dog and a cat.', { extract: 'now' });
  const [dog] = await read(dana, 'attributes', { params: { contact_id: desk.customer, value: 'dog' } });
  await done(dana, 'attribute.confirm', { attribute_ids: [dog?.reference] });
  await done(dana, 'note.delete', { note_id: note.id });
  expect(await known()).toEqual(['pet: dog']);
  await done(dana, 'note.restore', { note_id: note.id });
  expect(await known()).toEqual(['pet: cat?', 'pet: dog']);
});

describe('note.extract', () => {
  test('is refused for a note that is not here, for technicians, and for a model nobody has set up', async () => {
    const { dana, theo, clear, act, done } = panes();
    const note = await write('Has a dog.', { extract: 'no' });
    const extract = (who: typeof dana, data: Record<string, unknown> = {}) =>
      act(who, 'note.extract', { note_id: note.id, ...data });
    expect(await refusal(extract(clear.owner))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(extract(theo))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(extract(dana, { method: 'llm' }))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'method',
    });
    expect(await noteOf(note.id)).toMatchObject({ extraction_status: 'none' });
    await done(dana, 'note.delete', { note_id: note.id });
    expect(await refusal(extract(dana))).toMatchObject({ code: 'NOT_FOUND' });
    await done(dana, 'note.restore', { note_id: note.id });
    expect(await extract(dana)).toMatchObject({ status: 'done' });
  });

  test('by several at once leaves each fact once', async () => {
    const { dana, done } = panes();
    const note = await write(referenceNote, { extract: 'no' });
    const { won, refused } = await race(
      Array.from({ length: 5 }, () => done(dana, 'note.extract', { note_id: note.id })),
    );
    expect(won.length).toBeGreaterThan(0);
    // Whoever read the note before another one wrote down that it was read has to read it again.
    expect(refused.every(code => code === 'CONFLICT')).toBe(true);
    expect(await known()).toHaveLength(5);
  });
});

test('a note about somebody who is no customer yet is read once there is one', async () => {
  const { dana, act, done, read } = panes();
  const fields = { full_name: 'Nora Newcomer', email: 'nora@customers.example' };
  const lead = await done(dana, 'lead.create', { ...fields, raw_notes: 'Wants a quote' });
  const { data, warnings } = await act(dana, 'note.create', {
    lead_id: lead.id,
    content: 'Has a dog.',
    extract: 'now',
  });
  expect(data).toMatchObject({ contact_id: null, extraction_status: 'none' });
  expect(warnings).toEqual([
    'Facts are about customers, and this note is about none yet: they are found once its lead has one.',
  ]);
  expect(await refusal(act(dana, 'note.extract', { note_id: data.id }))).toMatchObject({
    code: 'INVALID_STATE',
    field: 'note_id',
  });
  await done(dana, 'lead.convert', { lead_id: lead.id });
  expect(await noteOf(data.id)).toMatchObject({ extraction_status: 'pending' });
  await whileWorking(panes(), async () => {
    await expect.poll(() => noteOf(data.id), soon).toMatchObject({ extraction_status: 'done' });
  });
  const [nora] = await read(dana, 'contacts', { search: 'nora@customers.example' });
  expect(await knownOf(panes(), String(nora?.reference))).toEqual(['pet: dog?']);
});
