import { expect, test } from 'vitest';
import { useLeadPages } from './lead-pages.ts';

// What is to be done, on one page: calls to make, reminders of leads, tasks (CFL-63, EXP-06).

const { pages, see, post, takeIn } = useLeadPages();
const add = async (data: Record<string, unknown>) =>
  String((await pages().done(pages().bright.owner, 'task.create', data)).reference);

test('the list shows calls and tasks together, and a task is ticked off there', async () => {
  await takeIn({ raw_notes: 'Mary Collins called, 256-555-0177, wants a price.' });
  const task = await add({ title: 'Order squeegees', due_at: '2026-11-20' });
  const { text, markup } = await see('/follow-ups');
  for (const said of ['To do', 'Mary Collins', 'Order squeegees', task]) expect(text).toContain(said);
  expect(markup).toContain(`href="/records/tasks/${task}"`);
  const done = await post(`/follow-ups/${task}/done`, {});
  expect(done.text).toContain(`${task} is done.`);
  expect(done.text).not.toContain('Order squeegees');
  expect((await see(`/records/tasks/${task}`)).text).toContain('done');
});

test('a task is written down there, about whom it is; what cannot be is said beside it, and nothing typed is lost', async () => {
  const form = { title: 'Ring about the gutters', due_at: '2026-11-19T09:00', about: 'Jane Smith' };
  const past = await post('/follow-ups/new', { ...form, due_at: '2026-11-01T09:00' });
  expect(past.status).toBe(400);
  expect(past.text).toContain('This time is past.');
  expect(past.markup).toContain('value="Ring about the gutters"');
  const nobody = await post('/follow-ups/new', { ...form, about: 'Nobody Known' });
  expect(nobody.status).toBe(404);
  expect(nobody.markup).toContain('value="Nobody Known"');
  const added = await post('/follow-ups/new', form);
  expect(added.text).toMatch(/TASK-\d+ is noted\./);
  expect(added.text).toContain('Ring about the gutters');
  expect(added.text).toContain('Jane Smith');
});

test('the pages every record has show tasks, with a form for a new one and one to change it', async () => {
  const task = await add({ title: 'Look at the roof', due_at: '2026-11-23', about: 'C-1001' });
  expect((await see('/records/tasks')).text).toContain('Look at the roof');
  const { text, markup } = await see(`/records/tasks/${task}`);
  expect(text).toContain('Jane Smith');
  expect(markup).toContain(`/records/tasks/${task}/edit`);
  expect((await see('/records/tasks/new')).text).toContain('New task');
  const edited = await see(`/records/tasks/${task}/edit`);
  expect(edited.markup).toContain('value="2026-11-23T08:00"');
  const seen = /name="seen" value="(\d+)"/.exec(edited.markup)?.[1] ?? '';
  const saved = await post(`/records/tasks/${task}/edit`, { seen, title: 'Look at the whole roof' });
  expect(saved.text).toContain('Look at the whole roof');
  expect((await see('/records/contacts/C-1001')).text).toContain('Look at the whole roof');
});

test('a technician sees and ends their own tasks, and is told of those of today', async () => {
  const own = await add({ title: 'Bring the long ladder', due_at: '2026-11-18', assignee_id: 'Theo' });
  const other = await add({ title: 'Ring the bank', due_at: '2026-11-18', assignee_id: 'Dana' });
  expect((await see('/', 'theo')).text).toContain('1 task due');
  const { text, markup } = await see('/follow-ups', 'theo');
  expect(text).toContain('Bring the long ladder');
  expect(text).not.toContain('Ring the bank');
  expect(markup).not.toContain('/records/');
  expect((await post(`/follow-ups/${other}/done`, {}, 'theo')).status).toBe(404);
  expect((await post(`/follow-ups/${own}/done`, {}, 'theo')).text).toContain(`${own} is done.`);
  expect((await see('/', 'theo')).text).not.toContain('task due');
  const form = { title: 'Buy rubber', due_at: '2026-11-19T09:00', about: '' };
  expect((await post('/follow-ups/new', form, 'theo')).text).toContain('Buy rubber');
});
