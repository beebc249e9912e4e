import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { referenceNote, useDesk } from './desk.ts';

const panes = useBrightPanes();
const desk = useDesk(panes);
const { known, write, noteOf, jobs } = desk;
const closeOut =
  'Elderly woman, very nice. Dog named Biscuit, keep gate closed. Complex sill on 2nd story, brought extension ladder.';

describe('a note whose facts are found at once', () => {
  test('answers the five facts of the reference note, unconfirmed, and says that rules found them (NOT-05)', async () => {
    const note = await write(referenceNote, { extract: 'now' });
    expect(note).toMatchObject({ content: referenceNote, extraction_status: 'done', extracted_by: 'rules' });
    expect(note.attributes).toEqual(
      [
        'customer_demographic: elderly',
        'property_screen_count: 20+',
        'service_duration_note: longer_than_usual',
        'pet: dog (name: Biscuit)',
        'property_note: keep gate closed',
      ].map(shown => ({ reference: expect.stringMatching(/^AT-\d+$/), shown, is_confirmed: false })),
    );
    const [dog] = await panes().read(panes().dana, 'attributes', {
      params: { note_id: String(note.id), key: 'pet' },
      fields: ['value', 'details', 'source', 'extracted_by', 'confirmed_by'],
    });
    expect(dog).toMatchObject({
      value: 'dog',
      details: { name: 'Biscuit' },
      source: 'note',
      extracted_by: 'rules',
      confirmed_by: null,
    });
    expect(await jobs()).toEqual([]);
  });

  test('is found by them afterwards', async () => {
    await write(referenceNote, { extract: 'now' });
    const { dana, read } = panes();
    const elderly = await read(dana, 'contacts', { params: { attribute: 'customer_demographic=elderly' } });
    expect(elderly.map(row => row.reference)).toContain(desk.customer);
    const screens = await read(dana, 'contacts', { params: { attribute: 'screens' } });
    expect(screens.map(row => row.reference)).toContain(desk.customer);
  });

  test('about a visit gives the customer of the visit its facts', async () => {
    const { book, dana, done } = panes();
    desk.customer = 'C-1001';
    const visit = await book('2026-11-23T09:00');
    await done(dana, 'note.create', { ticket_id: visit.id, content: closeOut, extract: 'now' });
    expect(await known()).toEqual([
      'customer_demographic: elderly?',
      'equipment_needed: extension ladder?',
      'pet: dog (name: Biscuit)?',
      'property_detail: complex 2nd story sill?',
      'property_note: keep gate closed?',
    ]);
  });

  test('adds nothing that is known, and takes nothing from what somebody has confirmed', async () => {
    const { dana, done } = panes();
    await write(referenceNote, { extract: 'now' });
    await done(dana, 'attribute.confirm', { contact_id: desk.customer });
    await write('Young family. Dog named Biscuit. 24 screens.', { extract: 'now' });
    expect(await known()).toEqual([
      'customer_demographic: elderly',
      'customer_demographic: young_family?',
      'pet: dog (name: Biscuit)',
      'property_note: keep gate closed',
      'property_screen_count: 20+',
      'property_screen_count: 24?',
      'service_duration_note: longer_than_usual',
    ]);
  });

  test('does not bring back what somebody deleted as wrong; a person may', async () => {
    const { dana, done, read } = panes();
    await write('Has a dog.', { extract: 'now' });
    const [dog] = await read(dana, 'attributes', { params: { contact_id: desk.customer } });
    await done(dana, 'attribute.delete', { attribute_id: dog?.reference });
    await write('Saw the dog again, and a cat.', { extract: 'now' });
    expect(await known()).toEqual(['pet: cat?']);
    await done(dana, 'attribute.set', { contact_id: desk.customer, key: 'pet', value: 'dog' });
    expect(await known()).toEqual(['pet: cat?', 'pet: dog']);
  });

  test('in a preview leaves nothing', async () => {
    const { dana, act, read } = panes();
    const data = { contact_id: desk.customer, content: referenceNote, extract: 'now' };
    const preview = await act(dana, 'note.create', data, { preview: true });
    expect(preview).toMatchObject({ status: 'preview', data: { result: { extraction_status: 'done' } } });
    expect(await known()).toEqual([]);
    expect(await read(dana, 'notes', { params: { contact_id: desk.customer } })).toEqual([]);
  });

  test('and sent twice with the same key is one note with its facts', async () => {
    const { dana, act } = panes();
    const data = { contact_id: desk.customer, content: referenceNote, extract: 'now' };
    const extra = { idempotency_key: `note-${desk.customer}` };
    const first = await act(dana, 'note.create', data, extra);
    expect(await act(dana, 'note.create', data, extra)).toMatchObject({ replayed: true, data: first.data });
    expect(await known()).toHaveLength(5);
  });
});

