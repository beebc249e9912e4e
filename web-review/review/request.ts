import { z } from 'zod';
import { change } from '../../core/kernel/pipeline/audit-entry.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { html, type Markup } from '../html.ts';
import { mayRead, type PageRequest, readList, readMaybe } from '../site.ts';

const target = z.object({
  record: z.string(),
  id: z.string(),
  reference: z.string().nullable(),
  label: z.string(),
});
export type Target = z.infer<typeof target>;

const outgoing = z.object({ kind: z.string(), payload: z.record(z.string(), z.unknown()) });
export type Outgoing = z.infer<typeof outgoing>;

/**
 * What goes out, each message once: what is planned for now and sent by the same call is the mail alone, which is read by whoever
 * decides. That it was planned first stands with all that is stored.
 */
const sentOnce = (all: readonly Outgoing[]): Outgoing[] => {
  const mailed = all.flatMap(({ kind, payload }) => (kind === 'email' ? idOf(payload) : []));
  return all.filter(
    ({ kind, payload }) => kind !== 'scheduled_message' || !idOf(payload).some(id => mailed.includes(id)),
  );
};

/** The message it is about; none for what tells of none. */
const idOf = ({ message_id }: Outgoing['payload']): string[] =>
  typeof message_id === 'string' ? [message_id] : [];

const preview = z
  .object({
    changes: z.array(change),
    outgoing: z.array(outgoing),
    targets: z.array(target).default([]),
    read_before: z
      .array(
        z.object({ what: z.string(), rows: z.number(), references: z.array(z.string()), at: z.string() }),
      )
      .optional(),
  })
  .transform(read => ({ ...read, goes_out: sentOnce(read.outgoing) }));

/** One call of a bulk that has grown. */
const item = z.object({
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  affected_rows: z.number(),
  preview: preview.nullable(),
  status: z.string(),
  is_stale: z.boolean(),
  error: z.looseObject({ message: z.string().optional() }).nullable(),
});

/** What these pages show of a request. */
export const requestRow = z.object({
  id: z.string(),
  reference: z.string(),
  agent: z.string(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  rule_action: z.string(),
  rule: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  preview,
  items: z.array(item).optional(),
  affected_rows: z.number(),
  /** What it moves, when it is about money and still waits. */
  amount_cents: z.number().optional(),
  denied_before: z
    .object({
      reference: z.string(),
      agent: z.string(),
      decided_at: z.string(),
      decided_by: z.string().nullable(),
      decision_note: z.string().nullable(),
    })
    .optional(),
  digest: z.string(),
  why_not_always: z.string().nullable(),
  status: z.string(),
  replaced_by: z.string().nullable(),
  decided_by: z.string().nullable(),
  decision: z.string().nullable(),
  decision_note: z.string().nullable(),
  decided_at: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.looseObject({ message: z.string().optional() }).nullable(),
  expires_at: z.string(),
  created_at: z.string(),
});
export type Request = z.infer<typeof requestRow>;

/** The calls of a bulk; none for every other request. */
export const callsOf = ({ items = [] }: Pick<Request, 'items'>) => items;

const fields = Object.keys(requestRow.shape);

/** Waiting or decided requests, newest first. */
export const readRequests = (
  pageRequest: PageRequest,
  filter: 'pending' | 'decided',
  page: { limit: number; cursor?: string },
) => readList(pageRequest, 'authorization_requests', requestRow, { filter, fields, ...page });

/** One request by reference or id. Throws NOT_FOUND. */
export async function readRequest(pageRequest: PageRequest, id: string): Promise<Request> {
  const { rows } = await readList(pageRequest, 'authorization_requests', requestRow, { id, fields });
  if (rows[0]) return rows[0];
  throw new DeskhandError('NOT_FOUND', 'There is no such request here.');
}

export const findRequest = (pageRequest: PageRequest, id: string): Promise<Request | undefined> =>
  readMaybe(pageRequest, { type: 'authorization_requests', row: requestRow, id, query: { fields } });

/** Whether this person's role may decide, as the decisions are registered; decides what is shown, never what is allowed. */
export function mayDecide(pageRequest: Pick<PageRequest, 'site' | 'identity'>): boolean {
  const { role } = pageRequest.identity.actor;
  const roles = pageRequest.site.app.registry.actions.get('authorization.allow_once')?.spec.roles ?? [];
  return role !== undefined && roles.includes(role) && mayRead(pageRequest, 'authorization_requests');
}

const stateWords: Readonly<Record<string, string>> = {
  pending: 'waits',
  executing: 'under way',
  succeeded: 'done',
  stale: 'not done, something changed',
  canceled: 'taken back',
};

const colours: Readonly<Record<string, string>> = {
  pending: 'waiting',
  succeeded: 'delivered',
  failed: 'dead',
  denied: 'dead',
};

/** A state in a word or two; the colour only helps. */
export const stateBadge = ({ status }: Pick<Request, 'status'>): Markup =>
  html`<span class="badge ${colours[status]}">${stateWords[status] ?? status}</span>`;
