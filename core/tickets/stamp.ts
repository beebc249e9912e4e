import { hashInput } from '../kernel/pipeline/idempotency.ts';

/** What a visit of a series was planned as: when, where, what and who. Notes on one visit change none of it. */
export interface Planned {
  scheduled_at: string;
  duration_minutes: number;
  address_id: string | null;
  lines: readonly {
    service_id: string | null;
    description: string;
    quantity: number;
    unit_price_cents: number;
  }[];
  technician_ids: readonly string[];
}

/**
 * Tells a visit as it was planned from every other state of it. A visit whose stamp is not its `as_planned` was changed by
 * hand, by whatever action, and is as planned again when that is taken back.
 */
export const stampOf = (visit: Planned): string =>
  hashInput([
    Date.parse(visit.scheduled_at),
    visit.duration_minutes,
    visit.address_id,
    visit.lines.map(({ service_id, description, quantity, unit_price_cents }) => [
      service_id,
      description,
      quantity,
      unit_price_cents,
    ]),
    [...visit.technician_ids].sort(),
  ]).slice(0, 16);
