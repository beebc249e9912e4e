import { afterEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { race, refusal } from '../support/refusal.ts';

// EXP-06, CFL-63: what somebody has to do, about anything or nobody. The story happens on Wednesday, November 18.

const panes = useBrightPanes();
afterEach(() => panes().setClock(storyTime));

let made = 0;
/** Adds a task as Dana; answers it. */
const add = (data: Record<string, unknown> = {}) =>
  panes().done(panes().dana, 'task.create', { title: `Task ${++made}`, due_at: '2026-11-20', ...data });
const act = (verb: string, task: unknown, data: Record<string, unknown> = {}) =>
  panes().act(panes().agent, `task.${verb}`, { task_id: String(task), ...data });
const get = async (id: unknown) => (await panes().read(panes().dana, 'tasks', { id: String(id) }))[0];
const tell = (data: Record<string, unknown>) =>
  refusal(panes().act(panes().agent, 'task.create', { title: 'Ring', due_at: '2026-11-20', ...data }));

describe('a reminder', () => {
  test('“remind me on Friday to order squeegees” is one call, about nobody, and no call was invented', async () => {
    const { act, agent, dana, read } = panes();
    const before = await read(dana, 'interactions', { limit: 100 });
    const { status, data } = await act(agent, 'task.create', {
      title: 'Order squeegees',
      due_at: '2026-11-20',
    });
    expect([status, data]).toMatchObject([
      'done',
      {
        reference: expect.stringMatching(/^TASK-\d+$/),
        title: 'Order squeegees',
        due_local: 'Fri 2026-11-20 08:00 -06:00',
        status: 'open',
        source: 'agent',
        assignee_id: null,
        contact_id: null,
      },
    ]);
    expect(await read(dana, 'interactions', { limit: 100 })).toEqual(before);
  });

  test('“remind me” of an agent is the owner’s, of a person their own; for nobody in particular is said', async () => {
    const { act, agent, bright, dana } = panes();
    const remind = async (who: typeof dana, title: string, more: object) =>
      act(who, 'task.create', { title, due_at: '2026-11-20', ...more });
    for (const assignee of ['me', 'Myself', 'owner', 'Olivia Bright (owner)']) {
      const { data, warnings } = await remind(agent, `Ring the bank as ${assignee}`, { assignee });
      expect([data.assignee_id, warnings], assignee).toEqual([bright.people.Olivia?.id, []]);
    }
    expect((await remind(dana, 'Ring the bank for me', { assignee: 'me' })).data).toMatchObject({
      assignee_id: bright.people.Dana?.id,
    });
    const { data, warnings } = await remind(agent, 'Ring the bank, anybody', {});
    expect(warnings).toEqual([
      `${data.reference} is for nobody in particular; assignee says for whom, "me" is the owner.`,
    ]);
    expect(await refusal(remind(agent, 'Ring', { assignee: 'Thorsten' }))).toMatchObject({
      code: 'NOT_FOUND',
      valid_options: expect.arrayContaining(['Olivia Bright (owner)', 'Theo (technician)']),
    });
  });

  test('“remind Theo to ring Mrs Hart tomorrow at 9” is one call with names', async () => {
    const { act, agent, bright, dana, read } = panes();
    const [hart] = await read(dana, 'contacts', { id: 'C-1002' });
    const { data } = await act(agent, 'task.create', {
      title: 'Ring Mrs Hart',
      due_at: '2026-11-19T09:00',
      assignee: 'Theo',
      about: 'Mrs Hart',
    });
    expect(data).toMatchObject({
      due_at: '2026-11-19T15:00:00.000Z',
      assignee_id: bright.people.Theo?.id,
      contact_id: hart?.id,
    });
  });

  test('of a person is theirs unless they say whose it is', async () => {
    const { bright } = panes();
    const task = await add();
    expect(task).toMatchObject({ assignee_id: bright.people.Dana?.id, source: 'person' });
    expect(await add({ assignee_id: 'Tess' })).toMatchObject({ assignee_id: bright.people.Tess?.id });
  });

  test('of a day alone is due when the business opens, at nine where it does not, and today before it closes', async () => {
    const { setClock } = panes();
    const due = async (due_at: string) => (await add({ due_at })).due_local;
    expect(await due('2026-11-20')).toBe('Fri 2026-11-20 08:00 -06:00');
    expect(await due('Fri 2026-11-20')).toBe('Fri 2026-11-20 08:00 -06:00');
    expect(await due('2026-11-22')).toBe('Sun 2026-11-22 09:00 -06:00');
    setClock('2026-11-18T11:00:00-06:00');
    expect(await due('2026-11-18')).toBe('Wed 2026-11-18 17:00 -06:00');
    setClock('2026-11-18T20:00:00-06:00');
    expect(await due('2026-11-18')).toBe('Wed 2026-11-18 23:59 -06:00');
    // The day before the clocks change, and the day they have.
    expect(await due('2027-03-13')).toBe('Sat 2027-03-13 09:00 -06:00');
    expect(await due('2027-03-15')).toBe('Mon 2027-03-15 08:00 -05:00');
  });

  test('wants words and a time to come, and says what is wrong', async () => {
    expect(await tell({ due_at: undefined })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'due_at' });
    expect(await tell({ title: '  ' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'title' });
    const past = { code: 'VALIDATION_ERROR', field: 'due_at', message: 'This time is past.' };
    expect(await tell({ due_at: '2026-11-17' })).toMatchObject(past);
    expect(await tell({ due_at: '2026-11-18T07:59' })).toMatchObject(past);
    for (const due_at of ['2026-02-30', 'Friday', 'Mon 2026-11-20', '2026-11-20T25:00']) {
      expect(await tell({ due_at }), due_at).toMatchObject({ code: 'VALIDATION_ERROR', field: 'due_at' });
    }
    expect(await tell({ assignee_id: 'Nobody Here' })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'assignee_id',
    });
    expect(await add({ due_at: '2026-11-18T08:01' })).toMatchObject({ status: 'open' });
  });

  test('said twice is remembered once, also at once; with other words it is another one', async () => {
    const { act, agent, dana, read } = panes();
    const water = {
      title: 'Water the plants',
      due_at: '2026-11-20T10:00',
      about: 'C-1001',
      assignee: 'Dana',
    };
    const both = await Promise.all([
      act(agent, 'task.create', water),
      act(agent, 'task.create', { ...water, title: 'water the PLANTS' }),
    ]);
    const [first, second] = both.map(({ data }) => data.reference);
    expect(second).toBe(first);
    expect(both.flatMap(({ warnings }) => warnings)).toEqual([
      `${first} says the same already, and is open; nothing was added.`,
    ]);
    const other = await act(agent, 'task.create', { ...water, about: 'C-1002' });
    expect(other).toMatchObject({ warnings: [] });
    expect(other.data.reference).not.toBe(first);
    await act(dana, 'task.complete', { task_id: first });
    expect((await act(agent, 'task.create', water)).data.reference).not.toBe(first);
    expect(await read(dana, 'tasks', { search: 'water the plants' })).toHaveLength(3);
  });

  test('keeps no card number, in its words or its note', async () => {
    const task = await add({ title: 'Charge 4242 4242 4242 4242', note: 'or 4242424242424242' });
    expect(JSON.stringify(await get(task.id))).not.toContain('4242 4242');
    expect(JSON.stringify(await get(task.id))).not.toContain('42424242');
  });
});

