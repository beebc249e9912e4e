import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { likingOf, missesOf } from './liking.ts';
import { describeSlot, listStarts, type Slot, type SlotWish } from './slots.ts';
import { spread } from './spread.ts';

/** More than anybody chooses from. */
const mostFew = 12;

/**
 * A few free starts over some days, at each of them one technician: whom the customer likes where they are free then, and
 * what the customer likes first. Throws NOT_FOUND for a customer there is not.
 */
export async function fewSlots(
  context: ReadContext,
  { preference, most, ...wish }: SlotWish,
  contactId: string | undefined,
): Promise<Slot[]> {
  const { time_zone: timeZone } = context.organization;
  const liking =
    contactId === undefined
      ? undefined
      : await likingOf(context, await getRow(context, contactRecord, contactId));
  const starts = await listStarts(context, wish);
  const misses = missesOf(liking, preference, timeZone);
  return spread(starts, { most: Math.min(most, mostFew), misses, timeZone }).flatMap(({ start, free }) => {
    const technician = free.find(({ id }) => id === liking?.technician?.id) ?? free[0];
    return technician ? [describeSlot(technician, start, wish.durationMinutes, timeZone)] : [];
  });
}
