import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';

const panes = useBrightPanes();

/** A lead with a reminder and somebody who is to call back. */
async function lead(full_name: string): Promise<string> {
  const { done, dana } = panes();
  const { id } = await done(dana, 'lead.create', { full_name, phone: '256-555-0199' });
  await done(dana, 'lead.set_reminder', { lead_id: id, reminder_at: '2026-11-25T09:00' });
  await done(dana, 'interaction.create', call(String(id)));
  return String(id);
}
const call = (lead_id: string) => ({
  lead_id,
  type: 'phone_call',
  direction: 'inbound',
  follow_up_at: '2026-11-20T09:00',
});
const due = async (lead_id: string) =>
  (await panes().read(panes().dana, 'follow_ups', { params: { lead_id }, fields: ['kind'] })).map(
    ({ kind }) => kind,
  );
const runs = () =>
  panes().read(panes().olivia, 'workflow_runs', {
    params: { workflow: 'lead.end_call_backs' },
    fields: ['state', 'did'],
  });
const reminderOf = async (id: string) =>
  (await panes().read(panes().dana, 'leads', { id, fields: ['reminder_at'] }))[0]?.reminder_at;

test('nobody has to call a lead back any more that has become a customer; other leads are not touched', async () => {
  const { done, dana } = panes();
  const won = await lead('Wanda Won');
  const open = await lead('Oscar Open');
  expect(await due(won)).toEqual(await due(open));
  await whileWorking(panes(), async () => {
    await done(dana, 'lead.convert', { lead_id: won });
    await expect.poll(runs, soon).toMatchObject([{ state: 'done', did: { reminders: 1 } }]);
  });
  expect(await due(won)).toEqual([]);
  expect(await reminderOf(won)).toBeNull();
  expect(await due(open)).toEqual(expect.arrayContaining(['follow_up', 'reminder']));
  const history = await panes().read(dana, 'audit_log', { params: { subject_id: won } });
  expect(history[0]).toMatchObject({ domain_action: 'automation.run', actor_kind: 'system' });
});

test('converting says which call-backs and reminder it ends, and when they were to be', async () => {
  const { dana, done } = panes();
  const ended = await lead('Wendy Won');
  const calls = await panes().read(dana, 'interactions', {
    params: { lead_id: ended, follow_up_status: 'pending' },
    sort: 'occurred_at',
  });
  const { ends_now } = await done(dana, 'lead.convert', { lead_id: ended });
  expect(ends_now).toHaveLength(calls.length + 1);
  for (const { reference } of calls)
    expect(String(ends_now)).toContain(`the call-back ${String(reference)} of `);
  expect(String(ends_now)).toContain('of Fri 2026-11-20 09:00 -06:00');
  expect(String(ends_now)).toContain('the reminder of Wed 2026-11-25 09:00 -06:00');
});

test('what is agreed on after the conversion stays, although it was said on the lead', async () => {
  const { done, dana } = panes();
  const won = await lead('Wilma Winner');
  await done(dana, 'lead.convert', { lead_id: won });
  await done(dana, 'interaction.create', call(won));
  await whileWorking(panes(), async () => {
    await expect.poll(async () => (await runs())[0], soon).toMatchObject({ state: 'done' });
  });
  expect(await due(won)).toEqual(['follow_up']);
});

test('a business that does not want that switches it off', async () => {
  const { done, dana, olivia } = panes();
  await done(olivia, 'automation.set_enabled', { automation: 'lead.end_call_backs', is_enabled: false });
  const before = await runs();
  const won = await lead('Walter Win');
  expect(await done(dana, 'lead.convert', { lead_id: won })).toMatchObject({ ends_now: [] });
  expect(await runs()).toEqual(before);
  expect(await due(won)).toContain('follow_up');
});

test('nobody has to call back about an inquiry whose customer has a visit booked; others are not touched', async () => {
  const { act, done, dana } = panes();
  const { id } = await done(dana, 'lead.create', { title: 'Screens', contact_id: 'C-1002' });
  await done(dana, 'lead.set_reminder', { lead_id: id, reminder_at: '2026-11-25T09:00' });
  await done(dana, 'interaction.create', call(String(id)));
  const other = await lead('Otto Other');
  expect(await due(String(id))).toEqual(expect.arrayContaining(['follow_up', 'reminder']));
  const booked = await act(dana, 'schedule_appointment', {
    contact_id: 'C-1002',
    scheduled_at: '2026-12-03T09:00',
  });
  expect(booked.warnings).toContainEqual(
    expect.stringMatching(/^A visit is booked: nobody is to call back about L-\d+/),
  );
  expect(await due(String(id))).toEqual([]);
  expect(await reminderOf(String(id))).toBeNull();
  expect(await due(other)).toEqual(expect.arrayContaining(['follow_up', 'reminder']));
});
