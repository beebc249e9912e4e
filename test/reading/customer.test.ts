import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

test('a customer is read with what points to them: inquiries, what was said, notes and known facts', async () => {
  const { done, read, dana } = panes();
  const { reference: lead } = await done(dana, 'lead.create', {
    full_name: 'Nora Newcomer',
    raw_notes: 'Wants her gutters done',
    extract: 'no',
  });
  await done(dana, 'note.create', { lead_id: String(lead), content: 'Has a greenhouse', extract: 'no' });
  const { contact } = await done(dana, 'lead.convert', { lead_id: String(lead) });
  expect(contact).toMatchObject({ full_name: 'Nora Newcomer' });
  const { reference: rings } = await done(dana, 'note.create', {
    contact_id: 'Nora Newcomer',
    content: 'Rings twice',
    extract: 'no',
  });
  await done(dana, 'attribute.set', { contact_id: 'Nora Newcomer', key: 'pet', value: 'dog' });
  const include = ['leads', 'interactions', 'notes', 'attributes'];
  const [nora] = await read(dana, 'contacts', { search: 'Nora Newcomer', include });
  expect(nora).toMatchObject({
    leads: [{ reference: lead, status: 'converted' }],
    interactions: [{ type: 'note', direction: 'internal', body: 'Wants her gutters done' }],
    notes: [{ content: 'Rings twice' }, { content: 'Has a greenhouse' }],
    attributes: [{ key: 'pet', shown: 'pet: dog', is_confirmed: true }],
  });
  await done(dana, 'note.delete', { note_id: String(rings) });
  expect(await read(dana, 'contacts', { search: 'Nora Newcomer', include: ['notes'] })).toMatchObject([
    { notes: [{ content: 'Has a greenhouse' }] },
  ]);
});
