import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// A list in one call is no way around: it counts as many as it holds, and is asked for what each item would be.

const panes = useBrightPanes();
const reasoning = 'The owner wants the books tidied up today';
const waiting = 'pending_authorization';
let made = 0;

// As if the last ten minutes had been quiet, and nothing waited.
beforeEach(async () => {
  const { database } = panes();
  await database.owner.query(`
    alter table audit_log disable trigger immutable;
    delete from audit_log where actor_kind = 'agent';
    alter table audit_log enable trigger immutable;
    select set_config('app.actor', '{"kind": "system", "name": "test"}', false);
    update authorization_requests set status = 'canceled' where status = 'pending'`);
});

const act = (action: string, data: Record<string, unknown>) =>
  panes().act(panes().agent, action, data, { reasoning });
const dana = async (action: string, data: Record<string, unknown>) =>
  String((await panes().done(panes().dana, action, data)).reference);
const makers = {
  lead: () => dana('lead.create', { full_name: `Lead ${++made}`, follow_up: false }),
  note: () => dana('note.create', { contact_id: 'C-1001', content: 'Two cats' }),
  visit: () =>
    dana('ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: `2027-01-${String(1 + (++made % 27)).padStart(2, '0')}T09:00`,
    }),
};
async function some(what: keyof typeof makers, count: number): Promise<string[]> {
  const references: string[] = [];
  for (let index = 0; index < count; index += 1) references.push(await makers[what]());
  return references;
}
const show = async (id: unknown) =>
  (await panes().read(panes().olivia, 'authorization_requests', { id: String(id) }))[0];
const statusOf = async (id: string) => (await panes().read(panes().olivia, 'leads', { id }))[0]?.status;

test('five archived with a list, and then one more, are too many', async () => {
  expect((await act('lead.archive', { leads: await some('lead', 5) })).status).toBe('done');
  const { status, data } = await act('lead.archive', { leads: await some('lead', 1) });
  expect({ status, rule: data.rule }).toEqual({ status: waiting, rule: 'bulk' });
});

test('seven wait as one request that shows each of them, and are done as a whole', async () => {
  const leads = await some('lead', 7);
  const { status, data } = await act('lead.archive', { leads });
  expect({ status, rule: data.rule }).toEqual({ status: waiting, rule: 'bulk' });
  expect(await Promise.all(leads.map(statusOf))).toEqual(leads.map(() => 'new'));
  const shown = await show(data.request);
  for (const reference of leads) expect(JSON.stringify(shown?.preview)).toContain(reference);
  const { request } = data;
  const decided = { request, digest: shown?.digest };
  const allowed = await panes().act(panes().olivia, 'authorization.allow_once', decided);
  expect(allowed.data).toMatchObject({ status: 'succeeded' });
  expect(await Promise.all(leads.map(statusOf))).toEqual(leads.map(() => 'archived'));
});

test('one of seven that changed meanwhile makes the whole list stale, and nothing of it is done', async () => {
  const leads = await some('lead', 7);
  const { data } = await act('lead.archive', { leads });
  const { digest } = (await show(data.request)) ?? {};
  await dana('lead.update', { lead_id: leads[3], title: 'Calls back tomorrow' });
  const decided = { request: data.request, digest };
  const allowed = await panes().act(panes().olivia, 'authorization.allow_once', decided);
  expect(allowed.data).toMatchObject({ status: 'stale', replaced_by: expect.stringMatching(/^R-/) });
  expect(await Promise.all(leads.map(statusOf))).toEqual(leads.map(() => 'new'));
});

test('visits that an agent may staff one by one wait when six are listed', async () => {
  const tickets = await some('visit', 6);
  const send = (list: readonly string[]) =>
    act('ticket.assign_technician', { technician: 'Tess', tickets: list });
  expect((await send(tickets.slice(0, 2))).status).toBe('done');
  expect((await send(tickets.slice(2))).status).toBe('done');
  const again = { technician: 'Theo', tickets };
  expect((await act('ticket.assign_technician', again)).data).toMatchObject({ rule: 'bulk' });
});

test('a customer with a history is not removed among others', async () => {
  const plain = await dana('contact.create', { full_name: 'Nobody Yet' });
  await panes().done(panes().dana, 'note.create', { contact_id: 'C-1002', content: 'Two cats' });
  const { status, data } = await act('contact.delete', { contacts: [plain, 'C-1002'] });
  expect({ status, rule: data.rule }).toEqual({ status: waiting, rule: 'delete_with_history' });
  // The control: without her it is done.
  expect((await act('contact.delete', { contacts: [plain] })).status).toBe('done');
});

test('a grant is used up as often as a list holds items', async () => {
  const { olivia, bright, done } = panes();
  await done(olivia, 'authorization.set_level', {
    action: 'note.delete',
    agent_id: bright.agentId,
    level: 'requires_authorization',
  });
  const [first = '', ...notes] = await some('note', 4);
  const { data } = await act('note.delete', { note_id: first });
  await done(olivia, 'authorization.allow_always', {
    request: data.request,
    digest: (await show(data.request))?.digest,
    limits: { per_day: 2 },
  });
  expect((await act('note.delete', { notes })).status).toBe(waiting);
  expect((await act('note.delete', { notes: notes.slice(0, 2) })).status).toBe('done');
});

test('a reason that says something is asked for once', async () => {
  const leads = await some('lead', 2);
  expect(await refusal(panes().act(panes().agent, 'lead.archive', { leads }))).toMatchObject({
    code: 'REASONING_REQUIRED',
    field: 'reasoning',
  });
});
