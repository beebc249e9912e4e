import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { lineTotal } from '../kernel/words/money.ts';
import { listLines, listTechnicians, refreshTotal, updateLine } from './queries.ts';
import type { Line } from './record.ts';
import { stampOf } from './stamp.ts';
import { type Ticket, ticketRecord } from './ticket.ts';

/** What a visit came to, and comes to now. */
export interface Repriced {
  reference: string;
  was_total_cents: number;
  total_cents: number;
}

/** Keeps visits from changing until this transaction ends, in one order: two at once never wait for each other in a circle. */
export async function lockTickets(context: Context, ids: readonly string[]): Promise<void> {
  for (const id of [...ids].sort()) await getRow(context, ticketRecord, id, { lock: true });
}

/**
 * Gives lines of open visits another unit price; totals follow, and whether the price is an estimate stays. A visit that
 * was ended meanwhile is left as it is, and so is a line whose price is not the one the caller saw. Answers the visits.
 */
export async function repriceLines(
  context: Context,
  lines: readonly { id: string; ticket_id: string; unit_price_cents: number }[],
  unit_price_cents: number,
): Promise<Repriced[]> {
  const repriced: Repriced[] = [];
  // In one order, whoever does it: two at once never wait for each other in a circle.
  for (const ticketId of [...new Set(lines.map(({ ticket_id }) => ticket_id))].sort()) {
    const before = await getRow(context, ticketRecord, ticketId, { lock: true });
    if (before.status === 'closed' || before.status === 'cancelled') continue;
    const was = await listLines(context, [ticketId]);
    for (const line of was) {
      if (!lines.some(seen => seen.id === line.id && seen.unit_price_cents === line.unit_price_cents))
        continue;
      const total_cents = lineTotal(line.quantity, unit_price_cents);
      await updateLine(context, { ...line, unit_price_cents, total_cents });
    }
    await refreshTotal(context, ticketId);
    await followPrice(context, before, { was, lines: await listLines(context, [ticketId]) });
    const { reference, total_cents } = await getRow(context, ticketRecord, ticketId);
    repriced.push({ reference, was_total_cents: before.total_cents, total_cents });
  }
  return repriced;
}

/** A visit of a series that was as planned still is: the price list changed, and nobody the visit. */
async function followPrice(
  context: Context,
  { id, as_planned, ...visit }: Ticket,
  { was, lines }: { was: readonly Line[]; lines: readonly Line[] },
): Promise<void> {
  if (as_planned === null) return;
  const technician_ids = (await listTechnicians(context, [id])).map(technician => technician.id);
  if (stampOf({ ...visit, lines: was, technician_ids }) !== as_planned) return;
  await updateRow(context, ticketRecord, id, { as_planned: stampOf({ ...visit, lines, technician_ids }) });
}
