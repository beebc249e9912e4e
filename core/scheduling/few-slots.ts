import { addressesOf, distinctPlaces } from '../addresses/addresses-of.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { drivesAreKept } from './distance.ts';
import { likingOf, missesOf, sayOrder } from './liking.ts';
import { describeSlot, listStarts, type OpenStart, type Slot, type SlotWish } from './slots.ts';
import { spread } from './spread.ts';

/** More than anybody chooses from. */
const mostFew = 12;

/**
 * A few free starts over some days, at each of them one technician: whom the customer likes where they are free then, else who
 * is near, and what the customer likes first. How that ordered them is told as a remark. Throws NOT_FOUND for a customer there
 * is not.
 */
export async function fewSlots(
  context: ReadContext,
  { preference, most, ...wish }: SlotWish,
  contactId: string | undefined,
): Promise<(Slot & { near?: string })[]> {
  const { time_zone: timeZone } = context.organization;
  const { liking, ...place } = await customerOf(
    context,
    contactId,
    wish.near === true || drivesAreKept(context),
  );
  const order = { preference, near: wish.near };
  const said = liking && sayOrder(liking.name, liking, order);
  if (said !== undefined) context.warn(said);
  const starts = await listStarts(context, { ...place, ...wish });
  const misses = missesOf(liking, order, timeZone);
  return spread(starts, { most: Math.min(most, mostFew), misses, timeZone }).flatMap(entry => {
    const technician = whoGoes(entry, liking?.technician?.id);
    if (!technician) return [];
    const slot = describeSlot(technician, entry.start, wish.durationMinutes, timeZone);
    return [entry.near === undefined ? slot : { ...slot, near: entry.near.words }];
  });
}

const whoGoes = ({ free, near }: OpenStart, liked: string | undefined) =>
  free.find(({ id }) => id === liked) ?? free.find(({ id }) => id === near?.member_id) ?? free[0];

/** What a customer likes, and the postal code of their only address, where somebody asks for it. */
async function customerOf(context: ReadContext, contactId: string | undefined, isPlaced: boolean) {
  if (contactId === undefined) return { liking: undefined };
  const contact = await getRow(context, contactRecord, contactId);
  const [liking, places] = await Promise.all([
    likingOf(context, contact),
    isPlaced ? addressesOf(context, [contactId]) : [],
  ]);
  const [place, ...others] = distinctPlaces(places);
  return {
    liking: { ...liking, name: quoteStart(contact.full_name, 60) },
    ...(place && others.length === 0 ? { postal_code: place.postal_code } : {}),
  };
}
