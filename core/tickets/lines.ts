import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound, requireChange } from '../kernel/words/errors.ts';
import { cents, decimalQuantity, lineTotal } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { addLines, newLine, readServices, requireCountable } from './pricing.ts';
import { removeLine as deleteLine, listLines, refreshTotal, updateLine as writeLine } from './queries.ts';
import type { Line } from './record.ts';
import { answerTicket, lockOpenTicket, requireOwnVisit, ticketAnswer, ticketRecord } from './ticket.ts';

const everybody = ['owner', 'admin', 'member', 'technician'] as const;

/** A line of a visit by its id, its number ("2") or the words it carries ("screens"). */
const lineKey = z.string().min(1).max(200);

export const addLine = defineAction({
  domain: 'ticket',
  name: 'add_line',
  summary: 'Add a service to an open visit.',
  input: z.strictObject({ ticket_id: ref('ticket'), ...newLine.shape }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  undo: 'ticket.remove_line',
  example: { ticket_id: 'T-2001', service_id: 'Screen Cleaning', quantity: 20 },
  roles: everybody,
  keywords: ['add service', 'line item'],
  async run(context, { ticket_id, ...input }) {
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    const services = await readServices(context, [input], () => '');
    const { unpriced } = await addLines(context, ticket.id, [input], services);
    if (unpriced) {
      await updateRow(context, ticketRecord, ticket.id, { is_price_estimated: true });
      context.warn('No price is set for this service yet; set unit_price_cents with ticket.update_line.');
    }
    return answerTicket(context, ticket.id);
  },
});

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
  input: z.strictObject({ ticket_id: ref('ticket'), line_id: lineKey, ...changeable }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  example: { ticket_id: 'T-2001', line_id: '1', quantity: 9 },
  roles: everybody,
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
    return answerTicket(context, ticket.id);
  },
});

export const removeLine = defineAction({
  domain: 'ticket',
  name: 'remove_line',
  summary: 'Take a service off an open visit.',
  keywords: ['delete service', 'line item', 'without'],
  input: z.strictObject({ ticket_id: ref('ticket'), line_id: lineKey }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  undo: 'ticket.add_line',
  example: { ticket_id: 'T-2001', line_id: '1' },
  roles: everybody,
  async run(context, { ticket_id, line_id }) {
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    await deleteLine(context, (await chooseLine(context, ticket.id, line_id)).id);
    await refreshTotal(context, ticket.id);
    return answerTicket(context, ticket.id);
  },
});

async function chooseLine(context: Context, ticketId: string, key: string): Promise<Line> {
  return pickLine(await listLines(context, [ticketId]), key, 'line_id');
}

/** The line among some that an id, a number or words mean. Throws NOT_FOUND with those there are. */
export function pickLine(lines: readonly Line[], key: string, field: string): Line {
  const found = lines.filter(line =>
    isUuid(key)
      ? line.id === key.toLowerCase()
      : /^\d+$/.test(key)
        ? line.position === Number(key)
        : line.description.toLowerCase().includes(key.toLowerCase()),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  throw notFound('line of this visit', key, {
    field,
    got: key,
    valid_options: lines.map(line => `${line.position}: ${quote(line.description)}`),
    hint: 'Use the number or the id of the line.',
  });
}
