import { expect, test } from 'vitest';
import { useLeadPages } from './lead-pages.ts';

// Customers whom no mail reaches, as people see them: why, whom to call with which words, and what came of it.

const { pages, see, post } = useLeadPages();

test('an address from which mail came back says so on the customer’s page, and is written to again by a button', async () => {
  const { done, bright } = pages();
  await done(bright.owner, 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Hello',
    body: 'Hello Jane.',
  });
  const { rows } = await pages().database.owner.query(`select id from jobs where kind = 'email' limit 1`);
  const system = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
  await done(system, 'message.record_event', {
    queued_as: String(rows[0]?.id),
    delivery: 'bounced',
    occurred_at: '2026-11-03T15:00:00Z',
  });
  const { text } = await see('/contacts/C-1001');
  expect(text).toContain('Mail to jane.smith@example.com came back');
  expect(text).toContain('Nothing is written to it: call instead, or give another address');
  const again = await post('/contacts/C-1001/emails/write-again', {});
  expect(again.text).toContain('Mail goes to this address again.');
  expect(again.text).not.toContain('Nothing is written to it');
});

test('a call to a customer without an address stands in the list with the number and the words; a button says what came of it', async () => {
  const { done, read, bright } = pages();
  await done(bright.owner, 'contact.create', { full_name: 'Nora Quinn', phone: '256-555-0188' });
  const { id } = await done(bright.owner, 'ticket.create', {
    contact_id: 'Nora Quinn',
    scheduled_at: '2026-12-10T09:00',
    duration_minutes: 60,
    lines: [{ service_id: 'S-1' }],
    notify_customer: true,
  });
  const [task] = await read(bright.owner, 'tasks', {
    filter: 'calls',
    params: { contact_id: 'Nora Quinn' },
    fields: ['reference'],
  });
  const list = await see('/follow-ups');
  expect(list.text).toContain('Call Nora Quinn: confirm the visit on Thursday, December 10 at 9:00 AM');
  expect(list.text).toContain('Does that suit you?');
  expect(list.markup).toContain('href="tel:+12565550188"');
  const path = `/follow-ups/${String(task?.reference)}/done`;
  const nobody = await post(path, { outcome: 'nobody_there' });
  expect(nobody.text).toContain(`${String(task?.reference)} is still to be done.`);
  const accepted = await post(path, { outcome: 'accepted' });
  expect(accepted.text).toContain(`${String(task?.reference)} is done.`);
  const [visit] = await read(bright.owner, 'tickets', { id: String(id), fields: ['confirmation_status'] });
  expect(visit).toMatchObject({ confirmation_status: 'accepted' });
});
