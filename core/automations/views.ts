import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { defineView, type Page } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { eventRow, listEvents, listRuns, listSettings, runRow } from './queries.ts';

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

/** What automations have done, and what they are still to do. */
export const runsView = defineView({
  type: 'workflow_runs',
  domain: 'automation',
  summary: 'What automations did: on which event, when, what came of it, and why nothing did.',
  keywords: ['automation', 'run', 'log', 'what happened by itself', 'failed'],
  row: runRow,
  params: z.strictObject({
    workflow: z.string().max(100).optional(),
    state: runRow.shape.state.optional(),
  }),
  default_fields: ['id', 'workflow', 'event', 'subject', 'state', 'why', 'did', 'started_at', 'finished_at'],
  async run(context, { params: { workflow, state }, limit, cursor }) {
    const before = readCursor(cursor);
    return pageById(await listRuns(context, { workflow, state, before, limit: limit + 1 }), limit);
  },
});

/** What has happened. */
export const eventsView = defineView({
  type: 'events',
  domain: 'automation',
  summary: 'What has happened in the business that automations listen to, newest first.',
  keywords: ['event', 'happened', 'trigger', 'converted', 'closed'],
  row: eventRow,
  params: z.strictObject({ name: z.string().max(100).optional() }),
  default_fields: ['id', 'name', 'payload', 'actor_kind', 'created_at'],
  async run(context, { params: { name }, limit, cursor }) {
    return pageById(await listEvents(context, { name, before: readCursor(cursor), limit: limit + 1 }), limit);
  },
});

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || isUuid(cursor)) return cursor;
  throw invalid('cursor', 'This cursor does not belong to this list.');
}

function pageById(rows: readonly (Record<string, unknown> & { id: string })[], limit: number): Page {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, ...(rows.length > limit && last ? { next_cursor: last.id } : {}) };
}

/** A page of a list that is registered and not stored, in the order of the names. */
export function pageByName(
  rows: readonly (Record<string, unknown> & { name: string })[],
  limit: number,
  cursor: string | undefined,
): Page {
  const sorted = rows
    .filter(({ name }) => cursor === undefined || name > cursor)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, ...(sorted.length > limit && last ? { next_cursor: last.name } : {}) };
}
