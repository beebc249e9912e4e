import { z } from 'zod';
import { newId } from '../core/kernel/database/ids.ts';
import type { Context } from '../core/kernel/pipeline/context.ts';
import { defineView } from '../core/kernel/registry/define.ts';
import { pageOf, requireId } from '../core/kernel/registry/paging.ts';
import type { Registry } from '../core/kernel/registry/registry.ts';
import { DeskhandError, invalid } from '../core/kernel/words/errors.ts';
import { day, dayBounds, readDay } from '../core/kernel/words/time.ts';
import type { Decided } from './decision-queries.ts';
import { grantRow, insertOverride, listGrants, revokeEarlierGrants } from './grant-queries.ts';
import { rewordedRule } from './reworded.ts';

/** What an owner may bind a grant to; all left out means: until it is revoked (security.md, "The queue", 7). */
export const grantLimits = z.strictObject({
  /** So many uses on one local day. */
  per_day: z.int().min(1).max(1000).optional(),
  /** Up to this amount each time, in cents; only for actions that say how much they move. */
  amount_cents: z.int().min(1).optional(),
  /** Up to this amount on one local day, in cents, all uses together. */
  amount_cents_per_day: z.int().min(1).optional(),
  /** The last local day on which it holds. */
  until: day.optional(),
});

export type GrantLimits = z.output<typeof grantLimits>;

/** Owner or admin, never an agent (MAQ-22). */
export const forDeciders = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: ['owner', 'admin'],
} as const;

/** Rules that no grant lifts: each bulk is asked for by itself. */
const neverLifted: Readonly<Record<string, string>> = {
  bulk: 'Every bulk is asked for by itself.',
  new_address: 'Every mail to a new address is asked for by itself.',
  [rewordedRule]: 'Every change of words that were allowed is asked for by itself.',
};

/**
 * Why "Allow Always" is not offered for a request, in words; undefined when it is. It is offered where a grant is bounded:
 * never for a bulk, nor for what could widen what the agent may do.
 */
export function whyNotAlways(registry: Registry, asked: { rule_action: string; rule: string }) {
  const never = neverLifted[asked.rule];
  if (never !== undefined) return never;
  const action = registry.actions.get(asked.rule_action);
  if (!action || action.spec.human_only) return 'This is asked for each time.';
  const { widens } = action.spec;
  return widens === undefined ? undefined : `What changes ${widens} is asked for each time.`;
}

/** Lifts the rule that fired, for this agent, until it is revoked or its limits end. */
export async function grant(context: Context, claimed: Decided, limits: GrantLimits): Promise<string> {
  const { registry } = context;
  const why = whyNotAlways(registry, claimed);
  if (why) throw new DeskhandError('INVALID_STATE', `This cannot be allowed always. ${why}`);
  const { until, ...counted } = limits;
  const action = registry.action(claimed.rule_action);
  for (const field of ['amount_cents', 'amount_cents_per_day'] as const) {
    if (counted[field] === undefined || action.spec.permission.amount) continue;
    throw invalid(field, `${action.id} moves no money, so it has no amount to limit.`);
  }
  const { never_without_sum } = action.spec.permission;
  if (never_without_sum !== undefined && counted.amount_cents_per_day === undefined)
    throw invalid('amount_cents_per_day', `${never_without_sum}: say up to which sum a day.`, {
      hint: 'Give amount_cents_per_day, and amount_cents for each time if you like; beyond them it waits for you.',
    });
  const lifted = { action: action.id, rule: claimed.rule, agent_id: claimed.agent_id };
  await revokeEarlierGrants(context, lifted);
  return insertOverride(context, {
    id: newId(),
    ...lifted,
    level: 'unrestricted',
    request_id: claimed.id,
    schema_hash: action.schemaHash,
    limits: counted,
    reason: null,
    expires_at: until === undefined ? null : endOf(context, until),
  });
}

function endOf(context: Context, until: string): string {
  const end = dayBounds(readDay(until, 'until'), context.organization.time_zone).to;
  if (end.epochMilliseconds > context.now.epochMilliseconds) return end.toString();
  throw invalid('until', 'This day is over; the grant would allow nothing.', { got: until });
}

/** What the owner has changed: grants and levels that hold. */
export const grantsView = defineView({
  type: 'authorization_grants',
  whose: 'ours',
  domain: 'authorization',
  summary:
    'Grants and levels the owner has set, newest first: what, for whom, until when, from which request.',
  keywords: ['allowed always', 'levels', 'permissions', 'overrides'],
  row: grantRow,
  params: z.strictObject({ action: z.string().max(80).optional() }),
  async run(context, { params, limit, cursor }) {
    requireId(cursor);
    const rows = await listGrants(context, {
      action: params.action,
      agentId: context.actor.kind === 'agent' ? (context.actor.id ?? undefined) : undefined,
      id: undefined,
      before: cursor,
      limit: limit + 1,
    });
    return pageOf(rows, limit, last => last.id);
  },
});
