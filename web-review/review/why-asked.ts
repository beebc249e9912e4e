import type { Registry } from '../../core/kernel/registry/registry.ts';
import { html, type Markup } from '../html.ts';
import { foreign } from './foreign.ts';
import type { Request } from './request.ts';

const longestReason = 300;

/** Why it waits, in the words of the owner whose rule it is: what was found, or that they are asked each time. */
export function whyAsked(
  { actions }: Registry,
  { rule, rule_action, rule_reason }: Pick<Request, 'rule' | 'rule_action' | 'rule_reason'>,
): Markup {
  if (rule !== '*') return foreign(rule_reason, longestReason);
  const isByItself = actions.get(rule_action)?.spec.permission.level === 'requires_authorization';
  return isByItself ? html`you are always asked about this` : html`you want to be asked about this`;
}
