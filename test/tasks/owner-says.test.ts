import { afterEach, beforeEach, expect, test } from 'vitest';
import { useDesk } from '../agent/desk.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// What an owner says about reminders, through a real MCP client: one call each, with names and no look-up before.

const panes = useBrightPanes();
const desk = useDesk(panes);
beforeEach(() => desk().takeEffort());
afterEach(() => expect(desk().takeEffort().calls).toBe(1));

test('“Remind me on Friday to order squeegees.”', async () => {
  const task = await desk().act('task.create', { title: 'Order squeegees', due_at: '2026-11-20' });
  expect(task).toMatchObject({ reference: 'TASK-1', due_at: 'Fri 2026-11-20 08:00 -06:00' });
});

test('“Remind Theo to ring Mrs Hart tomorrow at 9.”', async () => {
  const task = await desk().act('task.create', {
    title: 'Ring Mrs Hart',
    due_at: '2026-11-19T09:00',
    about: 'Mrs Hart',
    assignee: 'Theo',
  });
  expect(task).toMatchObject({
    assignee_id: 'Theo',
    contact_id: 'C-1002 «Mrs Hart»',
    due_at: 'Thu 2026-11-19 09:00 -06:00',
  });
});

test('“What is on the list until Friday?”', async () => {
  const rows = await desk().query('follow_ups', { where: { until: '2026-11-20' } });
  expect(rows).toMatchObject([
    { kind: 'task', reference: 'TASK-2', text: '«Ring Mrs Hart»', owner: '«Theo»', phone: '+12565550119' },
    { kind: 'task', reference: 'TASK-1', text: '«Order squeegees»' },
  ]);
});

test('“The squeegees are ordered.”', async () => {
  const task = await desk().act('task.complete', { task: 'TASK-1' });
  expect(task).toMatchObject({ reference: 'TASK-1', status: 'done' });
});

test('“Let Tess ring her instead, and on Monday.”', async () => {
  const task = await desk().act('task.update', { task: 'TASK-2', assignee: 'Tess', due_at: '2026-11-23' });
  expect(task).toMatchObject({ assignee_id: 'Tess', due_at: 'Mon 2026-11-23 08:00 -06:00' });
});

test('“What is on today?” names a task that is overdue', async () => {
  panes().setClock('2026-11-24T07:00:00-06:00');
  const briefing = JSON.stringify(await desk().use('daily_briefing', {}));
  expect(briefing).toContain('Mon 2026-11-23 08:00 TASK-2 task of Tess: «Mrs Hart», «Ring Mrs Hart»');
  expect(briefing).toContain('1 due');
});
