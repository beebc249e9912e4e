import { z } from 'zod';
import { defineLog } from '../kernel/records/log-view.ts';
import { defineView, type Page } from '../kernel/registry/define.ts';
import { pageOf } from '../kernel/registry/paging.ts';
import { listSettings, runs } from './queries.ts';

// The types keep the names the requirements give them (RGY-32, decision D10); a workflow is an MCP tool elsewhere here.

/** What the business does by itself, and whether it is switched on. */
export const workflowsView = defineView({
  type: 'workflows',
  domain: 'automation',
  summary: 'Automations: what the business does by itself, on which event or timer, and whether it is on.',
  keywords: ['automation', 'automatic', 'trigger', 'rule', 'by itself'],
  row: z.object({
    id: z.string(),
    name: z.string(),
    summary: z.string(),
    on: z.string(),
    is_enabled: z.boolean(),
  }),
  params: z.strictObject({ is_enabled: z.boolean().optional() }),
  default_fields: ['name', 'summary', 'on', 'is_enabled'],
  async run(context, { params, limit, cursor }) {
    const off = (await listSettings(context)).filter(({ is_enabled }) => !is_enabled);
    const rows = [...context.registry.automations.values()].flat().map(({ name, summary, on }) => ({
      id: name,
      name,
      summary,
      on: on.name,
      is_enabled: off.every(({ automation }) => automation !== name),
    }));
    const wanted = rows.filter(
      row => params.is_enabled === undefined || row.is_enabled === params.is_enabled,
    );
    return pageByName(wanted, limit, cursor);
  },
});

const states = z.enum(['waiting', 'done', 'skipped', 'failed']);

/** What automations have done, and what they are still to do. */
export const runsView = defineLog({
  type: 'workflow_runs',
  domain: 'automation',
  summary: 'What automations did: on which event, when, what came of it, and why nothing did.',
  keywords: ['automation', 'run', 'log', 'what happened by itself', 'failed'],
  from: runs,
  row: z.object({
    id: z.string(),
    workflow: z.string(),
    event_id: z.string(),
    event: z.string(),
    subject: z.record(z.string(), z.unknown()),
    state: states,
    why: z.string().nullable(),
    did: z.record(z.string(), z.unknown()).nullable(),
    attempts: z.number(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
  }),
  exactly: { workflow: z.string().max(100), state: states },
  default_fields: ['id', 'workflow', 'event', 'subject', 'state', 'why', 'did', 'started_at', 'finished_at'],
});

/** What has happened. */
export const eventsView = defineLog({
  type: 'events',
  domain: 'automation',
  summary: 'What has happened in the business that automations listen to, newest first.',
  keywords: ['event', 'happened', 'trigger', 'converted', 'closed'],
  from: 'events',
  row: z.object({
    id: z.string(),
    name: z.string(),
    payload: z.record(z.string(), z.unknown()),
    actor_kind: z.string(),
    actor_id: z.string().nullable(),
    created_at: z.string(),
  }),
  exactly: { name: z.string().max(100) },
  default_fields: ['id', 'name', 'payload', 'actor_kind', 'created_at'],
});

/** A page of a list that is registered and not stored, in the order of the names. */
export function pageByName(
  rows: readonly (Record<string, unknown> & { name: string })[],
  limit: number,
  cursor: string | undefined,
): Page {
  const sorted = rows
    .filter(({ name }) => cursor === undefined || name > cursor)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return pageOf(sorted, limit, last => last.name);
}
