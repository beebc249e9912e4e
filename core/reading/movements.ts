import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listMovements, listOnItsWay, type Movement } from './statement-queries.ts';

export type { Movement };

/** Everything that changed what a customer owes until a local day, in order. */
export const movementsOf = (context: ReadContext, asked: { contact_id: string; to: string }) =>
  listMovements(context, asked);

/** What a bank is to bring of a customer, in minor units by currency. */
export async function onItsWayOf(context: ReadContext, contactId: string): Promise<Map<string, number>> {
  const rows = await listOnItsWay(context, contactId);
  return new Map(rows.map(({ currency, amount_cents }) => [currency, amount_cents]));
}
