import type { Context } from '../kernel/pipeline/context.ts';
import { type NewLineInput, readServices } from '../tickets/pricing.ts';
import type { PlannedLine } from './record.ts';

/** The services of each visit as they are kept. Throws at the first one that is not in the price list or not offered. */
export async function keepLines(context: Context, lines: readonly NewLineInput[]): Promise<PlannedLine[]> {
  const services = await readServices(context, lines);
  return lines.flatMap(line => {
    const service = services.get(line.service_id);
    if (!service) return [];
    return [
      {
        service_id: service.id,
        name: service.name,
        pricing: service.pricing,
        quantity: line.quantity ?? 1,
        unit_price_cents: line.unit_price_cents ?? null,
        duration_minutes: line.duration_minutes ?? null,
        description: line.description ?? null,
      },
    ];
  });
}
