import { z } from 'zod';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { requestNumbering } from '../core/kernel/pipeline/gate.ts';
import { defineView } from '../core/kernel/registry/define.ts';
import { pageOf, requireId } from '../core/kernel/registry/paging.ts';
import { notFound } from '../core/kernel/words/errors.ts';
import { moment, readMoment } from '../core/kernel/words/time.ts';
import { amountOf } from './amount.ts';
import { asksFor } from './asks-for.ts';
import { describeCredential } from './credential.ts';
import { whyNotAlways } from './grants.ts';
import { shownItem, withItems } from './items.ts';
import { listRequests, requestRow } from './queries.ts';

/** Why this cannot be allowed always; null when it can. */
const row = requestRow.extend({
  /** What would be done, in one line by references and names. */
  asks_for: z.string(),
  why_not_always: z.string().nullable(),
  /** The calls of a bulk that has grown; empty for every other request. */
  items: z.array(shownItem).optional(),
  /** What one that waits moves, in cents, where its action says so; read with a single request. */
  amount_cents: z.number().optional(),
});

const asMoved = z.object({ amount_cents: z.number().optional() });

/**
 * What a waiting request moves: of an action as it is now, of a step of a workflow as it was when it was asked for, for what the step
 * was told is not written down. Undefined for what moves no money, and when what it is about is gone.
 */
async function movedBy(
  context: ReadContext,
  asked:
    | Pick<z.output<typeof requestRow>, 'status' | 'action' | 'rule_action' | 'preview' | 'input'>
    | undefined,
): Promise<number | undefined> {
  if (asked?.status !== 'pending') return undefined;
  const { action, rule_action, preview, input } = asked;
  if (action !== rule_action) return asMoved.safeParse(preview).data?.amount_cents;
  const spec = context.registry.actions.get(action)?.spec;
  return spec && amountOf(context, spec, input);
}

/** Another agent's denial, with its note, is for people to read. */
const isShown = ({ actor }: ReadContext, denied: { agent_id: string } | null | undefined): boolean =>
  !!denied && (actor.kind !== 'agent' || denied.agent_id === actor.id);

/** What waits for the owner and what became of it (MCP-18). An agent sees its own requests only. */
export const requestsView = defineView({
  type: 'authorization_requests',
  domain: 'authorization',
  summary: 'Actions that wait for the owner, and what became of them: state, decision, note, result.',
  keywords: ['approval', 'pending', 'waiting', 'denied', 'review'],
  often: { rank: 3, members: ['action'] },
  card: 'request',
  watched: { member: 'status', waits: 'pending' },
  reference: requestNumbering,
  row,
  params: z.strictObject({ action: z.string().max(80).optional(), decided_since: moment.optional() }),
  filters: { pending: 'still waiting', decided: 'allowed, denied, expired, failed or done' },
  by_id: true,
  default_fields: [
    'reference',
    'asks_for',
    'action',
    'status',
    'rule_reason',
    'reasoning',
    'decision_note',
    'created_at',
    'expires_at',
  ],
  async run(context, { id, params, filter, limit, cursor }) {
    requireId(cursor);
    const rows = await listRequests(context, {
      id,
      action: params.action,
      decidedSince:
        params.decided_since === undefined
          ? undefined
          : readMoment(params.decided_since, context.organization.time_zone, 'decided_since').toString(),
      pending: filter === undefined ? undefined : filter === 'pending',
      agentId: context.actor.kind === 'agent' ? (context.actor.id ?? undefined) : undefined,
      before: cursor,
      limit: limit + 1,
    });
    if (id !== undefined && rows.length === 0) throw notFound('authorization request', id, { field: 'id' });
    const amount_cents = id === undefined ? undefined : await movedBy(context, rows[0]);
    const { rows: shown, ...next } = pageOf(rows, limit, last => last.id);
    const whole = await withItems(context, shown);
    const words = await asksFor(context, whole);
    const page = whole.map(({ credential, denied_before, ...request }, n) => ({
      ...request,
      asks_for: words[n] ?? request.action,
      ...(isShown(context, denied_before) ? { denied_before } : {}),
      // Nobody has decided yet about what became stale by itself.
      error:
        request.error ??
        (request.status === 'stale' && request.decided_by === null
          ? (describeCredential(credential) ?? null)
          : null),
      why_not_always: whyNotAlways(context.registry, request) ?? null,
      ...(amount_cents === undefined ? {} : { amount_cents }),
    }));
    return { rows: page, ...next };
  },
});
