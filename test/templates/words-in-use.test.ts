import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// The words of the business, from the editor to the mail (EML-02, EML-03, WEB-04).

const panes = useBrightPanes();

const words = {
  kind: 'confirmation',
  name: 'Ours',
  subject: 'See you on {{appointment_date}}',
  body: 'Dear {{customer_name}},\n\nwe come at {{appointment_time}} to {{address}}.',
};
const newest = async () =>
  (await panes().read(panes().dana, 'outbox', { params: { kind: 'email' }, limit: 1 }))[0]?.payload;
const preview = async (params: Record<string, unknown>) =>
  (await panes().read(panes().dana, 'template_preview', { params }))[0];

test('words are tried, saved, used by the next mail, and taken away again', async () => {
  const { done, olivia, book } = panes();
  expect(await preview({ kind: 'confirmation', subject: words.subject, body: words.body })).toMatchObject({
    words: 'tried',
    subject: 'See you on Tuesday, December 1',
    text: expect.stringMatching(
      /^Dear Jane Smith,\n\nwe come at 9:00 AM to 123 Main Street, Madison, AL 35758\./,
    ),
  });
  const { reference } = await done(olivia, 'template.create', words);
  expect(await preview({ kind: 'confirmation' })).toMatchObject({ words: 'business' });
  await book('2026-12-10T09:00', { notify_customer: true });
  expect(await newest()).toMatchObject({
    subject: 'See you on Thursday, December 10',
    text: 'Dear Jane Smith,\n\nwe come at 9:00 AM to 123 Main Street, Madison, AL 35758.',
  });
  await done(olivia, 'template.delete', { template_id: reference });
  await book('2026-12-11T09:00', { notify_customer: true });
  expect(await newest()).toMatchObject({ subject: 'Your appointment on Friday, December 11 at 9:00 AM' });
});

test('one of a kind is in use: the newest puts the other out of use', async () => {
  const { done, olivia, read, dana } = panes();
  const first = await done(olivia, 'template.create', { ...words, kind: 'reminder' });
  const second = await done(olivia, 'template.create', { ...words, kind: 'reminder' });
  const rows = await read(dana, 'templates', { params: { kind: 'reminder' } });
  expect(Object.fromEntries(rows.map(row => [row.reference, row.is_active]))).toEqual({
    [String(first.reference)]: false,
    [String(second.reference)]: true,
  });
});

test('a name nobody knows is refused, and a mail with nothing to put in does not go out', async () => {
  const { act, done, olivia, dana, read } = panes();
  const wrong = { ...words, body: 'Dear {{customer_nam}}' };
  expect(await refusal(act(olivia, 'template.create', wrong))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'body',
    did_you_mean: ['customer_name'],
  });
  const { reference } = await done(olivia, 'template.create', words);
  const nowhere = await done(dana, 'contact.create', { full_name: 'Nora Place', email: 'nora@example.com' });
  const booking = { contact_id: nowhere.id, scheduled_at: '2026-12-14T09:00', notify_customer: true };
  expect(await done(dana, 'ticket.create', booking)).toMatchObject({
    customer_told: 'not told: There is nothing to put in for {{address}}.',
  });
  const [message] = await read(dana, 'scheduled_messages', { params: { contact_id: String(nowhere.id) } });
  expect(message).toMatchObject({ status: 'failed' });
  await done(olivia, 'template.delete', { template_id: reference });
});

test('words an assistant writes wait for the owner', async () => {
  const { act, agent } = panes();
  const reasoning = 'The owner wants it friendlier';
  expect((await act(agent, 'template.create', words, { reasoning })).status).toBe('pending_authorization');
});
