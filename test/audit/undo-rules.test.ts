import { expect, test, vi } from 'vitest';
import { undo as undoing } from '../../core/audit/undo.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer says that this was a mistake of ours';

async function did(caller: Caller, action: string, data: Record<string, unknown>) {
  const outcome = await panes().act(caller, action, data, { reasoning });
  return { ...outcome, undo: String(outcome.undo) };
}

const undo = (caller: Caller, of: string, more: Record<string, unknown> = {}) =>
  panes().act(caller, 'undo', { of, ...more }, { reasoning });

let made = 0;
const customer = async (): Promise<string> => {
  made += 1;
  const { reference } = await panes().done(panes().dana, 'contact.create', { full_name: `Nora Rule${made}` });
  return String(reference);
};

/** A customer who was removed and brought back: the word that takes the bringing back back. */
async function broughtBack(...contacts: string[]) {
  const { dana } = panes();
  for (const contact_id of contacts) await did(dana, 'contact.delete', { contact_id });
  const [contact_id] = contacts;
  const which = contacts.length === 1 ? { contact_id } : { contacts };
  return (await did(dana, 'contact.restore', which)).undo;
}

const isThere = async (reference: string) =>
  (await panes().read(panes().dana, 'contacts', { search: reference })).length > 0;

test('bringing a customer back is not taken back while they have a visit to come', async () => {
  const { dana, book } = panes();
  const nora = await customer();
  const word = await broughtBack(nora);
  const visit = await book('2026-12-03T09:00', { contact_id: nora });
  expect(await refusal(undo(dana, word))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringContaining('visits to come'),
  });
  await did(dana, 'ticket.cancel', { ticket_id: visit.reference });
  await undo(dana, word);
  expect(await isThere(nora)).toBe(false);
});

test('nor while they have got a house that would be left without anybody', async () => {
  const { dana } = panes();
  const nora = await customer();
  const word = await broughtBack(nora);
  const house = await did(dana, 'address.create', { contact_id: nora, line1: '9 Elm Court' });
  expect(await refusal(undo(dana, word))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringMatching(new RegExp(`\\(address\\) belongs to ${nora} by now`)),
  });
  expect(await isThere(nora)).toBe(true);
  await undo(dana, house.undo);
  await undo(dana, word);
  expect(await isThere(nora)).toBe(false);
});

test('what went along with a customer goes with them again', async () => {
  const { dana, read } = panes();
  const nora = await customer();
  const { data } = await did(dana, 'address.create', { contact_id: nora, line1: '10 Elm Court' });
  const task = await did(dana, 'task.create', { title: 'Ring', about: nora, due_at: '2026-12-01T09:00' });
  const word = await broughtBack(nora);
  await undo(dana, word);
  expect(await read(dana, 'addresses', { search: '10 Elm Court' })).toEqual([]);
  await undo(dana, nora);
  expect(await read(dana, 'addresses', { id: String(data.reference) })).toHaveLength(1);
  expect(await read(dana, 'tasks', { id: String(task.data.reference) })).toHaveLength(1);
});

test('an agent that brought several customers back asks before any of them with a history goes again', async () => {
  const { agent, dana } = panes();
  const plain = await customer();
  const known = await customer();
  await did(dana, 'note.create', { contact_id: known, content: 'Has a dog' });
  for (const contact_id of [plain, known]) await did(dana, 'contact.delete', { contact_id });
  const both = await did(agent, 'contact.restore', { contacts: [plain, known] });
  expect(await undo(agent, both.undo)).toMatchObject({
    status: 'pending_authorization',
    data: { rule: 'delete_with_history' },
  });
  expect(await isThere(known)).toBe(true);
  const others = [await customer(), await customer()];
  for (const contact_id of others) await did(dana, 'contact.delete', { contact_id });
  const free = await did(agent, 'contact.restore', { contacts: others });
  expect((await undo(agent, free.undo)).status).toBe('done');
});

test('a task does not come back to a customer who is gone', async () => {
  const { dana, read } = panes();
  const nora = await customer();
  const task = await did(dana, 'task.create', { title: 'Ring', about: nora, due_at: '2026-12-01T09:00' });
  const gone = await did(dana, 'task.delete', { task_id: task.data.reference });
  await did(dana, 'contact.delete', { contact_id: nora });
  expect(await refusal(undo(dana, gone.undo))).toMatchObject({
    code: 'INVALID_STATE',
    message: `${task.data.reference} is about ${nora}, which is deleted.`,
  });
  await did(dana, 'contact.restore', { contact_id: nora });
  await undo(dana, gone.undo);
  expect(await read(dana, 'tasks', { id: String(task.data.reference) })).toHaveLength(1);
});

test('an agent that names a customer takes nothing back that the owner did while it asked', async () => {
  const { agent, olivia, done, read } = panes();
  const nora = await customer();
  const notesOf = async () => (await read(olivia, 'contacts', { id: nora, fields: ['notes'] }))[0]?.notes;
  await did(agent, 'contact.update', { contact_id: nora, notes: 'Of the agent' });
  const [rule] = undoing.permission.rules ?? [];
  if (!rule) throw new Error('undo has a rule');
  const asked = rule.applies;
  const between = vi.spyOn(rule, 'applies').mockImplementationOnce(async (context, input) => {
    const said = await asked(context, input);
    await done(olivia, 'contact.update', { contact_id: nora, notes: 'Of the owner' });
    return said;
  });
  const outcome = await undo(agent, nora);
  between.mockRestore();
  expect(outcome).toMatchObject({ status: 'pending_authorization', data: { rule: 'of_others' } });
  expect(await notesOf()).toBe('Of the owner');
  await undo(olivia, nora);
  expect((await undo(agent, nora)).status).toBe('done');
  expect(await notesOf()).toBeNull();
});
