import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listMovements, listOnItsWay, type Movement, type Payer } from './statement-queries.ts';

export type { Movement, Payer };

/** Everything that changed what somebody owes until a local day, in order. */
export const movementsOf = (context: ReadContext, asked: Payer & { to: string }) =>
  listMovements(context, asked);

/** What a bank is to bring of somebody, in minor units by currency. */
export async function onItsWayOf(context: ReadContext, payer: Payer): Promise<Map<string, number>> {
  const rows = await listOnItsWay(context, payer);
  return new Map(rows.map(({ currency, amount_cents }) => [currency, amount_cents]));
}
