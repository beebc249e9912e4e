import { z } from 'zod';
import { raw, type Sql, sql } from '../kernel/database/sql.ts';
import { businessHours, type ReadContext } from '../kernel/pipeline/context.ts';
import { rowFacts } from '../kernel/words/text-schemas.ts';

export const organizationRow = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  time_zone: z.string(),
  currency: z.string(),
  country: z.string(),
  business_hours: businessHours,
  settings: z.record(z.string(), z.unknown()),
  ...rowFacts,
});

const columns = raw(Object.keys(organizationRow.shape).join(', '));

export const getOrganization = (context: ReadContext) => readOrganization(context, sql``);

/** The same, held until the transaction ends: of two changes at once the second starts from what the first has left. */
export const lockOrganization = (context: ReadContext) => readOrganization(context, sql`for no key update`);

function readOrganization(context: ReadContext, lock: Sql) {
  return context.tx.one(
    organizationRow,
    sql`
    select ${columns}
    from organizations
    where id = ${context.organization.id}::uuid
    ${lock}`,
  );
}

export function updateOrganization(
  context: ReadContext,
  values: Pick<z.infer<typeof organizationRow>, 'name' | 'time_zone' | 'business_hours' | 'settings'>,
) {
  return context.tx.one(
    organizationRow,
    sql`
    update organizations
    set name = ${values.name},
      time_zone = ${values.time_zone},
      business_hours = ${JSON.stringify(values.business_hours)}::jsonb,
      settings = ${JSON.stringify(values.settings)}::jsonb
    where id = ${context.organization.id}::uuid
    returning ${columns}`,
  );
}
