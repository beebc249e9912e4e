import { z } from 'zod';
import type { ReversalContext } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quote } from '../kernel/words/quote.ts';
import type { Plan, Step } from './plan.ts';

/** That somebody was told of what was taken back: of which row, and how. */
export interface Told {
  about: string;
  how: string;
}

/** Whom a mail went to that has gone out, and about which row, as far as it says. */
const mail = z.object({ contact_id: z.string(), ticket_id: z.string().optional() });

const mailsOf = (out: readonly Row[]) =>
  out.flatMap(payload => {
    const { data } = mail.safeParse(payload);
    return data ? [data] : [];
  });

/**
 * The steps of a plan, those told to tell the customer that can: whoever was told that we come would wait for us. What tells
 * is known by its input: it takes `notify_customer`.
 */
export function tellingSteps({ registry }: ReversalContext, plan: Plan, out: readonly Row[]) {
  const about = mailsOf(out).map(({ ticket_id }) => ticket_id);
  const steps = plan.steps.map((step): Step => {
    if (step.kind !== 'call' || !step.row || !about.includes(step.row.entity_id)) return step;
    const canTell = 'notify_customer' in (registry.action(step.action).inputSchema.properties ?? {});
    return canTell ? { ...step, input: { ...step.input, notify_customer: true } } : step;
  });
  return { ...plan, steps };
}

/** Warns of everybody who was written to and whom nothing of this reaches. */
export async function warnOfUntold(
  context: ReversalContext,
  out: readonly Row[],
  told: readonly Told[],
): Promise<void> {
  const ids = mailsOf(out)
    .filter(({ ticket_id }) => !told.some(({ about }) => about === ticket_id))
    .map(({ contact_id }) => contact_id);
  const customers = context.registry.records.get('contact');
  if (!customers || ids.length === 0) return;
  for (const row of await listByIds(context, customers, [...new Set(ids)])) {
    const { phone } = row;
    const how =
      typeof phone === 'string'
        ? `call ${formatPhone(phone, context.organization.country)}`
        : 'write to them, for there is no phone number';
    context.warn(`${quote(customers.label(row))} was written to and was not told of this: ${how}.`);
  }
}
