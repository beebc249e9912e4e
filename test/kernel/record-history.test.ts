import { beforeAll, expect, test } from 'vitest';
import { as, useOffice } from '../support/office.ts';

const office = useOffice();

beforeAll(async () => {
  const { done, bright } = office();
  const dana = as(bright, 'Dana');
  await done(dana, 'contact.create', { full_name: 'Jane Smith' });
  await done(dana, 'contact.create', { full_name: 'Henry Hart' });
  await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Ring twice.' });
  await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Two dogs.' });
  await done(dana, 'note.update', { note_id: 'N-1001', content: 'Ring three times.' });
  await done(dana, 'address.create', { contact_id: 'C-1001', line1: '1 River Road', city: 'Madison' });
});

/** What was done, by the history of one record, the newest first. */
async function deedsOf(type: string, id: string): Promise<unknown[]> {
  const { read, bright } = office();
  const [row] = await read(as(bright, 'Dana'), type, { id, include: ['audit_trail'] });
  return Array.isArray(row?.audit_trail) ? row.audit_trail.map(entry => entry.domain_action) : [];
}

test('what happened to a note or an address stands in its own history, and nothing of the others', async () => {
  expect(await deedsOf('notes', 'N-1001')).toEqual(['note.update', 'note.create']);
  expect(await deedsOf('notes', 'N-1002')).toEqual(['note.create']);
  expect(await deedsOf('addresses', 'A-1001')).toEqual(['address.create']);
});

test('and in that of its customer, who has all of it', async () => {
  expect(await deedsOf('contacts', 'C-1001')).toEqual([
    'address.create',
    'note.update',
    'note.create',
    'note.create',
    'contact.create',
  ]);
  expect(await deedsOf('contacts', 'C-1002')).toEqual(['contact.create']);
});
