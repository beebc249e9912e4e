import { z } from 'zod';
import type { ReadContext } from '../kernel/context.ts';
import { formatPhone } from '../kernel/phone.ts';
import { searchDocuments } from '../kernel/search-index.ts';
import { localTime } from '../kernel/time.ts';
import { listFound } from './queries.ts';

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
});

/**
 * Customers by whatever is known of them: a name with typing errors, a telephone number in any spelling, an e-mail
 * address, a street, a town, a word from a note (MCP-11). Best first, at most `limit`; `more` when there were others.
 */
export async function findCustomers(
  context: ReadContext,
  query: string,
  limit: number,
): Promise<{ customers: z.infer<typeof foundCustomer>[]; more: boolean }> {
  const { time_zone, country } = context.organization;
  const hits = await searchDocuments(context, ['contact'], query, limit + 1);
  const rows = await listFound(
    context,
    hits.slice(0, limit).map(hit => hit.record_id),
  );
  const visit = (row: { reference: string; scheduled_at: string } | null) =>
    row && `${row.reference} ${localTime(row.scheduled_at, time_zone)}`;
  return {
    customers: rows.map(row => ({
      ...row,
      phone: row.phone === null ? null : formatPhone(row.phone, country),
      addresses: row.addresses ?? [],
      last_visit: visit(row.last_visit),
      next_visit: visit(row.next_visit),
    })),
    more: hits.length > limit,
  };
}
