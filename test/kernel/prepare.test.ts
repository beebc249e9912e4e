import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { defineAction, defineWorkflow, type PrepareTools } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { as, useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// A kite shop that asks its oracle before it does anything. The oracle answers something new every time, so what is
// done shows which answer it came from.

const asked: { actor: string; wind: string }[] = [];
const done: unknown[] = [];

async function askOracle({ actor }: Pick<PrepareTools, 'actor'>, { wind }: { wind: string }) {
  asked.push({ actor: actor.name, wind });
  return { answer: asked.length };
}

let stumbles = 0;

const input = z.strictObject({ wind: z.string().max(40) });
const output = z.object({ prepared: z.unknown() });
const kite = { domain: 'kite', input, output, effect: 'update', prepare: askOracle } as const;
const unrestricted = { level: 'unrestricted' } as const;
const roles = ['owner', 'admin', 'member', 'technician'] as const;

const kites = defineDomain({
  name: 'kite',
  summary: 'Kites, for this test only.',
  actions: [
    defineAction({
      ...kite,
      name: 'fly',
      summary: 'Flies; for the public too.',
      permission: unrestricted,
      open_to: ['webhook'],
      async run(context) {
        done.push(context.prepared);
        return { prepared: context.prepared };
      },
    }),
    defineAction({
      ...kite,
      name: 'sell',
      summary: 'Waits for the owner.',
      permission: { level: 'requires_authorization' },
      async run(context) {
        done.push(context.prepared);
        return { prepared: context.prepared };
      },
    }),
    defineAction({
      ...kite,
      name: 'paint',
      summary: 'For the owner alone.',
      permission: unrestricted,
      roles: ['owner'],
      run: async context => ({ prepared: context.prepared }),
    }),
    defineAction({
      ...kite,
      name: 'inherit',
      summary: 'For people.',
      permission: unrestricted,
      human_only: true,
      run: async context => ({ prepared: context.prepared }),
    }),
    defineAction({
      ...kite,
      name: 'stumble',
      summary: 'Loses a race in the database as often as it is told to.',
      permission: unrestricted,
      async run(context) {
        stumbles -= 1;
        if (stumbles >= 0)
          await context.tx.run(sql`do $$ begin raise exception using errcode = '40001'; end $$`);
        return { prepared: context.prepared };
      },
    }),
    defineAction({
      ...kite,
      name: 'read_around',
      summary: 'Reads before it does anything.',
      permission: unrestricted,
      roles,
      prepare: async ({ read }, { wind }) => ({ rows: (await read(wind, {})).length }),
      run: async context => ({ prepared: context.prepared }),
    }),
  ],
});

const festival = (name: string, inside?: Record<string, unknown>) =>
  defineWorkflow({
    name,
    title: 'Kite festival',
    summary: 'Flies one kite inside.',
    input,
    output: z.object({ prepared: z.unknown(), inside: z.unknown() }),
    uses: ['kite.fly'],
    prepare: askOracle,
    async run(context, { wind }) {
      const flown = await context.call('kite.fly', { wind }, inside);
      return { prepared: context.prepared, inside: flown.prepared };
    },
  });

const office = useOffice({
  domains: [kites],
  workflows: [festival('kite_festival'), festival('kite_parade', { answer: 'handed over' })],
});

beforeEach(() => {
  asked.length = 0;
  done.length = 0;
});

const wind = { wind: 'west' };
const reasoning = 'The customer asked us to do so';

describe('the oracle is asked once for a call, as whoever calls', () => {
  test('and its answer reaches the action', async () => {
    const { act, bright } = office();
    expect((await act(bright.agent, 'kite.fly', wind)).data).toEqual({ prepared: { answer: 1 } });
    expect((await act(as(bright, 'Dana'), 'kite.fly', wind)).data).toEqual({ prepared: { answer: 2 } });
    expect(asked).toEqual([
      { actor: 'Office Manager', wind: 'west' },
      { actor: 'Dana', wind: 'west' },
    ]);
  });

  test('also for a preview, which does nothing', async () => {
    const { act, bright } = office();
    const { status, data } = await act(bright.agent, 'kite.fly', wind, { preview: true });
    expect({ status, result: data.result }).toEqual({
      status: 'preview',
      result: { prepared: { answer: 1 } },
    });
  });

  test('and not again when the database makes the call begin anew', async () => {
    stumbles = 2;
    const { act, bright } = office();
    expect((await act(bright.agent, 'kite.stumble', wind)).data).toEqual({ prepared: { answer: 1 } });
    expect({ stumbles, asked: asked.length }).toEqual({ stumbles: -1, asked: 1 });
  });

  test('and what is read for it is what the caller may read', async () => {
    const { act, bright } = office();
    const look = (who: Caller, type: string) => act(who, 'kite.read_around', { wind: type });
    expect((await look(bright.owner, 'members')).data).toEqual({ prepared: { rows: 4 } });
    expect(await refusal(look(as(bright, 'Theo'), 'contacts'))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await look(as(bright, 'Dana'), 'contacts')).data).toEqual({ prepared: { rows: 0 } });
  });
});

