import { describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// Calls that run at the same time leave their entries in between each other, and the trail of years is not read for a page.

const panes = useBrightPanes();

/** An entry that a call of Bright Panes left, so many days ago, for the customer C-1001. */
async function leave(request: string, name: string, daysAgo = 0): Promise<void> {
  await asTableOwner(
    panes(),
    `insert into audit_log (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes,
      domain_action, actor_kind, actor_name, request_id, created_at)
    select $1, ${daysAgo === 0 ? 'uuid7()' : 'uuid7_floor(now() - make_interval(days => $5))'}, 'contact', c.id, 'contact', c.id, 'update',
      '{"nickname": {"old": "J", "new": "Jay"}}', 'contact.update', 'user', $2, $3, now() - make_interval(days => $5)
    from contacts as c
    where c.reference = $4`,
    [panes().bright.id, name, request, 'C-1001', daysAgo],
  );
}

const page = (who: string, cursor?: string) =>
  panes().app.read(
    panes().olivia,
    'done',
    { params: { actor_name: who }, fields: ['request_id'], ...(cursor === undefined ? {} : { cursor }) },
    { request_id: newId() },
  );

describe('what was done', () => {
  test('is one line a call, also of two that ran at the same time', async () => {
    const [one, two] = [newId(), newId()];
    for (const request of [one, two, one, two, one]) await leave(request, 'Both');
    const { rows } = await page('Both');
    // Newest first: the call that left the last entry.
    expect(rows.map(row => row.request_id)).toEqual([one, two]);
  });

  test('is nothing that was refused: what an agent tried in vain is an attempt', async () => {
    const { act, agent } = panes();
    const pablo = { name: 'Pablo', email: 'pablo@brightpanes.example', role: 'technician' };
    expect((await refusal(act(agent, 'member.create', pablo))).code).toBe('HUMAN_ONLY');
    expect((await page('Office Manager')).rows).toEqual([]);
  });

  test('of long ago is found by going on, not by reading all of it for one page', async () => {
    await leave(newId(), 'Longago', 200);
    await leave(newId(), 'Longago', 100);
    let answer = await page('Longago');
    expect(answer.rows).toEqual([]);
    const found = [];
    let pages = 0;
    for (; answer.next_cursor !== undefined && pages < 10; pages += 1) {
      answer = await page('Longago', answer.next_cursor);
      found.push(...answer.rows);
    }
    expect(found).toHaveLength(2);
    expect(pages).toBe(2);
  });
});
