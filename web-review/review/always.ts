import { z } from 'zod';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { formatMoney, moneyLike, readMoney } from '../../core/kernel/words/money.ts';
import { type Content, html, type Markup } from '../html.ts';
import { textOf } from '../site.ts';
import { plain } from '../words.ts';
import { foreign } from './foreign.ts';
import type { Request } from './request.ts';
import { habit } from './sentence.ts';

/** `Office Manager may delete contacts without asking, also when the contact has history` */
export function freedom(
  registry: Registry,
  granted: { agent: string | null; action: string; rule: string },
): Markup {
  const rule = registry.actions
    .get(granted.action)
    ?.spec.permission.rules?.find(({ name }) => name === granted.rule);
  return html`${whoOf(granted.agent)} may ${habit(registry, granted.action)} without asking${rule && `, also ${plain(rule.summary)}`}`;
}

export const whoOf = (agent: string | null): Content =>
  agent === null ? 'Every assistant' : foreign(agent, 80);

const limits = z.object({
  per_day: z.number().optional(),
  amount_cents: z.number().optional(),
  amount_cents_per_day: z.number().optional(),
});

/** What a grant is bound to, in words; '' when to nothing. */
export function limitWords(bound: unknown, currency: string): string {
  const { per_day, amount_cents, amount_cents_per_day } = limits.parse(bound);
  return [
    per_day === undefined ? '' : `at most ${per_day} a day`,
    amount_cents === undefined ? '' : `up to ${formatMoney(amount_cents, currency)} each time`,
    amount_cents_per_day === undefined
      ? ''
      : `up to ${formatMoney(amount_cents_per_day, currency)} a day in all`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Whether the action says how much money it moves, so that a grant may be bound to an amount. */
export const hasAmount = ({ actions }: Registry, { rule_action }: Request): boolean =>
  actions.get(rule_action)?.spec.permission.amount !== undefined;

/** The limits as they were typed; an empty field binds nothing. Throws VALIDATION_ERROR for what is no number or amount. */
export function readLimits(
  form: unknown,
  currency: string,
): {
  per_day?: number;
  amount_cents?: number;
  amount_cents_per_day?: number;
  until?: string;
} {
  const per_day = textOf(form, 'per_day').trim();
  const amount_cents = readAmount(form, 'amount', currency);
  const amount_cents_per_day = readAmount(form, 'day_amount', currency);
  const until = textOf(form, 'until').trim();
  if (!/^\d{0,4}$/.test(per_day)) throw invalid('per_day', 'How often a day is a number from 1 to 1000.');
  return {
    ...(per_day === '' ? {} : { per_day: Number(per_day) }),
    ...(amount_cents === undefined ? {} : { amount_cents }),
    ...(amount_cents_per_day === undefined ? {} : { amount_cents_per_day }),
    ...(until === '' ? {} : { until }),
  };
}

function readAmount(form: unknown, field: string, currency: string): number | undefined {
  const amount = textOf(form, field).trim();
  if (amount === '') return undefined;
  const cents = /^\d+(\.\d+)?$/.test(amount) ? readMoney(amount, currency) : undefined;
  if (cents !== undefined && cents <= mostCents) return cents;
  throw invalid(field, `Write the amount like ${moneyLike(currency)}.`);
}

/** As much as one limit can be. */
const mostCents = 1_000_000_000;