describe('the oracle is not asked for', () => {
  const strangers: readonly Caller[] = [
    { via: 'key', key: 'dh_nobody' },
    { via: 'session', token: 'nobody' },
    { via: 'form', key: 'form_of-nobody-at-all-0000000' },
  ];

  test('strangers', async () => {
    const { act, bright } = office();
    const others = { via: 'member', organization_id: office().clear.id, user_id: ownerId() } as const;
    for (const stranger of [...strangers, others])
      expect(await refusal(act(stranger, 'kite.fly', wind))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toEqual([]);
    await act(bright.agent, 'kite.fly', wind);
    expect(asked).toHaveLength(1);
  });

  test('people whose role may not, and agents where only people may', async () => {
    const { act, bright } = office();
    for (const who of ['Dana', 'Theo'])
      expect(await refusal(act(as(bright, who), 'kite.paint', wind))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(act(as(bright, 'Theo'), 'kite_festival', wind))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusal(act(bright.agent, 'kite.inherit', wind))).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(asked).toEqual([]);
    await act(bright.owner, 'kite.paint', wind);
    await act(bright.owner, 'kite.inherit', wind);
    expect(asked).toHaveLength(2);
  });

  test('a call that cannot be read', async () => {
    const { act, bright } = office();
    expect(await refusal(act(bright.agent, 'kite.fly', { weather: 'west' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    expect(asked).toEqual([]);
  });

  test('an agent that is paused', async () => {
    const { act, done: run, bright } = office();
    await run(bright.owner, 'authorization.pause_agent', { agent_id: bright.agentId });
    for (const call of ['kite.fly', 'kite_festival'])
      expect(await refusal(act(bright.agent, call, wind))).toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toEqual([]);
    await run(bright.owner, 'authorization.resume_agent', { agent_id: bright.agentId });
    await act(bright.agent, 'kite.fly', wind);
    expect(asked).toHaveLength(1);
  });

  test('a call that has its answer already', async () => {
    const { act, bright } = office();
    const fly = (who: Caller, idempotency_key: string) => act(who, 'kite.fly', wind, { idempotency_key });
    const first = await fly(bright.agent, 'monday');
    expect(await fly(bright.agent, 'monday')).toEqual({ ...first, replayed: true });
    expect(asked).toHaveLength(1);
    // The key of another, or another key, is another call.
    expect((await fly(bright.owner, 'monday')).data).toEqual({ prepared: { answer: 2 } });
    expect((await fly(bright.agent, 'tuesday')).data).toEqual({ prepared: { answer: 3 } });
  });

  test('a call that waits already for the owner, however often it is repeated with its key', async () => {
    const { act, bright } = office();
    const sell = () =>
      act(bright.agent, 'kite.sell', { wind: 'north' }, { reasoning, idempotency_key: 'sale' });
    const first = await sell();
    expect(first.status).toBe('pending_authorization');
    expect(await sell()).toEqual({ ...first, replayed: true });
    expect(asked).toHaveLength(1);
  });
});

const ownerId = () => office().bright.people.Olivia?.id ?? '';

describe('what waits for the owner', () => {
  test('is done with exactly what was prepared when it was asked for', async () => {
    const { done: run, bright } = office();
    const waiting = await askFor(office(), bright, 'kite.sell', wind);
    await askFor(office(), bright, 'kite.sell', { wind: 'east' });
    // It ran to be shown, and that was taken back.
    expect(asked).toHaveLength(2);
    done.length = 0;
    const allowed = await run(bright.owner, 'authorization.allow_once', { ...waiting });
    expect(allowed).toMatchObject({ status: 'succeeded', result: { prepared: { answer: 1 } } });
    expect(done).toEqual([{ answer: 1 }]);
    expect(asked).toHaveLength(2);
  });

  test('shows the owner what was prepared', async () => {
    const { read, bright } = office();
    const { request } = await askFor(office(), bright, 'kite.sell', { wind: 'south' });
    const [row] = await read(bright.owner, 'authorization_requests', { id: request });
    expect(row).toMatchObject({ input: { wind: 'south', prepared: { answer: 1 } } });
  });
});

describe('a form on a website', () => {
  const form: Caller = { via: 'form', key: 'form_bright-panes-inquiries-01' };

  beforeEach(async () => {
    await asTableOwner(office(), 'delete from lead_forms');
    await asTableOwner(
      office(),
      `insert into lead_forms (organization_id, id, reference, name, public_key) values ($1, $2, 'F-1', 'Contact form', $3)`,
      [office().bright.id, newId(), form.key],
    );
  });

  test('does what is open to it', async () => {
    const { act } = office();
    expect((await act(form, 'kite.fly', wind)).data).toEqual({ prepared: { answer: 1 } });
    expect(asked).toEqual([{ actor: 'Contact form', wind: 'west' }]);
  });

  test('and nothing else, not even a question', async () => {
    const { act, read } = office();
    for (const action of ['kite.sell', 'kite.paint', 'kite.inherit', 'kite_festival'])
      expect(await refusal(act(form, action, wind))).toMatchObject({ code: 'FORBIDDEN' });
    const create = act(form, 'contact.create', { full_name: 'A Stranger' });
    expect(await refusal(create)).toMatchObject({ code: 'FORBIDDEN' });
    for (const type of ['contacts', 'organization', 'llm_usage'])
      expect(await refusal(read(form, type))).toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toEqual([]);
    expect(await office().read(office().bright.owner, 'contacts')).toEqual([]);
  });

  test('that was removed is a stranger', async () => {
    await asTableOwner(office(), 'update lead_forms set deleted_at = now()');
    expect(await refusal(office().act(form, 'kite.fly', wind))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toEqual([]);
  });
});

describe('an action inside a workflow', () => {
  test('does not ask for itself: the workflow has, before its transaction', async () => {
    const { act, bright } = office();
    expect((await act(bright.agent, 'kite_festival', wind)).data).toEqual({ prepared: { answer: 1 } });
    expect(done).toEqual([undefined]);
    expect(asked).toHaveLength(1);
  });

  test('gets what the workflow hands over', async () => {
    const { act, bright } = office();
    expect((await act(bright.agent, 'kite_parade', wind)).data).toEqual({
      prepared: { answer: 1 },
      inside: { answer: 'handed over' },
    });
    expect(asked).toHaveLength(1);
  });
});
