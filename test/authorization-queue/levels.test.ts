import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const misspelt = JSON.parse('"unrestrikted"');

/** Actions whose levels nobody may get wrong: one that is misspelt, one whose rule is. */
const errands = defineDomain({
  name: 'errand',
  summary: 'Errands.',
  actions: [
    errand('misspelt', misspelt),
    defineAction({
      ...errand('sometimes', 'unrestricted'),
      effect: 'update',
      permission: {
        level: 'unrestricted',
        rules: [
          {
            name: 'far_away',
            level: misspelt,
            summary: 'when it is far away',
            applies: (_context, { where }) => Promise.resolve(where === 'far' ? 'it is far away' : undefined),
          },
        ],
      },
    }),
  ],
});

function errand(name: string, level: 'unrestricted') {
  return defineAction({
    domain: 'errand',
    name,
    summary: 'Run an errand.',
    input: z.strictObject({ where: z.string().optional() }),
    output: z.object({ ran: z.literal(true) }),
    permission: { level },
    effect: 'update',
    run: () => Promise.resolve({ ran: true as const }),
  });
}

const panes = useBrightPanes({ domains: [errands] });
const reasoning = 'Both entries are about the same person';

beforeEach(() => asTableOwner(panes(), 'delete from permission_overrides'));

/** Sets a level the way the owner will on the permission page. */
const setLevel = (action: string, rule: string, level: string, more: Record<string, unknown> = {}) =>
  asTableOwner(
    panes(),
    `insert into permission_overrides
      (organization_id, id, action, rule, level, set_by, agent_id, schema_hash, expires_at, revoked_at)
    values ($1, uuid7(), $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      panes().bright.id,
      action,
      rule,
      level,
      panes().bright.people.Olivia?.id,
      more.agent_id ?? null,
      more.schema_hash ?? null,
      more.expires_at ?? null,
      more.revoked_at ?? null,
    ],
  );

const rename = (extra: { reasoning?: string } = {}) =>
  panes().act(panes().agent, 'contact.update', { contact_id: 'C-1001', job_title: 'Teacher' }, extra);

describe('the four levels', () => {
  test('unrestricted is done, and what was said about it is kept', async () => {
    expect((await rename({ reasoning })).status).toBe('done');
    expect(await panes().read(panes().dana, 'audit_log', { limit: 1 })).toMatchObject([{ reasoning }]);
  });

  test('soft limit wants a reason', async () => {
    await setLevel('contact.update', '*', 'soft_limit');
    expect(await refusal(rename())).toMatchObject({ code: 'REASONING_REQUIRED', field: 'reasoning' });
    expect(await refusal(rename({ reasoning: 'because' }))).toMatchObject({ got: 'because' });
    expect((await rename({ reasoning })).status).toBe('done');
  });

  test('requires authorization waits for the owner', async () => {
    await setLevel('contact.update', '*', 'requires_authorization');
    expect(await rename({ reasoning })).toMatchObject({
      status: 'pending_authorization',
      data: { rule: '*', reason: 'contact.update is set to requires_authorization' },
    });
  });

  test('forbidden is refused, whatever is said', async () => {
    await setLevel('contact.update', '*', 'forbidden');
    expect(await refusal(rename({ reasoning }))).toEqual({
      code: 'FORBIDDEN',
      message: 'The owner does not allow contact.update for Office Manager.',
      rule: '*',
    });
  });

  test('bind agents; people are bound by their role', async () => {
    const { dana, act } = panes();
    await setLevel('contact.update', '*', 'forbidden');
    expect((await act(dana, 'contact.update', { contact_id: 'C-1001', job_title: 'x' })).status).toBe('done');
  });
});

describe('a level nobody knows', () => {
  test('needs authorization, be it of an action or of a rule that fires', async () => {
    const { agent, act } = panes();
    expect(await act(agent, 'errand.misspelt')).toMatchObject({ status: 'pending_authorization' });
    expect(await act(agent, 'errand.sometimes', { where: 'far' })).toMatchObject({
      status: 'pending_authorization',
      data: { rule: 'far_away', reason: 'it is far away' },
    });
    expect(await act(agent, 'errand.sometimes', { where: 'near' })).toMatchObject({ status: 'done' });
  });
});

describe('a rule that looks at the record', () => {
  const remove = (contact_id: string) =>
    panes().act(panes().agent, 'contact.delete', { contact_id }, { reasoning });
  const addCustomer = async (content?: string) => {
    const { dana, done } = panes();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Somebody' });
    if (content) await done(dana, 'note.create', { contact_id: reference, content });
    return String(reference);
  };

  test('raises the level where it fires, and only there', async () => {
    expect(await remove(await addCustomer('has history'))).toMatchObject({
      status: 'pending_authorization',
      data: { rule: 'delete_with_history', reason: 'this customer has 1 note' },
    });
    expect(await remove(await addCustomer())).toMatchObject({ status: 'done' });
  });

  test('can be lifted by itself; the action keeps its own level', async () => {
    const { agent, act } = panes();
    await setLevel('contact.delete', 'delete_with_history', 'unrestricted');
    const contact_id = await addCustomer('has history');
    expect(await refusal(act(agent, 'contact.delete', { contact_id }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    expect(await remove(contact_id)).toMatchObject({ status: 'done' });
  });

  test('stays when only the level of the action is lifted', async () => {
    await setLevel('contact.delete', '*', 'unrestricted');
    expect(await remove(await addCustomer('has history'))).toMatchObject({ status: 'pending_authorization' });
  });
});

describe('what the owner has set', () => {
  const waits = async () => (await rename()).status === 'pending_authorization';

  test('counts from the newest on, until it is revoked or over', async () => {
    await setLevel('contact.update', '*', 'requires_authorization');
    expect(await waits()).toBe(true);
    await setLevel('contact.update', '*', 'unrestricted', { expires_at: '2020-01-01', revoked_at: null });
    expect(await waits()).toBe(true);
    await setLevel('contact.update', '*', 'unrestricted', { revoked_at: '2020-01-01' });
    expect(await waits()).toBe(true);
    await setLevel('contact.update', '*', 'unrestricted');
    expect(await waits()).toBe(false);
  });

  test('for one agent does not bind or free another', async () => {
    const { olivia, bright, done, act } = panes();
    const { id } = await done(olivia, 'agent.create', { name: 'Night Shift' });
    const { key } = await done(olivia, 'agent.create_key', { agent_id: id });
    const night = { via: 'key', key: String(key) } as const;
    await setLevel('note.create', '*', 'forbidden', { agent_id: bright.agentId });
    const note = { contact_id: 'C-1001', content: 'Quiet street' };
    expect(await refusal(act(bright.agent, 'note.create', note))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await act(night, 'note.create', note)).status).toBe('done');
  });

  test('for an older shape of the input does not cover the new one', async () => {
    const { app } = panes();
    await setLevel('contact.update', '*', 'requires_authorization');
    await setLevel('contact.update', '*', 'unrestricted', { schema_hash: 'of last year' });
    expect(await waits()).toBe(true);
    const { schemaHash } = app.registry.action('contact.update');
    await setLevel('contact.update', '*', 'unrestricted', { schema_hash: schemaHash });
    expect(await waits()).toBe(false);
  });

  test('is what the permission list and the capabilities show', async () => {
    const { agent, app, read } = panes();
    await setLevel('contact.update', '*', 'soft_limit');
    await setLevel('contact.delete', 'delete_with_history', 'forbidden');
    const shown = (action: string) => read(agent, 'permissions', { params: { action } });
    expect(await shown('contact.update')).toEqual([
      { action: 'contact.update', level: 'soft_limit', human_only: false, conditions: [] },
    ]);
    const conditions = [
      {
        rule: 'delete_with_history',
        level: 'forbidden',
        summary: 'when the customer has history',
      },
    ];
    expect(await shown('contact.delete')).toMatchObject([{ level: 'soft_limit', conditions }]);
    const { domains } = await app.capabilities(agent, { request_id: 'r' }, 'contact');
    const actions = domains[0]?.actions ?? [];
    expect(actions.find(({ name }) => name === 'update')).toMatchObject({ level: 'soft_limit' });
    expect(actions.find(({ name }) => name === 'delete')).toMatchObject({ conditions });
  });
});
