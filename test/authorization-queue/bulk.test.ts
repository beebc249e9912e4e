import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { defineWorkflow } from '../../core/kernel/registry/define.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

/** Deletes several customers in one call. */
const cleanUp = defineWorkflow({
  name: 'clean_up',
  title: 'Clean up',
  summary: 'Delete several customers.',
  input: z.strictObject({ contact_ids: z.array(z.string()) }),
  output: z.object({ deleted: z.number() }),
  uses: ['contact.delete'],
  async run(context, { contact_ids }) {
    for (const contact_id of contact_ids) await context.call('contact.delete', { contact_id });
    return { deleted: contact_ids.length };
  },
});

const panes = useBrightPanes({ workflows: [cleanUp] });
const reasoning = 'These were entered twice by the import';
let agents: Caller[] = [];

// What agents destroyed before is forgotten: as if the last ten minutes had been quiet.
beforeEach(async () => {
  const { olivia, done, database } = panes();
  await database.owner.query(`
    alter table audit_log disable trigger immutable;
    delete from audit_log where actor_kind = 'agent';
    alter table audit_log enable trigger immutable`);
  if (agents.length > 0) return;
  for (const name of ['Early Shift', 'Late Shift']) {
    const { id } = await done(olivia, 'agent.create', { name });
    const { key } = await done(olivia, 'agent.create_key', { agent_id: id });
    agents = [...agents, { via: 'key', key: String(key) }];
  }
});

async function addCustomers(count: number): Promise<string[]> {
  const { dana, done } = panes();
  const made = Array.from({ length: count }, () => done(dana, 'contact.create', { full_name: 'Twin' }));
  return (await Promise.all(made)).map(row => String(row.reference));
}

const remove = async (contact_id: string, who: Caller = panes().agent) =>
  panes().act(who, 'contact.delete', { contact_id }, { reasoning });
const statuses = (outcomes: { status: string }[]) => outcomes.map(({ status }) => status);
const done = (count: number) => Array(count).fill('done');
const waiting = 'pending_authorization';

describe('deleting one by one', () => {
  test('five pass and the sixth is a bulk', async () => {
    const [sixth = '', ...five] = await addCustomers(6);
    for (const reference of five) expect((await remove(reference)).status).toBe('done');
    expect(await remove(sixth)).toMatchObject({
      status: waiting,
      data: {
        rule: 'bulk',
        reason:
          '6 records would be deleted, cancelled or closed by agents within 10 minutes; more than 5 is a bulk',
      },
    });
    expect(await panes().read(panes().dana, 'contacts', { id: sixth })).toHaveLength(1);
  });

  test('is counted over all agents of the business together', async () => {
    const references = await addCustomers(6);
    const outcomes = [];
    for (const [index, reference] of references.entries()) {
      outcomes.push(await remove(reference, agents[index % 2]));
    }
    expect(statuses(outcomes)).toEqual([...done(5), waiting]);
  });

  test('is counted when all of them come at once, too', async () => {
    const references = await addCustomers(10);
    const outcomes = await Promise.all(
      references.map((reference, index) => remove(reference, agents[index % 2])),
    );
    expect(statuses(outcomes).sort()).toEqual([...done(5), ...Array(5).fill(waiting)]);
  });

  test('is counted over kinds of records and with what goes along', async () => {
    const { dana, agent, act, done: make, book } = panes();
    const [house = '', ...others] = await addCustomers(3);
    for (const line1 of ['1 Long Lane', '2 Long Lane'])
      await make(dana, 'address.create', { contact_id: house, line1 });
    const note = await make(dana, 'note.create', { contact_id: 'C-1001', content: 'Old' });
    const visit = await book('2026-11-23T09:00');
    // A customer with two addresses is three rows; a note and a cancelled visit make five.
    expect((await remove(house)).status).toBe('done');
    expect((await act(agent, 'note.delete', { note_id: note.id }, { reasoning })).status).toBe('done');
    expect((await act(agent, 'ticket.cancel', { ticket_id: visit.id }, { reasoning })).status).toBe('done');
    expect((await remove(others[0] ?? '')).status).toBe(waiting);
  });

  test('is forgotten after ten minutes', async () => {
    const [sixth = '', ...five] = await addCustomers(6);
    for (const reference of five) await remove(reference);
    expect((await remove(sixth)).status).toBe(waiting);
    await panes().database.owner.query(`
      alter table audit_log disable trigger immutable;
      update audit_log
      set id = overlay(uuid7_floor(now() - interval '11 minutes')::text placing right(id::text, 17) from 20)::uuid
      where actor_kind = 'agent';
      alter table audit_log enable trigger immutable`);
    expect((await remove(sixth)).status).toBe('done');
  });

  test('by people is up to them, and counts for nobody', async () => {
    const references = await addCustomers(9);
    const [last = '', ...eight] = references;
    for (const reference of eight) expect((await remove(reference, panes().dana)).status).toBe('done');
    expect((await remove(last)).status).toBe('done');
  });

  test('in the other business is its own count', async () => {
    const { clear, act, done: make } = panes();
    for (const reference of await addCustomers(5)) await remove(reference);
    const { id } = await make(clear.owner, 'contact.create', { full_name: 'Twin' });
    expect((await act(clear.agent, 'contact.delete', { contact_id: id }, { reasoning })).status).toBe('done');
  });

  test('what was undone or refused does not count', async () => {
    const { agent, act, dana, done: make } = panes();
    const references = await addCustomers(5);
    const [kept = ''] = await addCustomers(1);
    await make(dana, 'note.create', { contact_id: kept, content: 'has history' });
    for (let round = 0; round < 3; round += 1) {
      expect((await remove(kept)).status).toBe(waiting);
      await act(agent, 'contact.delete', { contact_id: references[0] }, { reasoning, preview: true });
    }
    for (const reference of references) expect((await remove(reference)).status).toBe('done');
  });
});

