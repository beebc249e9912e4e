import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// An agent tidies up a task or two; it does not take away the whole list, nor put it off (MAQ-15).

const panes = useBrightPanes();

test.each([
  ['task.cancel', {}, 'would be deleted, cancelled or closed'],
  ['task.update', { due_at: '2026-12-24' }, 'would be moved to another time'],
])(
  'the sixth %s within ten minutes waits for the owner, who reads what it would do',
  async (action, data, said) => {
    const { act, agent, dana, done } = panes();
    const ends = [];
    for (let n = 1; n <= 6; n++) {
      const { id } = await done(dana, 'task.create', { title: `${action} ${n}`, due_at: '2026-11-20' });
      const reasoning = 'Olivia is away until Christmas';
      ends.push(await act(agent, action, { task_id: id, ...data }, { reasoning }));
    }
    expect(ends.map(({ status }) => status)).toEqual([...Array(5).fill('done'), 'pending_authorization']);
    expect(ends[5]?.data.reason).toContain(said);
  },
);
