import { beforeEach, describe, expect, test } from 'vitest';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import { registry } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';

/** Which purposes the model was asked for. */
const asked: string[] = [];
const model: LanguageModel = {
  async ask({ purpose, answer }) {
    asked.push(purpose);
    return { answer: answer.parse({ attributes: [], fields: {} }), model: 'test-model' };
  },
};

const panes = useBrightPanes({ model });
const reasoning = 'The customer asked us to do so';
const raw_notes = 'Robert Miles called, (256) 555-0181: windows before Thanksgiving.';

beforeEach(async () => {
  await asTableOwner(panes(), 'delete from authorization_requests');
  await asTableOwner(panes(), 'delete from grant_uses');
  await asTableOwner(panes(), 'delete from permission_overrides');
  asked.length = 0;
});

const setLevel = (action: string, level: string, more = {}) =>
  panes().done(panes().olivia, 'authorization.set_level', { action, level, ...more });

async function inputs(): Promise<Record<string, Record<string, unknown>>> {
  const { dana, done } = panes();
  const lead = await done(dana, 'lead.create', { raw_notes, extract: 'no' });
  const note = await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Dog named Biscuit.' });
  asked.length = 0;
  return {
    'lead.create': { raw_notes },
    'lead.extract': { lead_id: lead.id },
    'note.create': { contact_id: 'C-1001', content: 'Dog named Biscuit.', extract: 'now' },
    'note.extract': { note_id: note.id },
    process_lead: { raw_notes },
  };
}

/** Everything an agent may call that asks a model before it runs. */
const asking = [...registry.actions.values(), ...registry.workflows.values()]
  .filter(({ spec }) => spec.connectors?.includes('model') && spec.prepare !== undefined)
  .filter(({ spec }) => spec.kind === 'workflow' || !spec.human_only)
  .map(({ id }) => id);

test('what asks a model is tried here', async () => {
  expect(Object.keys(await inputs()).sort()).toEqual([...asking].sort());
});

describe.each(asking)('%s', id => {
  const guarded = registry.workflows.get(id)?.spec.uses[0] ?? id;
  const call = async (extra = {}) =>
    panes()
      .act(panes().agent, id, (await inputs())[id], { reasoning, ...extra })
      .catch(() => undefined);

  test('asks the model when it is done', async () => {
    await call();
    expect(asked).toHaveLength(1);
  });

  test('asks nobody for a preview, of an agent or of a person', async () => {
    await call({ preview: true });
    const data = (await inputs())[id] ?? {};
    await panes()
      .act(panes().olivia, id, data, { preview: true })
      .catch(() => undefined);
    expect(asked).toEqual([]);
  });

  test('asks nobody while it is forbidden', async () => {
    await setLevel(guarded, 'forbidden');
    expect(await call()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test('asks nobody when it waits, nor a second time when it is allowed', async () => {
    await setLevel(guarded, 'requires_authorization');
    const { olivia, done, read } = panes();
    const outcome = await call();
    expect(outcome).toMatchObject({ status: 'pending_authorization' });
    const [row] = await read(olivia, 'authorization_requests', { id: String(outcome?.data.request) });
    const ended = await done(olivia, 'authorization.allow_once', {
      request: String(row?.reference),
      digest: String(row?.digest),
    });
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(asked).toEqual([]);
  });

  test('asks nobody when a reason is missing', async () => {
    await setLevel(guarded, 'soft_limit');
    await call({ reasoning: 'ab cd ef' });
    expect(asked).toEqual([]);
    await call();
    expect(asked).toHaveLength(1);
  });
});

test('a grant that is used up for the day asks nobody any more, and looking uses nothing up', async () => {
  const { olivia, agent, act, done, read } = panes();
  await setLevel('lead.create', 'requires_authorization');
  const waiting = await act(agent, 'lead.create', { raw_notes }, { reasoning });
  const [row] = await read(olivia, 'authorization_requests', { id: String(waiting.data.request) });
  const decision = { request: String(row?.reference), digest: String(row?.digest) };
  await done(olivia, 'authorization.allow_always', { ...decision, limits: { per_day: 1 } });
  expect(asked).toEqual([]);
  const again = { raw_notes: `${raw_notes} Again.` };
  expect((await act(agent, 'lead.create', again, { reasoning })).status).toBe('done');
  expect(asked).toHaveLength(1);
  expect((await act(agent, 'lead.create', again, { reasoning })).status).toBe('pending_authorization');
  expect(asked).toHaveLength(1);
});