describe('one call', () => {
  test('over five customers passes, over six it waits, and then nothing is deleted', async () => {
    const { agent, act, read, dana } = panes();
    const clean = async (contact_ids: string[]) => act(agent, 'clean_up', { contact_ids }, { reasoning });
    expect(await clean(await addCustomers(5))).toMatchObject({ status: 'done', data: { deleted: 5 } });
    const six = await addCustomers(6);
    expect(await clean(six)).toMatchObject({
      status: waiting,
      data: {
        rule: 'bulk',
        reason: expect.stringMatching(/^one call would touch 6 records, .+; more than 5 is a bulk$/),
      },
    });
    for (const id of six) expect(await read(dana, 'contacts', { id })).toHaveLength(1);
  });

  test('that imports more than five customers waits; a look without writing, and people, do not', async () => {
    const { agent, olivia, act, read } = panes();
    const rows = Array.from(
      { length: 6 },
      (_, index) => `Ada,Byron${index},ada${index}@example.com,,SQ-${index}`,
    );
    const content = ['First Name,Last Name,Email Address,Phone Number,Square Customer ID', ...rows].join(
      '\n',
    );
    const bring = (who: Caller, more = {}) => act(who, 'import.square', { content, ...more });
    expect(await bring(agent, { dry_run: true })).toMatchObject({
      status: 'done',
      data: { contacts_in_file: 6 },
    });
    expect(await bring(agent)).toMatchObject({ status: waiting, data: { rule: 'bulk' } });
    expect(await read(agent, 'contacts', { search: 'Byron' })).toEqual([]);
    expect(await bring(olivia)).toMatchObject({ status: 'done', data: { created: 6 } });
  });

  test('that books a visit with many lines is one record, and no bulk', async () => {
    const { agent, act } = panes();
    const lines = Array.from({ length: 20 }, () => 'S-1');
    const data = { contact_id: 'C-1001', scheduled_at: '2026-12-01T09:00', lines, technician_ids: ['Theo'] };
    expect((await act(agent, 'ticket.create', data)).status).toBe('done');
  });
});

test('no setting of the owner lifts the count', async () => {
  const { bright, database } = panes();
  await database.owner.query(
    `with as_somebody as (select set_config('app.actor', '{"kind": "system", "name": "owner"}', false))
    insert into permission_overrides (organization_id, id, action, rule, level, set_by)
    select $1, uuid7(), 'contact.delete', 'bulk', 'unrestricted', $2 from as_somebody`,
    [bright.id, bright.people.Olivia?.id],
  );
  const outcomes = [];
  for (const reference of await addCustomers(6)) outcomes.push(await remove(reference));
  expect(statuses(outcomes)).toEqual([...done(5), waiting]);
});
