import { z } from 'zod';
import type { Rule } from '../../core/kernel/pipeline/permission.ts';
import { defineAction, defineWorkflow } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import type { Office } from '../support/office.ts';

// A domain that exists in tests only: errands, which cost money, and want the owner when they are far or heavy. What an
// errand does is one job in the outbox.

const input = z.strictObject({
  what: z.string(),
  far: z.boolean().optional(),
  heavy: z.boolean().optional(),
  amount_cents: z.int().optional(),
});
type Input = z.output<typeof input>;

const when = (name: 'far' | 'heavy'): Rule<Input> => ({
  name,
  level: 'requires_authorization',
  summary: `when it is ${name}`,
  applies: (_context, errand) => Promise.resolve(errand[name] ? `it is ${name}` : undefined),
});

const run = defineAction({
  domain: 'errand',
  name: 'run',
  summary: 'Run an errand.',
  input,
  output: z.object({ ran: z.string() }),
  permission: {
    level: 'unrestricted',
    rules: [when('far'), when('heavy')],
    amount: (_context, { amount_cents }) => Promise.resolve(amount_cents ?? 0),
  },
  effect: 'update',
  async run(context, { what }) {
    await context.enqueue({ kind: 'errand', payload: { what } });
    return { ran: what };
  },
});

export const errands = defineDomain({ name: 'errand', summary: 'Errands.', actions: [run] });

/** Two errands in one go, each with a rule of its own. */
export const errandTrip = defineWorkflow({
  name: 'errand_trip',
  title: 'Errand trip',
  summary: 'Run a near and a far errand.',
  input: z.strictObject({ near: z.string(), far: z.string() }),
  output: z.object({ ran: z.array(z.string()) }),
  uses: ['errand.run'],
  async run(context, { near, far }) {
    await context.call('errand.run', { what: near });
    await context.call('errand.run', { what: far, far: true });
    return { ran: [near, far] };
  },
});

/** How often an errand was run, over all outcomes. */
export async function countRuns({ database }: Office, what: string): Promise<number> {
  const { rows } = await database.owner.query<{ count: number }>(
    `select count(*)::int as count from jobs where kind = 'errand' and payload ->> 'what' = $1`,
    [what],
  );
  return rows[0]?.count ?? 0;
}
