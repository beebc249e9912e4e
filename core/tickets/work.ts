import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { hashInput } from '../kernel/pipeline/idempotency.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { cents, decimalQuantity, formatMoney, lineTotal } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { pickLine } from '../lines/pick-line.ts';
import { priceOf, readServices, requireCountable } from './pricing.ts';
import { insertLine, listLines, refreshTotal, removeLine, updateLine } from './queries.ts';
import { type Line, lineRow } from './record.ts';
import type { Ticket } from './ticket.ts';

/** How long a visit took, in minutes. */
export const workedMinutes = z.int().min(1).max(1440);

/** How the work differs from what was booked: a line changed or not done, or a service added. */
export const lineChange = z.strictObject({
  line_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'a line of the visit: its number, words or id' }),
  service_id: ref('service').optional().meta({ description: 'a service done besides' }),
  description: line.optional(),
  quantity: decimalQuantity.optional(),
  unit_price_cents: cents.optional(),
  is_done: z.boolean().optional().meta({ description: 'false: was not done' }),
});
export type LineChange = z.output<typeof lineChange>;

/** A line as it will be frozen. `line_id` is null for one that comes with the close-out. */
export const finalLine = lineRow.omit({ id: true, ticket_id: true, position: true }).extend({
  line_id: z.string().nullable(),
});
export type FinalLine = z.infer<typeof finalLine>;

export const sumOf = (lines: readonly { total_cents: number }[]): number =>
  lines.reduce((sum, { total_cents }) => sum + total_cents, 0);

/** Tells the work of a visit from every other state of it: for whoever confirmed what may have changed since. */
export const digestOf = ({ is_price_estimated }: Ticket, lines: readonly Line[]): string =>
  hashInput([
    is_price_estimated,
    lines.map(({ id, description, quantity, unit_price_cents, duration_minutes }) => [
      id,
      description,
      quantity,
      unit_price_cents,
      duration_minutes,
    ]),
  ]).slice(0, 16);

/** The lines of a visit as final lines, unchanged. */
export const asFinal = (lines: readonly Line[]): FinalLine[] =>
  lines.map(({ id, ticket_id: _ticket, position: _position, ...rest }) => ({ ...rest, line_id: id }));

/**
 * The lines of a visit as they were worked (CLO-04): those that are not mentioned as they were booked. Throws
 * VALIDATION_ERROR when an estimated price is not confirmed with the final one (TKT-09, CFL-31), NOT_FOUND for a line or
 * service that is not there.
 */
export async function settleLines(
  context: Context,
  ticket: Ticket,
  changes: readonly LineChange[],
  isPriceConfirmed: boolean | undefined,
): Promise<FinalLine[]> {
  const booked = await listLines(context, [ticket.id]);
  const changed = readChanges(booked, changes);
  if (ticket.is_price_estimated) requireFinalPrices(ticket, booked, changed, isPriceConfirmed);
  const settled = booked.flatMap(before => {
    const change = changed.get(before.id);
    return change?.is_done === false ? [] : [settle(before, change)];
  });
  return [...settled, ...(await readAdded(context, changes))];
}

/** Makes the lines of a visit what was settled; the total follows. */
export async function writeLines(
  context: Context,
  ticketId: string,
  lines: readonly FinalLine[],
): Promise<void> {
  const booked = await listLines(context, [ticketId]);
  for (const before of booked) {
    const after = lines.find(({ line_id }) => line_id === before.id);
    if (!after) await removeLine(context, before.id);
    else if (isDifferent(before, after)) await updateLine(context, { ...after, id: before.id });
  }
  for (const { line_id, ...added } of lines) {
    if (line_id === null) await insertLine(context, { ...added, ticket_id: ticketId });
  }
  await refreshTotal(context, ticketId);
}

const isDifferent = (before: Line, after: FinalLine): boolean =>
  before.description !== after.description ||
  before.quantity !== after.quantity ||
  before.unit_price_cents !== after.unit_price_cents;

