import { z } from 'zod';
import { type Context, roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { cents, decimalQuantity, lineTotal } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { lineKey } from '../lines/pick-line.ts';
import { chooseLine } from './lines.ts';
import { requireCountable, tellLonger } from './pricing.ts';
import { listLines, refreshTotal, updateLine as writeLine } from './queries.ts';
import { requireOwnVisit } from './requirements.ts';
import { lockOpenTicket, type Ticket, ticketRecord } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';

const changeable = {
  quantity: decimalQuantity.optional(),
  unit_price_cents: cents.optional(),
  duration_minutes: z.int().min(0).max(1440).optional(),
  description: line.optional(),
};

export const updateLine = defineAction({
  domain: 'ticket',
  name: 'update_line',
  summary: 'Change price, quantity, duration or wording of a line of an open visit.',
  input: z.strictObject({ ticket_id: ref('ticket'), line_id: lineKey.optional(), ...changeable }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'lines', apart_by: ['ticket_id', 'line_id'] },
  often: { rank: 1 },
  example: { ticket_id: 'T-2001', line_id: '1', quantity: 9 },
  roles,
  keywords: ['change price', 'quantity'],
  async run(context, { ticket_id, line_id, ...changes }) {
    requireChange(changes, 'line_id', Object.keys(changeable));
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    const before = await chooseLine(context, ticket.id, line_id);
    const quantity = changes.quantity ?? before.quantity;
    const unitPrice = changes.unit_price_cents ?? before.unit_price_cents;
    requireCountable(before.pricing, quote(before.description), quantity, 'quantity');
    await writeLine(context, {
      id: before.id,
      description: changes.description ?? before.description,
      quantity,
      unit_price_cents: unitPrice,
      total_cents: lineTotal(quantity, unitPrice),
      duration_minutes: changes.duration_minutes ?? before.duration_minutes,
    });
    await refreshTotal(context, ticket.id);
    if (changes.unit_price_cents !== undefined) await endEstimate(context, ticket);
    if (changes.quantity !== undefined || changes.duration_minutes !== undefined)
      await tellLonger(context, ticket);
    return answerTicket(context, ticket.id);
  },
});

/** A price that was agreed on is no estimate; that it was one stays only while another line waits for its price. */
async function endEstimate(context: Context, ticket: Ticket): Promise<void> {
  if (!ticket.is_price_estimated) return;
  const open = (await listLines(context, [ticket.id])).filter(
    ({ pricing, unit_price_cents }) => pricing === 'flexible' && unit_price_cents === 0,
  );
  if (open.length === 0) {
    await updateRow(context, ticketRecord, ticket.id, { is_price_estimated: false });
    context.warn('The price counts as agreed now; if it is still an estimate, say so with ticket.update.');
    return;
  }
  const lines = open.map(({ position, description }) => `${position} ${quote(description)}`).join(', ');
  context.warn(`The price of the visit stays an estimate until these lines have one: ${lines}.`);
}
