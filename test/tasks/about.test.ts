import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What becomes of tasks when something happens to what they are about (core/tasks/task.ts says it).

const panes = useBrightPanes();
let made = 0;
const add = (about: unknown, more: Record<string, unknown> = {}) =>
  panes().done(panes().dana, 'task.create', {
    title: `Task ${++made}`,
    due_at: '2026-11-20T09:00',
    about,
    ...more,
  });
const get = async (id: unknown) =>
  (
    await panes()
      .read(panes().dana, 'tasks', { id: String(id) })
      .catch(() => [])
  )[0];
const customer = async (full_name: string) =>
  panes().done(panes().dana, 'contact.create', { full_name, phone: `256 555 ${1000 + ++made}` });

describe('a customer', () => {
  test('who is deleted takes the tasks along, after a person has read of them; exactly those come back', async () => {
    const { act, agent, dana, done } = panes();
    const { id } = await customer('Gina Gone');
    const open = await add(id);
    const ended = await add(id);
    const before = await add(id);
    const other = await add('C-1001');
    await done(dana, 'task.complete', { task_id: ended.id });
    await done(dana, 'task.delete', { task_id: before.id });
    const asked = await act(agent, 'contact.delete', { contact_id: id }, { reasoning: 'Moved away' });
    expect(asked).toMatchObject({
      status: 'pending_authorization',
      data: { reason: expect.stringContaining('this customer has 2 tasks') },
    });
    await done(dana, 'contact.delete', { contact_id: id });
    expect([await get(open.id), await get(ended.id), await get(before.id)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await get(other.id)).toMatchObject({ status: 'open' });
    expect(await refusal(act(dana, 'task.restore', { task_id: open.id }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: 'Bring that back first with contact.restore; what went with it comes along.',
    });
    await done(dana, 'contact.restore', { contact_id: id });
    expect([await get(open.id), await get(ended.id), await get(before.id)]).toMatchObject([
      { status: 'open' },
      { status: 'done' },
      undefined,
    ]);
    await done(dana, 'task.restore', { task_id: before.id });
    expect(await get(before.id)).toMatchObject({ status: 'open' });
  });

  test('with nothing but a cancelled task has no history', async () => {
    const { act, agent, dana, done } = panes();
    const { id } = await customer('Nora New');
    const { id: task_id } = await add(id);
    await done(dana, 'task.cancel', { task_id });
    expect(
      await act(agent, 'contact.delete', { contact_id: id }, { reasoning: 'She is in the list twice' }),
    ).toMatchObject({
      status: 'done',
    });
  });

  test('who is merged hands the tasks over, and gets them back', async () => {
    const { dana, done, read } = panes();
    const stays = await customer('Mary Merge');
    const goes = await customer('Mary Merge');
    const task = await add(goes.id);
    const merged = await done(dana, 'contact.merge', { contact_id: stays.id, merged_contact_id: goes.id });
    expect(merged.moved).toMatchObject({ tasks: 1 });
    expect(await get(task.id)).toMatchObject({ contact_id: stays.id });
    const due = () => read(dana, 'follow_ups', { params: { contact_id: String(stays.id) } });
    expect(await due()).toMatchObject([{ reference: task.reference, customer: 'Mary Merge' }]);
    await done(dana, 'contact.unmerge', { contact_merge_id: merged.merge });
    expect(await get(task.id)).toMatchObject({ contact_id: goes.id });
    expect(await due()).toEqual([]);
  });

  test('shows them with everything else that happened, and in the history', async () => {
    const { dana, done, read } = panes();
    const { id } = await customer('Tina Time');
    const task = await add(id, { title: 'Send the leaflet' });
    const entries = async () =>
      (await read(dana, 'timeline', { params: { contact_id: String(id), kind: 'task' } })).map(
        ({ what, text, reference, actor }) => ({ what, text, reference, actor }),
      );
    const told = { text: 'Send the leaflet', reference: task.reference };
    expect(await entries()).toEqual([{ ...told, what: 'task open', actor: null }]);
    await done(dana, 'task.complete', { task_id: task.id });
    expect(await entries()).toEqual([{ ...told, what: 'task done', actor: 'Dana' }]);
    const [row] = await read(dana, 'contacts', { id: String(id), include: ['tasks', 'audit_trail'] });
    expect(row?.tasks).toMatchObject([{ reference: task.reference, status: 'done' }]);
    expect(JSON.stringify(row?.audit_trail)).toContain('task.complete');
  });

  test('for whom a visit is booked is named with what is still to be done, which stays', async () => {
    const { act, dana } = panes();
    const { id } = await customer('Bea Booked');
    const task = await add(id, { title: 'Ring about the gutters' });
    const booked = await act(dana, 'schedule_appointment', {
      contact_id: id,
      scheduled_at: '2026-12-08T09:00',
    });
    expect(booked.warnings).toContain(
      `Still to be done for this customer: ${task.reference} «Ring about the gutters». Complete or cancel what this settles.`,
    );
    expect(await get(task.id)).toMatchObject({ status: 'open' });
  });
});

describe('a lead', () => {
  const lead = async (full_name: string) =>
    panes().done(panes().dana, 'lead.create', { full_name, phone: `256 555 ${1000 + ++made}` });

  test('that becomes a customer leaves them the tasks, and its deletion takes none along', async () => {
    const { dana, done, read } = panes();
    const { id: lead_id, reference } = await lead('Walt Won');
    const task = await add(reference);
    expect(await get(task.id)).toMatchObject({ lead_id, contact_id: null });
    const { contact } = await done(dana, 'lead.convert', { lead_id });
    const [walt] = await read(dana, 'contacts', { search: 'Walt Won' });
    expect(contact).toMatchObject({ reference: walt?.reference });
    expect(await get(task.id)).toMatchObject({ lead_id: null, contact_id: walt?.id, status: 'open' });
    const [due] = await read(dana, 'follow_ups', { params: { contact_id: String(walt?.id), kind: 'task' } });
    expect(due).toMatchObject({ reference: task.reference, customer: 'Walt Won' });
    await done(dana, 'lead.delete', { lead_id });
    expect(await get(task.id)).toMatchObject({ status: 'open' });
  });

  test('that is matched with a customer shows them its tasks, too', async () => {
    const { dana, done } = panes();
    const { id: lead_id, reference } = await lead('Mona Match');
    const { id: contact_id } = await customer('Mona Match');
    const task = await add(reference);
    await done(dana, 'lead.update', { lead_id, contact_id });
    expect(await get(task.id)).toMatchObject({ lead_id, contact_id });
  });

  test.each([
    ['lead.disqualify', { reason: 'timing' }],
    ['lead.archive', { reason: 'Went quiet' }],
  ])('that comes to nothing by %s cancels its tasks, and says which', async (action, data) => {
    const { act, dana, done } = panes();
    const { id: lead_id, reference } = await lead(`Lou Lost ${action}`);
    const task = await add(reference, { title: 'Ring back' });
    const ended = await add(reference);
    await done(dana, 'task.complete', { task_id: ended.id });
    const answer = await act(dana, action, { lead_id, ...data });
    expect(answer.warnings.filter(warning => !warning.startsWith('Ended with it: the call-back'))).toEqual([
      `Cancelled with it: ${task.reference} «Ring back». task.reopen takes one up again.`,
    ]);
    expect([await get(task.id), await get(ended.id)]).toMatchObject([
      { status: 'cancelled', ended_by: 'Dana' },
      { status: 'done' },
    ]);
  });

  test('that is deleted takes its tasks along, and brings them back', async () => {
    const { dana, done } = panes();
    const { id: lead_id, reference } = await lead('Dan Deleted');
    const task = await add(reference);
    await done(dana, 'lead.delete', { lead_id });
    expect(await get(task.id)).toBeUndefined();
    await done(dana, 'lead.restore', { lead_id });
    expect(await get(task.id)).toMatchObject({ status: 'open', lead_id });
  });
});

describe('a visit', () => {
  test('that is moved takes what is still to be done about it along', async () => {
    const { act, agent, book, dana, done, read } = panes();
    const visit = await book('2026-11-24T09:00');
    const task = await add(visit.reference, { title: 'Bring the long ladder' });
    const ended = await add(visit.reference);
    await done(dana, 'task.complete', { task_id: ended.id });
    const moved = await act(
      agent,
      'handle_reschedule_request',
      { ticket_id: visit.reference, scheduled_at: '2026-11-27T09:00' },
      { reasoning: 'She is away on Tuesday' },
    );
    const [next] = await read(dana, 'tickets', { sort: '-created_at', limit: 1 });
    expect(moved.warnings).toContain(
      `Now about ${next?.reference}: ${task.reference} «Bring the long ladder».`,
    );
    expect(await get(task.id)).toMatchObject({ ticket_id: next?.id, status: 'open' });
    expect(await get(ended.id)).toMatchObject({ ticket_id: visit.id, status: 'done' });
  });

  test('that is cancelled leaves it open, and names it', async () => {
    const { act, book, dana } = panes();
    const visit = await book('2026-12-01T09:00');
    const task = await add(visit.reference, { title: 'Return the deposit' });
    const answer = await act(dana, 'ticket.cancel', { ticket_id: visit.id });
    expect(answer.warnings).toEqual([`Still to be done about it: ${task.reference} «Return the deposit».`]);
    expect(await get(task.id)).toMatchObject({ status: 'open' });
  });
});

test('a company that is deleted takes its tasks along, and brings them back', async () => {
  const { dana, done } = panes();
  const { id: company_id, reference } = await done(dana, 'company.create', { name: 'Short Lived Ltd' });
  const task = await add(reference);
  await done(dana, 'company.delete', { company_id });
  expect(await get(task.id)).toBeUndefined();
  await done(dana, 'company.restore', { company_id });
  expect(await get(task.id)).toMatchObject({ status: 'open' });
});
