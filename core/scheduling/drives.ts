import type { ReadContext } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';
import { drivesAreKept, keptDrives } from './distance.ts';
import type { Hindrance, Stay } from './presence.ts';
import { findPostalCode, findPostalCodeAt, listBusyWithPlaces } from './queries.ts';

/** Longer than any drive that is kept free. */
const longest_ms = 1000 * 60_000;

/**
 * Who could not be there in time, or would come too late to their next visit, by what the business says of drives; nothing as
 * long as it says nothing. Without `postal_code` the place is that of the visit that is moved.
 */
export async function drivesInTheWay(
  context: ReadContext,
  {
    memberIds,
    stay,
    exceptTicket,
  }: { memberIds: readonly string[]; stay: Stay; exceptTicket: string | undefined },
): Promise<Hindrance[]> {
  if (!drivesAreKept(context) || memberIds.length === 0) return [];
  const [place, visits] = await Promise.all([
    stay.postal_code ?? (exceptTicket === undefined ? undefined : findPostalCode(context, exceptTicket)),
    listBusyWithPlaces(context, {
      technicianIds: memberIds,
      from: new Date(Date.parse(stay.from) - longest_ms).toISOString(),
      to: new Date(Date.parse(stay.to) + longest_ms).toISOString(),
      exceptTicket,
    }),
  ]);
  const driveBetween = keptDrives(context);
  return visits.flatMap(({ technician_id, technician, reference, ...visit }) => {
    const drive_ms = driveBetween(place, visit.postal_code) * 60_000;
    const isBefore = Date.parse(visit.to) <= Date.parse(stay.from);
    const isAfter = Date.parse(visit.from) >= Date.parse(stay.to);
    const gap_ms = isBefore
      ? Date.parse(stay.from) - Date.parse(visit.to)
      : Date.parse(visit.from) - Date.parse(stay.to);
    // What overlaps is another matter, and refused as such.
    if (!(isBefore || isAfter) || gap_ms >= drive_ms) return [];
    const at = localTime(isBefore ? visit.to : visit.from, context.organization.time_zone).slice(0, 20);
    const where = visit.city === null ? reference : `${reference} in ${visit.city}`;
    const words = `${technician} has ${drive_ms / 60_000} minutes to drive ${isBefore ? `from ${where}, which ends` : `to ${where}, which begins`} ${at}`;
    return [{ member_id: technician_id, words }];
  });
}

/** The postal code of where a visit is; undefined when nobody wrote it down. */
export const postalCodeOf = (context: ReadContext, ticketId: string): Promise<string | undefined> =>
  findPostalCode(context, ticketId);

/** The postal code of an address where drives are kept free; null where nobody asks for it. */
export const keptPostalCode = async (context: ReadContext, addressId: string): Promise<string | null> =>
  drivesAreKept(context) ? ((await findPostalCodeAt(context, addressId)) ?? null) : null;
