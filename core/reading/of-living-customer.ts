import { sql } from '../kernel/database/sql.ts';

// Whether a row is about a customer who is still there. Reads contacts.

/** A condition on a row `r` with a `contact_id`. */
export const ofLivingCustomer = sql`exists (
  select 1
  from contacts as c
  where c.organization_id = r.organization_id and c.id = r.contact_id and c.deleted_at is null
)`;