describe('what a task is about', () => {
  test('is anything that has a reference, and with it whose it is', async () => {
    const { book, dana, done, read } = panes();
    const id = async (type: string, reference: unknown) =>
      (await read(dana, type, { id: String(reference) }))[0]?.id;
    const jane = await id('contacts', 'C-1001');
    const visit = await book('2026-11-24T09:00');
    const lines = [{ description: 'Ladder', unit_price_cents: 1000 }];
    const bill = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
    const lead = await done(dana, 'lead.create', { full_name: 'Lena Lead' });
    const firm = await done(dana, 'company.create', { name: 'Riverbend Holdings' });
    const note = await done(dana, 'note.create', { ticket_id: visit.id, content: 'Ladder is short' });
    const cases: [unknown, Record<string, unknown>][] = [
      ['C-1001', { contact_id: jane }],
      ['C-1001 «Jane Smith»', { contact_id: jane }],
      [jane, { contact_id: jane }],
      ['jane smith', { contact_id: jane }],
      [visit.reference, { ticket_id: visit.id, contact_id: jane }],
      [bill.reference, { invoice_id: bill.id, contact_id: jane }],
      [lead.reference, { lead_id: lead.id, contact_id: null }],
      ['Lena Lead', { lead_id: lead.id }],
      [firm.reference, { company_id: firm.id, contact_id: null }],
      ['Riverbend Holdings', { company_id: firm.id }],
      [note.reference, { ticket_id: visit.id, contact_id: jane }],
      ['A-1001', { contact_id: jane }],
    ];
    for (const [about, columns] of cases) expect(await add({ about }), String(about)).toMatchObject(columns);
    // By its own member it is said as well.
    expect(await add({ ticket: visit.reference })).toMatchObject({ ticket_id: visit.id, contact_id: jane });
  });

  test('is refused when it is not there, is several, is nobody’s, or belongs to two customers', async () => {
    const { book, dana, done } = panes();
    for (const about of ['C-9999', 'T-9999', 'Nobody Known', '01234567-89ab-7def-8123-456789abcdef'])
      expect(await tell({ about }), about).toMatchObject({ code: 'NOT_FOUND', field: 'about' });
    await done(dana, 'contact.create', { full_name: 'Pat Double', phone: '256 555 0811' });
    await done(dana, 'contact.create', { full_name: 'Pat Double', phone: '256 555 0812' });
    expect(await tell({ about: 'Pat Double' })).toMatchObject({ code: 'AMBIGUOUS', field: 'about' });
    expect(await tell({ about: 'S-1' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'about' });
    const visit = await book('2026-11-24T13:00');
    expect(await tell({ ticket_id: visit.id, contact_id: 'C-1002' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'These belong to different customers.',
    });
    expect(await add({ ticket_id: visit.id, contact_id: 'C-1001' })).toMatchObject({ ticket_id: visit.id });
  });
});

describe('an open task', () => {
  test('is changed: words, time, whose it is, what it is about', async () => {
    const { bright, dana, read } = panes();
    const task = await add({ about: 'C-1001', note: 'By e-mail' });
    const changed = await act('update', task.reference, {
      title: 'Ring her',
      due_at: '2026-11-23',
      assignee: 'Tess',
      about: 'C-1002',
      clear: ['note'],
    });
    const [hart] = await read(dana, 'contacts', { id: 'C-1002' });
    expect(changed.data).toMatchObject({
      title: 'Ring her',
      due_local: 'Mon 2026-11-23 08:00 -06:00',
      assignee_id: bright.people.Tess?.id,
      contact_id: hart?.id,
      note: null,
    });
    expect((await act('update', task.id, { clear: ['about', 'assignee_id'] })).data).toMatchObject({
      contact_id: null,
      assignee_id: null,
    });
    expect(await refusal(act('update', task.id))).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await refusal(act('update', task.id, { due_at: '2026-11-01' }))).toMatchObject({
      field: 'due_at',
    });
    expect(await refusal(act('update', 'TASK-99999', { title: 'x' }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is done once; said again nothing changes, and who did it is told', async () => {
    const { act: run, dana } = panes();
    const task = await add();
    const done = await run(dana, 'task.complete', { task_id: task.reference });
    expect(done.data).toMatchObject({ status: 'done', ended_by: 'Dana', ended_at: expect.any(String) });
    const again = await act('complete', task.reference);
    expect(again.data).toEqual(done.data);
    expect(again.warnings).toEqual([`${task.reference} was done already, by Dana.`]);
    for (const verb of ['cancel', 'update'] as const) {
      const data = verb === 'update' ? { title: 'Other' } : {};
      expect(await refusal(act(verb, task.reference, data))).toMatchObject({
        code: 'INVALID_STATE',
        message: `${task.reference} is done.`,
        state: 'done',
      });
    }
  });

  test('is not needed any more, and is taken up again', async () => {
    const task = await add();
    expect((await act('cancel', task.reference)).data).toMatchObject({ status: 'cancelled' });
    expect(await refusal(act('complete', task.reference))).toMatchObject({ state: 'cancelled' });
    const back = await act('reopen', task.reference, { due_at: '2026-11-25' });
    expect(back.data).toMatchObject({
      status: 'open',
      ended_at: null,
      ended_by: null,
      due_local: 'Wed 2026-11-25 08:00 -06:00',
    });
    expect((await act('reopen', task.reference)).warnings).toEqual([`${task.reference} is open already.`]);
  });

  test('that two end at once in two ways ends in one of them', async () => {
    const task = await add();
    const { won, refused } = await race([act('complete', task.id), act('cancel', task.id)]);
    expect([won.length, refused]).toEqual([1, ['INVALID_STATE']]);
    const other = await add();
    const both = await race([act('complete', other.id), act('complete', other.id)]);
    expect([both.won.length, both.refused]).toEqual([2, []]);
    const history = await panes().read(panes().dana, 'audit_log', {
      params: { subject_id: String(other.id) },
    });
    expect(history.filter(({ action }) => action === 'update')).toHaveLength(1);
  });

  test('made by mistake is deleted with a reason, and comes back', async () => {
    const { act: run, agent } = panes();
    const task = await add();
    expect(await refusal(act('delete', task.id))).toMatchObject({ code: 'REASONING_REQUIRED' });
    const reasoning = 'The owner said it was a mistake';
    await run(agent, 'task.delete', { task_id: task.id }, { reasoning });
    expect(await refusal(act('complete', task.id))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await act('restore', task.id)).data).toMatchObject({ status: 'open' });
  });

  test('waits for the owner where the owner wants that, and is done when they allow it', async () => {
    const { act: run, agent, done, olivia, read } = panes();
    await done(olivia, 'authorization.set_level', {
      action: 'task.complete',
      level: 'requires_authorization',
    });
    const task = await add();
    const waiting = await run(agent, 'task.complete', { task_id: task.id }, { reasoning: 'She rang back' });
    expect(waiting.status).toBe('pending_authorization');
    expect(await get(task.id)).toMatchObject({ status: 'open' });
    const request = String(waiting.data.request);
    const [asked] = await read(olivia, 'authorization_requests', { id: request });
    await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest });
    expect(await get(task.id)).toMatchObject({ status: 'done' });
  });

  test('is nothing another business can see or touch', async () => {
    const { act: run, clear, read } = panes();
    const task = await add();
    for (const id of [task.id, task.reference]) {
      for (const verb of ['update', 'complete', 'cancel', 'reopen', 'delete', 'restore']) {
        const data = { task_id: id, ...(verb === 'update' ? { title: 'Mine' } : {}) };
        expect(await refusal(run(clear.owner, `task.${verb}`, data)), verb).toMatchObject({
          code: 'NOT_FOUND',
        });
      }
    }
    const theirs = { title: 'x', due_at: '2026-11-20' };
    for (const about of ['C-1001', 'Jane Smith'])
      expect(await refusal(run(clear.owner, 'task.create', { ...theirs, about }))).toMatchObject({
        code: 'NOT_FOUND',
      });
    expect(await read(clear.owner, 'tasks')).toEqual([]);
    expect(await get(task.id)).toMatchObject({ status: 'open' });
  });
});

describe('a technician', () => {
  test('reads and ends what they have to do themselves, and nothing else', async () => {
    const { act: run, read, theo } = panes();
    const mine = await add({ title: 'Bring the long ladder', assignee_id: 'Theo', about: 'C-1002' });
    const other = await add({ title: 'Ladder of somebody else', assignee_id: 'Tess' });
    const tasks = await read(theo, 'tasks', { limit: 100 });
    expect(tasks.map(({ reference }) => reference)).toContain(mine.reference);
    expect(tasks.map(({ reference }) => reference)).not.toContain(other.reference);
    const due = await read(theo, 'follow_ups', { limit: 100 });
    expect(new Set(due.map(({ kind, owner }) => `${kind} of ${owner}`))).toEqual(new Set(['task of Theo']));
    const found = await read(theo, 'search', { search: 'ladder' });
    // What can be done is found by its words, too; it has no reference.
    expect(found.flatMap(({ reference }) => reference ?? [])).toEqual([mine.reference]);
    for (const verb of ['complete', 'cancel', 'reopen'])
      expect(await refusal(run(theo, `task.${verb}`, { task_id: other.id })), verb).toMatchObject({
        code: 'NOT_FOUND',
      });
    for (const verb of ['update', 'delete'])
      expect(await refusal(run(theo, `task.${verb}`, { task_id: mine.id, title: 'x' }))).toMatchObject({
        code: verb === 'update' ? 'FORBIDDEN' : expect.stringMatching(/FORBIDDEN|VALIDATION_ERROR/),
      });
    expect((await run(theo, 'task.complete', { task_id: mine.id })).data).toMatchObject({ ended_by: 'Theo' });
  });

  test('writes down tasks of their own, about what they see', async () => {
    const { act: run, bright, done, dana, theo } = panes();
    const own = await run(theo, 'task.create', { title: 'Buy rubber', due_at: '2026-11-20' });
    expect(own.data).toMatchObject({ assignee_id: bright.people.Theo?.id });
    const ofTess = { title: 'Buy more', due_at: '2026-11-20', assignee_id: 'Tess' };
    expect(await refusal(run(theo, 'task.create', ofTess))).toMatchObject({
      code: 'FORBIDDEN',
      field: 'assignee_id',
    });
    const hidden = await done(dana, 'contact.create', { full_name: 'Hidden Customer' });
    for (const about of [hidden.reference, hidden.id, 'Hidden Customer'])
      expect(
        await refusal(run(theo, 'task.create', { title: 'x', due_at: '2026-11-20', about })),
        String(about),
      ).toMatchObject({ code: 'NOT_FOUND' });
  });
});
