import { expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';

const office = useOffice();

test('the agent writes down that a customer gave consent, and the entry carries its own name', async () => {
  const { bright, done, read } = office();
  const { id } = await done(bright.owner, 'contact.create', { full_name: 'Jane Smith' });
  await done(bright.agent, 'audit.log', {
    contact_id: 'C-1001',
    action: 'consent_given',
    data: { by: 'phone' },
  });
  const [entry] = await read(bright.owner, 'audit_log', { params: { action: 'consent_given' } });
  expect(entry).toMatchObject({
    subject_type: 'contact',
    subject_id: id,
    actor_name: 'Office Manager',
    changes: { by: { old: null, new: 'phone' } },
  });
});

test('nobody can write an entry that only a real change may write', async () => {
  const { bright, act, read } = office();
  for (const action of ['create', 'delete', 'paid']) {
    await expect(act(bright.agent, 'audit.log', { contact_id: 'C-1001', action })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  }
  expect(await read(bright.owner, 'audit_log', { params: { action: 'paid' } })).toEqual([]);
});

test('another business’s customer cannot be written about', async () => {
  const { bright, clear, act, done } = office();
  const { id } = await done(clear.owner, 'contact.create', { full_name: 'Carl Clear' });
  await expect(act(bright.agent, 'audit.log', { contact_id: id, action: 'exported' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(act(clear.agent, 'audit.log', { contact_id: id, action: 'exported' })).resolves.toMatchObject({
    status: 'done',
  });
});
