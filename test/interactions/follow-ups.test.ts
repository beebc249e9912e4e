import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const act = (action: string, interaction_id: string, data: Record<string, unknown> = {}) =>
  panes().act(panes().agent, `interaction.${action}`, { interaction_id, ...data });
const call = async (more: Record<string, unknown> = {}) => {
  const data = { contact_id: 'C-1001', type: 'phone_call', direction: 'inbound', ...more };
  return String((await panes().done(panes().dana, 'interaction.create', data)).reference);
};
const due = (query: Record<string, unknown> = {}) => panes().read(panes().dana, 'follow_ups', query);

describe('a follow-up', () => {
  test('is set for the next business hour, or for a time', async () => {
    const { setClock } = panes();
    const id = await call();
    setClock('2026-11-20T16:30:00-06:00');
    try {
      expect((await act('set_follow_up', id, { in_business_hours: 1 })).data).toMatchObject({
        follow_up_status: 'pending',
        follow_up_at: '2026-11-23T14:30:00.000Z',
        follow_up_local: 'Mon 2026-11-23 08:30 -06:00',
      });
      expect((await act('set_follow_up', id, { in_business_hours: 10.5 })).data).toMatchObject({
        follow_up_local: 'Tue 2026-11-24 09:00 -06:00',
      });
      expect((await act('set_follow_up', id, { follow_up_at: '2026-11-30 14:00' })).data).toMatchObject({
        follow_up_local: 'Mon 2026-11-30 14:00 -06:00',
      });
    } finally {
      setClock('2026-11-18T08:00:00-06:00');
    }
  });

  test('is said in one way, and lies ahead', async () => {
    const id = await call();
    const set = (data: Record<string, unknown>) => refusal(act('set_follow_up', id, data));
    const oneWay = { message: 'Say when in one way.', hint: 'Give in_business_hours or follow_up_at.' };
    expect(await set({})).toMatchObject(oneWay);
    expect(await set({ in_business_hours: 1, follow_up_at: '2026-11-30T14:00' })).toMatchObject(oneWay);
    expect(await set({ follow_up_at: '2026-11-17T14:00' })).toMatchObject({ message: 'This time is past.' });
    expect(await set({ in_business_hours: 0 })).toMatchObject({ field: 'in_business_hours' });
  });

  test('is done once, with what came of it', async () => {
    const id = await call({ follow_up_at: '2026-11-19T09:00' });
    expect((await act('complete_follow_up', id, { outcome: 'spoke' })).data).toMatchObject({
      follow_up_status: 'completed',
      outcome: 'spoke',
    });
    expect(await refusal(act('complete_follow_up', id))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${id} was followed up already.`,
      state: 'completed',
    });
    expect(await refusal(act('cancel_follow_up', id))).toMatchObject({ state: 'completed' });
  });

  test('is not needed any more', async () => {
    const id = await call({ follow_up_at: '2026-11-19T09:00' });
    expect((await act('cancel_follow_up', id)).data).toMatchObject({ follow_up_status: 'canceled' });
    expect(await refusal(act('complete_follow_up', id))).toMatchObject({ message: `${id} was canceled.` });
    expect((await act('set_follow_up', id, { in_business_hours: 1 })).data).toMatchObject({
      follow_up_status: 'pending',
    });
  });

  test('that nobody asked for cannot be done', async () => {
    const id = await call();
    expect(await refusal(act('complete_follow_up', id))).toMatchObject({
      message: `${id} has no follow-up.`,
    });
  });

  test('is ended once when two end it at once', async () => {
    const id = await call({ follow_up_at: '2026-11-19T09:00' });
    const { won, refused } = await race([act('complete_follow_up', id), act('cancel_follow_up', id)]);
    expect([won.length, refused]).toEqual([1, ['INVALID_STATE']]);
  });
});

describe('the list of what is due', () => {
  test('has follow-ups and reminders by time, with who it is and what about', async () => {
    const { done, dana, setClock } = panes();
    for (const row of await due({ limit: 100 })) await act('cancel_follow_up', String(row.reference));
    await call({ subject: 'Wants a later time', follow_up_at: '2026-11-19T09:00' });
    const lead = await done(dana, 'lead.create', {
      full_name: 'Uma Upton',
      phone: '256 555 0701',
      title: 'Shop windows',
      owner: 'Theo',
    });
    await done(dana, 'lead.set_reminder', { lead_id: lead.id, reminder_at: '2026-11-20T09:00' });
    setClock('2026-11-19T12:00:00-06:00');
    try {
      const all = await due();
      expect(all).toMatchObject([
        { kind: 'follow_up', due_at: '2026-11-18T15:00:00.000Z', overdue: true, customer: 'Uma Upton' },
        {
          kind: 'follow_up',
          due_at: '2026-11-19T15:00:00.000Z',
          overdue: true,
          customer: 'Jane Smith',
          phone: '+12565550142',
          text: 'Wants a later time',
          owner: 'Dana',
        },
        {
          kind: 'reminder',
          reference: lead.reference,
          due_at: '2026-11-20T15:00:00.000Z',
          overdue: false,
          customer: 'Uma Upton',
          phone: '+12565550701',
          text: 'Shop windows',
          lead_id: lead.id,
          owner: 'Theo',
        },
      ]);
      const kinds = async (query: Record<string, unknown>) => (await due(query)).map(row => row.reference);
      const [first, second, third] = all.map(row => row.reference);
      expect(await kinds({ filter: 'overdue' })).toEqual([first, second]);
      expect(await kinds({ params: { until: '2026-11-19' } })).toEqual([first, second]);
      expect(await kinds({ params: { owner_user_id: 'Theo' } })).toEqual([first, third]);
      expect(await kinds({ params: { lead_id: lead.reference } })).toEqual([first, third]);
      expect(await kinds({ params: { contact_id: 'Jane Smith' } })).toEqual([second]);
    } finally {
      setClock('2026-11-18T08:00:00-06:00');
    }
  });

  test('leaves out what was deleted, done, or belongs to a lead that has ended', async () => {
    const { done, dana } = panes();
    const before = (await due({ limit: 100 })).length;
    const gone = await done(dana, 'lead.create', { full_name: 'Gone Guy' });
    await done(dana, 'lead.delete', { lead_id: gone.id });
    const ended = await done(dana, 'lead.create', { full_name: 'Ended Ella' });
    await done(dana, 'lead.set_reminder', { lead_id: ended.id, reminder_at: '2026-11-20T09:00' });
    await done(dana, 'lead.disqualify', { lead_id: ended.id, reason: 'timing' });
    const removed = await call({ follow_up_at: '2026-11-19T09:00' });
    await done(dana, 'interaction.delete', { interaction_id: removed });
    expect(await due({ limit: 100 })).toHaveLength(before);
  });

  test('goes on page by page without losing or repeating anything of one moment', async () => {
    for (let n = 0; n < 5; n++) await call({ follow_up_at: '2026-12-01T09:00' });
    const { app, dana } = panes();
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const page = await app.read(dana, 'follow_ups', query, { request_id: 'paging' });
      seen.push(...page.rows.map(row => row.reference));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const all = (await due({ limit: 100 })).map(row => row.reference);
    expect(seen).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
    expect(await refusal(panes().read(dana, 'follow_ups', { cursor: 'made up' }))).toMatchObject({
      field: 'cursor',
    });
  });

  test('is each business’s own', async () => {
    expect(await panes().read(panes().clear.owner, 'follow_ups')).toEqual([]);
  });
});
