import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { localTime } from '../kernel/words/time.ts';
import { listFound } from './customer-queries.ts';
import { type CustomerQuery, searchCustomers } from './search-customers.ts';
import { listLatestVisits } from './visited-queries.ts';

export const foundCustomer = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  status: z.string(),
  company: z.string().nullable(),
  addresses: z.array(z.string()),
  last_visit: z.string().nullable(),
  next_visit: z.string().nullable(),
  note: z.string().nullable(),
  /** The latest visit of those that were asked for, and what was done then. */
  visit: z.string().optional(),
});

/**
 * Customers by whatever is known of them: a name with typing errors, a telephone number in any spelling, an e-mail
 * address, a street, a town, a word from a note, facts about them, services they had and when (MCP-11, SRC-01…06). Best
 * first, at most `limit`; `more` when there were others, `understood` which visits were asked for.
 */
export async function findCustomers(
  context: ReadContext,
  asked: CustomerQuery,
  limit: number,
): Promise<{ customers: z.infer<typeof foundCustomer>[]; more: boolean; understood?: string }> {
  const { time_zone, country } = context.organization;
  const { hits, visits } = await searchCustomers(context, asked, limit + 1);
  const ids = hits.slice(0, limit).map(hit => hit.record_id);
  const [rows, found] = await Promise.all([
    listFound(context, ids),
    visits && !visits.isMissing ? listLatestVisits(context, visits, ids) : [],
  ]);
  const visit = (row: { reference: string; scheduled_at: string } | null) =>
    row && `${row.reference} ${localTime(row.scheduled_at, time_zone)}`;
  const asFound = new Map(
    found.map(row => [row.contact_id, [visit(row), ...(row.services ?? [])].filter(Boolean).join(', ')]),
  );
  return {
    customers: rows.map(row => ({
      ...row,
      phone: row.phone === null ? null : formatPhone(row.phone, country),
      addresses: row.addresses ?? [],
      last_visit: visit(row.last_visit),
      next_visit: visit(row.next_visit),
      ...(asFound.has(row.id) ? { visit: asFound.get(row.id) } : {}),
    })),
    more: hits.length > limit,
    ...(visits ? { understood: visits.label } : {}),
  };
}