describe('a note whose facts are found in a moment', () => {
  test('is there at once, and its facts when the worker has read it', async () => {
    const note = await write(referenceNote);
    expect(note).toMatchObject({ extraction_status: 'pending', extracted_by: null });
    expect(note).not.toHaveProperty('attributes');
    expect(await jobs()).toEqual([{ payload: { note_id: note.id } }]);
    const problems = await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(note.id), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(problems).toEqual([]);
    expect(await noteOf(note.id)).toMatchObject({ extracted_by: 'rules' });
    expect(await known()).toHaveLength(5);
    const history = await panes().read(panes().olivia, 'audit_log', {
      params: { action: 'create', entity_type: 'attribute' },
      fields: ['actor_kind', 'domain_action'],
      limit: 1,
    });
    expect(history).toMatchObject([{ actor_kind: 'system', domain_action: 'note.extract' }]);
  });

  test('is not said to go out to anybody', async () => {
    const { dana, act } = panes();
    const data = { contact_id: desk.customer, content: referenceNote };
    const preview = await act(dana, 'note.create', data, { preview: true });
    expect(preview.data).toMatchObject({ would_send: [] });
    expect(await jobs()).toEqual([]);
  });

  test('and is deleted before, or read by somebody else before, keeps the worker from nothing', async () => {
    const { dana, done } = panes();
    const gone = await write('Has a dog.');
    await done(dana, 'note.delete', { note_id: gone.id });
    const read = await write('Has a cat.');
    await done(dana, 'note.extract', { note_id: read.id });
    const last = await write('Has a parrot.');
    const problems = await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(last.id), soon).toMatchObject({ extraction_status: 'done' });
      const params = { state: 'waiting', kind: 'note_extraction' };
      const waiting = () => panes().read(dana, 'outbox', { params });
      await expect.poll(waiting, soon).toEqual([]);
    });
    expect(problems).toEqual([]);
    expect(await known()).toEqual(['pet: cat?', 'pet: parrot?']);
  });
});

describe('a note whose facts nobody wants', () => {
  test('has none, until somebody asks for them', async () => {
    const note = await write(referenceNote, { extract: 'no' });
    expect(note).toMatchObject({ extraction_status: 'none', extracted_by: null });
    expect(await jobs()).toEqual([]);
    const { dana, done } = panes();
    await done(dana, 'note.update', { note_id: note.id, content: `${referenceNote} Indeed.` });
    expect(await jobs()).toEqual([]);
    expect(await done(dana, 'note.extract', { note_id: note.id })).toMatchObject({
      reference: note.reference,
      extraction_status: 'done',
      extracted_by: 'rules',
      dropped: [],
    });
    expect(await known()).toHaveLength(5);
  });

  test('is what an import brings: its notes are left as they are', async () => {
    const { dana, done, read } = panes();
    await done(dana, 'import.square', {
      content:
        'First Name,Last Name,Email Address,Phone Number,Memo,Square Customer ID\nIda,Imported,,,Dog named Biscuit,SQ-1\n',
    });
    const [ida] = await read(dana, 'contacts', { search: 'Ida Imported' });
    const notes = await read(dana, 'notes', { params: { contact_id: String(ida?.reference) } });
    expect(notes).toMatchObject([{ content: 'Dog named Biscuit', extraction_status: 'none' }]);
    expect(await jobs()).toEqual([]);
  });
});

describe('a note that comes with its facts', () => {
  const attributes = [
    { key: 'Pets', value: 'dog', details: { name: 'Biscuit' } },
    { key: 'gate_code', value: '4711' },
  ];

  test('from the agent: they are the agent’s word, and nobody looks for others', async () => {
    const { agent, done } = panes();
    const note = await done(agent, 'note.create', {
      contact_id: desk.customer,
      content: referenceNote,
      attributes,
    });
    expect(note).toMatchObject({
      extraction_status: 'done',
      extracted_by: 'agent',
      attributes: [
        { shown: 'pet: dog (name: Biscuit)', is_confirmed: false },
        { shown: 'gate_code: 4711', is_confirmed: false },
      ],
    });
    expect(await jobs()).toEqual([]);
    expect(await known()).toEqual(['gate_code: 4711?', 'pet: dog (name: Biscuit)?']);
  });

  test('from a person: they are confirmed', async () => {
    await write('Rang up.', { attributes });
    expect(await known()).toEqual(['gate_code: 4711', 'pet: dog (name: Biscuit)']);
  });

  test('and with others that are found in it keeps both', async () => {
    const { agent, done } = panes();
    const note = await done(agent, 'note.create', {
      contact_id: desk.customer,
      content: 'Has a cat.',
      attributes,
      extract: 'now',
    });
    expect(note).toMatchObject({ extraction_status: 'done', extracted_by: 'rules' });
    await done(agent, 'note.extract', { note_id: note.id });
    expect(await known()).toEqual(['gate_code: 4711?', 'pet: cat?', 'pet: dog (name: Biscuit)?']);
  });

  test('takes the first of two values where there can be one, and says so', async () => {
    const { agent, act } = panes();
    const twice = [
      { key: 'gate_code', value: '1111' },
      { key: 'gate_code', value: '2222' },
    ];
    const { warnings } = await act(agent, 'note.create', {
      contact_id: desk.customer,
      content: 'Two codes.',
      attributes: twice,
    });
    expect(warnings).toEqual(['Left out: «gate_code: 2222» is a second value.']);
    expect(await known()).toEqual(['gate_code: 1111?']);
  });

  test('of a wrong form is refused with the member that is wrong', async () => {
    const call = { contact_id: desk.customer, content: 'x', attributes: [{ key: 'Not a key!', value: 'x' }] };
    expect(await refusal(panes().act(panes().agent, 'note.create', call))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'attributes.0.key',
    });
  });
});
