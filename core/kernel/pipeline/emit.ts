import { z } from 'zod';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import type { EventSpec } from '../registry/event.ts';
import type { AnyCall } from '../registry/registry.ts';
import type { Context } from './context.ts';

/** A chain of automations, each started by an event of the one before, ends after this many. */
const longestChain = 5;

/** Who emits: an action or an automation, and what it has declared. */
export interface Emitter {
  id: string;
  emits: readonly string[] | undefined;
}

export const emitterOf = ({ id, spec }: AnyCall): Emitter => ({
  id,
  emits: spec.kind === 'action' ? spec.emits : undefined,
});

/** What is emitted; `occurrence` tells the days of a timer apart, so that each of them is written once. */
export interface Emission {
  name: string;
  payload: Record<string, unknown>;
  occurrence?: string;
}

/**
 * Writes an event in the transaction of the change, and queues a run of every automation that is on for it: all of it
 * exists exactly when the change does. Throws for an event nobody registered or the emitter has not declared, which is a
 * defect, and for a payload of another shape.
 */
export async function emit<P extends z.ZodObject>(
  context: Context,
  by: Emitter,
  event: EventSpec<P>,
  payload: z.input<P>,
): Promise<void> {
  const { name } = event;
  if (!context.registry.events.has(name)) throw new Error(`${by.id} emits ${name}, which nobody registered`);
  if (!by.emits?.includes(name)) throw new Error(`${by.id} emits ${name} without declaring it in emits`);
  await announce(context, { name, payload: event.payload.parse(payload) });
}

/** Writes down what happened and starts the automations on it. Answers how many, none when it was written before. */
export async function announce(context: Context, emission: Emission): Promise<number> {
  const id = newId();
  const depth = await insertEvent(context, id, emission);
  if (depth === undefined) return 0;
  const wanted = context.registry.automations.get(emission.name) ?? [];
  const names = wanted.map(({ name }) => name);
  const off = names.length > 0 ? await listSwitchedOff(context, names) : [];
  const started = names.filter(name => !off.includes(name));
  for (const name of started) {
    const run = newId();
    const isTooLong = depth >= longestChain;
    await insertRun(context, { id: run, automation: name, event_id: id, isTooLong });
    if (!isTooLong) await context.enqueue({ id: run, kind: 'automation', payload: { run } });
  }
  return started.length;
}

/** Answers how many automations lie behind it; undefined when the occurrence is there already. */
async function insertEvent(
  context: Context,
  id: string,
  { name, payload, occurrence }: Emission,
): Promise<number | undefined> {
  const { organization, actor, request } = context;
  const row = await context.tx.maybe(
    z.object({ depth: z.number() }),
    sql`
    insert into events (organization_id, id, name, payload, occurrence, depth, actor_kind, actor_id, request_id)
    values (
      ${organization.id}::uuid, ${id}::uuid, ${name}, ${JSON.stringify(payload)}::jsonb, ${occurrence ?? null},
      coalesce((
        select max(e.depth) + 1
        from automation_runs as r
        join events as e on e.organization_id = r.organization_id and e.id = r.event_id
        where r.organization_id = ${organization.id}::uuid
          and r.request_id = ${request.request_id}
      ), 0),
      ${actor.kind}, ${actor.id}::uuid, ${request.request_id}
    )
    on conflict (organization_id, name, occurrence) where occurrence is not null do nothing
    returning depth`,
  );
  return row?.depth;
}

async function listSwitchedOff(context: Context, names: readonly string[]): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ automation: z.string() }),
    sql`
    select automation
    from automation_settings
    where organization_id = ${context.organization.id}::uuid
      and automation = any (${[...names]}::text[])
      and not is_enabled`,
  );
  return rows.map(({ automation }) => automation);
}

async function insertRun(
  context: Context,
  run: { id: string; automation: string; event_id: string; isTooLong: boolean },
): Promise<void> {
  const why = run.isTooLong ? `it would be number ${longestChain + 1} of a chain that started itself` : null;
  await context.tx.run(sql`
    insert into automation_runs (organization_id, id, automation, event_id, state, why)
    values (
      ${context.organization.id}::uuid, ${run.id}::uuid, ${run.automation}, ${run.event_id}::uuid,
      ${run.isTooLong ? 'skipped' : 'waiting'}, ${why}
    )`);
}
