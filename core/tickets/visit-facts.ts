import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { localTime } from '../kernel/words/time.ts';
import { listLines, listTechnicians, listTimeEntries } from './queries.ts';
import type { Line } from './record.ts';
import { requireOwnVisit } from './requirements.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { digestOf } from './work.ts';

/** A visit with everything its close-out shows. */
export interface VisitFacts {
  ticket: Ticket;
  lines: Line[];
  customer: { full_name: string; email: string | null } | undefined;
  address: string | undefined;
  clocked: { technician: string; from: string; to: string | null }[];
  /** First in to last out (GAP-04), up to now while a clock runs; undefined when nobody clocked in. */
  clocked_minutes: number | undefined;
}

/** Reads a visit of the acting person's, open or not. Throws NOT_FOUND for one that is not theirs. */
export async function readVisit(context: ReadContext, ticketId: string): Promise<VisitFacts> {
  await requireOwnVisit(context, ticketId);
  const ticket = await getRow(context, ticketRecord, ticketId);
  const [lines, customer, places, technicians, entries] = await Promise.all([
    listLines(context, [ticketId]),
    findRow(context, contactRecord, ticket.contact_id),
    addressesOf(context, [ticket.contact_id]),
    listTechnicians(context, [ticketId]),
    listTimeEntries(context, [ticketId]),
  ]);
  const place = places.find(({ id }) => id === ticket.address_id);
  const { time_zone } = context.organization;
  return {
    ticket,
    lines,
    customer,
    address: place && formatAddress(place),
    clocked: entries.map(({ technician_id, clocked_in_at, clocked_out_at }) => ({
      technician: technicians.find(({ id }) => id === technician_id)?.name ?? 'somebody',
      from: localTime(clocked_in_at, time_zone),
      to: clocked_out_at === null ? null : localTime(clocked_out_at, time_zone),
    })),
    clocked_minutes: minutesOf(entries, context.now.epochMilliseconds),
  };
}

/** Tells the work of a visit, as it is now, from every other state of it. */
export const digestOfTicket = async (context: ReadContext, ticket: Ticket): Promise<string> =>
  digestOf(ticket, await listLines(context, [ticket.id]));

function minutesOf(
  entries: readonly { clocked_in_at: string; clocked_out_at: string | null }[],
  now: number,
): number | undefined {
  if (entries.length === 0) return undefined;
  const first = Math.min(...entries.map(({ clocked_in_at }) => Date.parse(clocked_in_at)));
  const last = Math.max(
    ...entries.map(({ clocked_out_at }) => (clocked_out_at === null ? now : Date.parse(clocked_out_at))),
  );
  return Math.min(1440, Math.max(1, Math.round((last - first) / 60_000)));
}
