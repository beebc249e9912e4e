import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { cannotCome } from '../tickets/record.ts';

// What a customer's answer to a visit has left to the office. Reads interactions and tickets.

/**
 * The ids of the follow-ups of answers by customers who still cannot come then: they stand with those visits, and who looks at both
 * lists sees each answer once.
 */
export const followUpsOfAnswers = (context: ReadContext): Sql => sql`
  select id
  from interactions
  where organization_id = ${context.organization.id}::uuid
    and follow_up_status = 'pending'
    and is_auto_generated
    and type = 'email_inbound'
    and ticket_id in (
      select id
      from tickets
      where organization_id = ${context.organization.id}::uuid
        and ${cannotCome(context)}
    )`;
