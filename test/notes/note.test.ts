import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('a note about a visit is a note about its customer, told in the customer’s history', async () => {
  const { book, agent, done, read } = panes();
  const visit = await book('2026-11-23T09:00');
  const note = await done(agent, 'note.create', { ticket: 'T-2001', text: ' Gate code 4411 ' });
  expect(note).toEqual({
    id: expect.any(String),
    reference: 'N-1001',
    contact_id: visit.contact_id,
    ticket_id: visit.id,
    lead_id: null,
    content: 'Gate code 4411',
    source: 'manual',
    extraction_status: 'pending',
    extracted_by: null,
    import_batch_id: null,
    deleted_at: null,
    version: 1,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const [jane] = await read(agent, 'contacts', { id: 'C-1001', include: ['audit_trail'] });
  const [entry] = Array.isArray(jane?.audit_trail) ? jane.audit_trail : [];
  expect(entry).toMatchObject({
    entity_type: 'note',
    domain_action: 'note.create',
    actor_name: 'Office Manager',
  });
  expect(await read(agent, 'notes', { params: { ticket_id: 'T-2001' } })).toMatchObject([
    { reference: 'N-1001' },
  ]);
});

test('a note is about somebody, and not about one customer’s visit at another customer’s', async () => {
  const { dana, act } = panes();
  const write = (data: Record<string, unknown>) =>
    act(dana, 'note.create', { content: 'Likes tea', ...data });
  expect(await refusal(write({}))).toEqual({
    code: 'VALIDATION_ERROR',
    message: 'A note is about somebody.',
    field: 'contact_id',
    hint: 'Give contact_id, lead_id or ticket_id.',
  });
  expect(await refusal(write({ contact_id: 'C-1002', ticket_id: 'T-2001' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'ticket_id',
    message: 'This visit is another customer’s.',
  });
  expect(await refusal(write({ ticket_id: 'T-9999' }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'ticket_id',
  });
  expect(await refusal(write({ contact_id: 'C-1001', content: '  ' }))).toMatchObject({ field: 'content' });
  expect((await write({ contact_id: 'C-1001', ticket_id: 'T-2001' })).status).toBe('done');
});

test('a note is corrected, moved to the right customer, deleted and brought back', async () => {
  const { agent, dana, done, act, read } = panes();
  const { reference } = await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Has a cat' });
  const note_id = String(reference);
  const [hart] = await read(dana, 'contacts', { id: 'C-1002' });
  expect(
    await done(dana, 'note.update', { note_id, content: 'Has two cats', contact_id: 'Mrs Hart' }),
  ).toMatchObject({ content: 'Has two cats', contact_id: hart?.id });
  expect(await refusal(act(agent, 'note.delete', { note_id }))).toMatchObject({ code: 'REASONING_REQUIRED' });
  const reasoning = 'The cats have moved out, says Mrs Hart';
  expect(await done(agent, 'note.delete', { note_id }, { reasoning })).toMatchObject({ deleted: true });
  expect(await refusal(act(dana, 'note.delete', { note_id }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await read(dana, 'notes', { params: { contact_id: 'C-1002' } })).toEqual([]);
  expect(await done(dana, 'note.restore', { note_id })).toMatchObject({ content: 'Has two cats' });
  expect(await refusal(act(dana, 'note.restore', { note_id }))).toMatchObject({ code: 'INVALID_STATE' });
});

test('a note about a visit stays with the customer of that visit', async () => {
  const { dana, act } = panes();
  const move = (contact_id: string) => act(dana, 'note.update', { note_id: 'N-1001', contact_id });
  expect(await refusal(move('C-1002'))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'ticket_id' });
  expect((await move('C-1001')).status).toBe('done');
});

test('notes are read newest first', async () => {
  const { dana, done, read } = panes();
  const { id } = await done(dana, 'contact.create', { full_name: 'Talkative Tom' });
  for (const content of ['one', 'two', 'three']) await done(dana, 'note.create', { contact_id: id, content });
  const rows = await read(dana, 'notes', { params: { contact_id: String(id) }, sort: '-created_at' });
  expect(rows.map(row => row.content)).toEqual(['three', 'two', 'one']);
});
