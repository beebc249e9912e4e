import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

const asked = z.object({
  reference: z.string(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  rule: z.string(),
  status: z.string(),
  preview: z.looseObject({ outgoing: z.array(z.unknown()) }),
});

/** What a request would do, for telling whether it can be taken back. */
export function findAsked(context: ReadContext, request: string) {
  return context.tx.maybe(
    asked,
    sql`
    select reference, action, input, rule, status, preview
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and (id::text = lower(${request}) or reference = upper(${request}))`,
  );
}
