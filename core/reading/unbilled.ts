import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import { findNotClosed, listUnbilled, unbilledRow } from './unbilled-queries.ts';

/** What was done and is not billed, with what a technician took at the door, so that nothing paid and nothing owed is lost. */
export const unbilledVisits = defineView({
  type: 'unbilled_visits',
  domain: 'invoice',
  summary:
    'Closed visits without a bill of which something is owed, with what was paid at the door, whether the office has checked it, and what is left.',
  keywords: ['not billed', 'to bill', 'unbilled', 'closed', 'paid at the door', 'cash', 'check'],
  row: unbilledRow,
  often: { rank: 2 },
  params: z.strictObject({ contact_id: ref('contact').optional() }),
  roles: ['owner', 'admin', 'member'],
  async run(context, { params, limit, cursor }) {
    if (cursor !== undefined && !/^\d{1,6}$/.test(cursor)) throw strangeCursor();
    const after = Number(cursor ?? 0);
    const rows = await listUnbilled(context, { contact_id: params.contact_id, limit: limit + 1, after });
    return {
      rows: rows.slice(0, limit),
      ...(rows.length > limit ? { next_cursor: String(after + limit) } : {}),
    };
  },
});

/** The closed visits of a customer that have no bill yet, the latest first. */
export async function unbilledOf(context: ReadContext, contact_id: string, limit: number) {
  const rows = await listUnbilled(context, { contact_id, limit, after: 0 });
  return rows.filter(({ invoice }) => invoice === null);
}

/** The visit of a customer that is likeliest meant and not closed yet; undefined when there is none. */
export const notClosedOf = (context: ReadContext, contactId: string) => findNotClosed(context, contactId);
