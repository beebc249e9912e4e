import type { Entered, Level, Override, ReadContext } from '../core/kernel/context.ts';
import { levels } from '../core/kernel/context.ts';
import type { Action } from '../core/kernel/define.ts';
import type { Rule } from '../core/kernel/permission.ts';
import type { Registered } from '../core/kernel/registry.ts';

/** The rule name that stands for an action's own level. */
export const ownLevel = '*';

/** A level and where it comes from. */
export interface Fired {
  rule: string;
  level: Level;
  reason: string;
}

/**
 * The strictest of the action's own level and of every rule that fires for this record, each as the owner has set it.
 * A level nobody knows needs authorization (security.md, rule 9).
 */
export async function decideLevel(
  context: ReadContext,
  entered: Entered,
  call: Registered<Action>,
  input: Record<string, unknown>,
): Promise<Fired> {
  const { permission } = call.spec;
  const own = effectiveLevel(entered, call, ownLevel, permission?.level);
  let strictest: Fired = { rule: ownLevel, level: own, reason: `${call.id} is set to ${own}` };
  for (const rule of permission?.rules ?? []) {
    const level = effectiveLevel(entered, call, rule.name, rule.level);
    if (rank(level) <= rank(strictest.level)) continue;
    const reason = await rule.applies(context, input);
    if (reason !== undefined) strictest = { rule: rule.name, level, reason };
  }
  return strictest;
}

/** The level of one rule for this agent: the newest override that still fits, else what was registered. */
export function effectiveLevel(
  entered: Pick<Entered, 'overrides'>,
  call: Registered<Action>,
  rule: string,
  registered: Level | undefined,
): Level {
  const override = entered.overrides?.find(candidate => fits(candidate, call, rule));
  return known(override ? override.level : registered);
}

/** The levels of an action's rules, for capabilities and the permission list. */
export function describeRules(
  entered: Pick<Entered, 'overrides'>,
  call: Registered<Action>,
): { rule: string; level: Level; summary: string }[] {
  return (call.spec.permission?.rules ?? []).map((rule: Rule) => ({
    rule: rule.name,
    level: effectiveLevel(entered, call, rule.name, rule.level),
    summary: rule.summary,
  }));
}

// A grant made for another shape of input does not cover this one.
function fits(override: Override, call: Registered<Action>, rule: string): boolean {
  if (override.action !== call.id || override.rule !== rule) return false;
  return override.schema_hash === null || override.schema_hash === call.schemaHash;
}

const known = (level: string | undefined): Level =>
  levels.find(name => name === level) ?? 'requires_authorization';

const rank = (level: Level) => levels.indexOf(level);