/** What is said of each booked line, by its id. */
function readChanges(booked: readonly Line[], changes: readonly LineChange[]): Map<string, LineChange> {
  const changed = new Map<string, LineChange>();
  for (const [index, change] of changes.entries()) {
    if ((change.line_id === undefined) === (change.service_id === undefined)) {
      throw invalid(
        `lines.${index}`,
        'Give line_id for a line of the visit, or service_id for one done besides.',
      );
    }
    if (change.line_id === undefined) {
      if (change.is_done === false) throw notDoneBesides(index);
      continue;
    }
    const { id, pricing, description, quantity } = pickLine(booked, change.line_id, {
      field: `lines.${index}.line_id`,
      of: 'visit',
    });
    if (changed.has(id)) throw invalid(`lines.${index}.line_id`, 'This line is named twice.');
    requireCountable(pricing, quote(description), change.quantity ?? quantity, `lines.${index}.quantity`);
    changed.set(id, change);
  }
  return changed;
}

const notDoneBesides = (index: number) =>
  invalid(`lines.${index}.is_done`, 'What was not done is no service done besides.', {
    hint: 'Leave the service out, or name a line of the visit with line_id.',
  });

function settle(before: Line, change: LineChange | undefined): FinalLine {
  const { id, ticket_id: _ticket, position: _position, ...booked } = before;
  const quantity = change?.quantity ?? before.quantity;
  const unit_price_cents = change?.unit_price_cents ?? before.unit_price_cents;
  return {
    ...booked,
    line_id: id,
    description: change?.description ?? before.description,
    quantity,
    unit_price_cents,
    total_cents: lineTotal(quantity, unit_price_cents),
  };
}

async function readAdded(context: Context, changes: readonly LineChange[]): Promise<FinalLine[]> {
  const added = changes.flatMap((change, index) => {
    const { service_id, line_id: _line, is_done: _done, ...rest } = change;
    return service_id === undefined ? [] : [{ index, input: { ...rest, service_id } }];
  });
  const services = await readServices(
    context,
    added.map(({ input }) => input),
    position => `lines.${added[position]?.index ?? position}.`,
  );
  return added.map(({ index, input }) => {
    const service = services.get(input.service_id);
    if (!service) throw notFound('service', input.service_id);
    const unit_price_cents = priceOf(service, input);
    if (unit_price_cents === undefined) {
      throw invalid(
        `lines.${index}.unit_price_cents`,
        `${service.name} has no fixed price: say what it cost.`,
      );
    }
    const quantity = input.quantity ?? 1;
    return {
      line_id: null,
      service_id: service.id,
      description: input.description ?? service.name,
      pricing: service.pricing,
      quantity,
      unit_price_cents,
      total_cents: lineTotal(quantity, unit_price_cents),
      duration_minutes: service.duration_minutes,
    };
  });
}

// An estimate is what somebody guessed before the work: only a price said after it is final (TKT-09).
function requireFinalPrices(
  ticket: Ticket,
  booked: readonly Line[],
  changed: ReadonlyMap<string, LineChange>,
  isConfirmed: boolean | undefined,
): void {
  const open = booked.filter(before => {
    const change = changed.get(before.id);
    return (
      before.pricing === 'flexible' && change?.is_done !== false && change?.unit_price_cents === undefined
    );
  });
  if (isConfirmed && open.length === 0) return;
  throw invalid(
    isConfirmed ? 'lines' : 'price_confirmed',
    `The price of ${ticket.reference} is an estimate: it must be confirmed before the visit is closed.`,
    {
      ...(open.length > 0
        ? {
            valid_options: open.map(
              ({ position, description, unit_price_cents }) =>
                `${position}: ${quote(description)} ${formatMoney(unit_price_cents, ticket.currency)}`,
            ),
          }
        : {}),
      hint: 'Give price_confirmed: true, and in lines the final unit_price_cents of each of these, also where it stays.',
    },
  );
}
