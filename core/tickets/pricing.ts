import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { cents, decimalQuantity, lineTotal } from '../kernel/words/money.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { formatDuration } from '../reading/booking-context.ts';
import { type Service, serviceRecord } from '../services/service.ts';
import { insertLine, listLines, refreshTotal } from './queries.ts';

/** One service to be done, as a caller writes it. */
export const newLine = z.strictObject({
  service_id: ref('service'),
  quantity: decimalQuantity.optional(),
  unit_price_cents: cents.optional(),
  duration_minutes: z.int().min(0).max(1440).optional(),
  description: line.optional(),
});
export type NewLineInput = z.output<typeof newLine>;

/**
 * The services some lines name. Throws at the first line whose service is not in the catalog or not offered, or that
 * counts what is not sold by the piece; `within` says where the input has that line.
 */
export async function readServices(
  context: Context,
  lines: readonly NewLineInput[],
  within: (index: number) => string = index => `lines.${index}.`,
): Promise<Map<string, Service>> {
  const found = await listByIds(
    context,
    serviceRecord,
    lines.map(({ service_id }) => service_id),
  );
  const byId = new Map(found.map(service => [service.id, service]));
  for (const [index, { service_id, quantity }] of lines.entries()) {
    const service = byId.get(service_id);
    const field = `${within(index)}service_id`;
    if (!service) throw notFound('service', service_id, { field });
    if (!service.is_active) {
      throw invalid(field, `${service.name} is not offered any more.`, { hint: 'Choose an active service.' });
    }
    requireCountable(service.pricing, service.name, quantity ?? 1, `${within(index)}quantity`);
  }
  return byId;
}

/** Says when the services of a visit take longer than it is booked for; what comes after it may not wait. */
export async function tellLonger(
  context: Context,
  { id, duration_minutes }: { id: string; duration_minutes: number },
): Promise<void> {
  const minutes = (await listLines(context, [id])).reduce(
    (sum, line) => sum + (line.duration_minutes ?? 0),
    0,
  );
  if (minutes <= duration_minutes) return;
  context.warn(
    `The services take ${formatDuration(minutes)}, the visit is booked for ${formatDuration(duration_minutes)}; ticket.reschedule with duration_minutes makes it longer, if the technician is free.`,
  );
}

/** How long a line takes: what was given, else the service's minutes per unit for each, at least its usual duration. */
export function minutesOf(
  input: Pick<NewLineInput, 'duration_minutes' | 'quantity'>,
  service: Pick<Service, 'duration_minutes' | 'minutes_per_unit'> | undefined,
): number | undefined {
  const usual = service?.duration_minutes ?? undefined;
  const each = service?.minutes_per_unit ?? undefined;
  if (input.duration_minutes !== undefined || each === undefined) return input.duration_minutes ?? usual;
  return Math.min(1440, Math.max(usual ?? 0, Math.ceil(each * (input.quantity ?? 1))));
}

/** What a line costs, by the pricing of its service (SVC-02…04). `undefined` when nobody has set a price yet. */
export function priceOf(service: Service, input: Pick<NewLineInput, 'unit_price_cents'>): number | undefined {
  return input.unit_price_cents ?? service.price_cents ?? undefined;
}

/**
 * Adds lines to a visit with names and prices as they are now, and makes the total follow. A flexible service without
 * a price counts 0 for the moment; answers whether there was one, because the visit's price is then an estimate.
 */
export async function addLines(
  context: Context,
  ticketId: string,
  lines: readonly NewLineInput[],
  services: ReadonlyMap<string, Service>,
): Promise<{ unpriced: boolean }> {
  let unpriced = false;
  for (const input of lines) {
    const service = services.get(input.service_id);
    if (!service) throw notFound('service', input.service_id);
    const unitPrice = priceOf(service, input);
    if (unitPrice === undefined) unpriced = true;
    const quantity = input.quantity ?? 1;
    await insertLine(context, {
      ticket_id: ticketId,
      service_id: service.id,
      description: input.description ?? service.name,
      pricing: service.pricing,
      quantity,
      unit_price_cents: unitPrice ?? 0,
      total_cents: lineTotal(quantity, unitPrice ?? 0),
      duration_minutes: minutesOf(input, service) ?? null,
    });
  }
  await refreshTotal(context, ticketId);
  return { unpriced };
}

/** Throws VALIDATION_ERROR for a quantity of something that is not sold by the piece (SVC-02, SVC-03). */
export function requireCountable(
  pricing: Service['pricing'],
  name: string,
  quantity: number,
  field: string,
): void {
  if (pricing === 'per_unit' || quantity === 1) return;
  throw invalid(field, `${name} is not priced per unit.`, {
    got: quantity,
    hint: 'Leave quantity out and set unit_price_cents for the whole.',
  });
}
