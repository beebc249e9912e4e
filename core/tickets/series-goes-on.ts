import type { Context } from '../kernel/pipeline/context.ts';
import { seriesStillSending } from '../reading/series-of-visits.ts';
import type { Ticket } from './ticket.ts';

/** Says of those who were taken off a visit that its series goes on sending them: whoever has left the business, too. */
export async function warnOfSeries(context: Context, ticket: Ticket, off: readonly string[]): Promise<void> {
  if (ticket.series_id === null || off.length === 0) return;
  const series = await seriesStillSending(context, ticket.id, off);
  if (!series) return;
  context.warn(
    `${series.reference} (${series.repeats}) goes on sending ${series.names.join(', ')} to its later visits; series.update with technician_ids changes that.`,
  );
}
