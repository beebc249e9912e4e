import { Temporal } from 'temporal-polyfill';
import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { comesAgain } from '../reading/series-of-visits.ts';
import { findNewestVisit, getBooked } from './booking-queries.ts';
import { listLines, listTechnicians } from './queries.ts';

/** What a customer is told of a visit, in words; what is not known is left out. */
export interface ToldVisit {
  appointment_date: string;
  appointment_time: string;
  address?: string;
  services?: string;
  price?: string;
  technician?: string;
  /** `every 6 weeks, next on Tuesday, January 12, 2027` */
  repeats?: string;
}

/** A visit as its customer reads about it. Throws NOT_FOUND. */
export async function readToldVisit(context: ReadContext, ticketId: string): Promise<ToldVisit> {
  const visit = await getBooked(context, ticketId);
  const [lines, technicians, places, again] = await Promise.all([
    listLines(context, [ticketId]),
    listTechnicians(context, [ticketId]),
    addressesOf(context, [visit.contact_id]),
    comesAgain(context, ticketId),
  ]);
  const place = places.find(({ id }) => id === visit.address_id);
  const services = listed([...new Set(lines.map(({ description }) => description))]);
  const technician = listed(technicians.map(({ name }) => name.split(' ')[0] ?? name));
  const price = `${formatMoney(visit.total_cents, visit.currency)}${visit.is_price_estimated ? ' (estimated)' : ''}`;
  return {
    ...whenInWords(context, visit.scheduled_at),
    ...(place ? { address: formatAddress(place) } : {}),
    ...(services === '' ? {} : { services }),
    ...(technician === '' ? {} : { technician }),
    ...(visit.total_cents > 0 ? { price } : {}),
    ...(again ? { repeats: sayAgain(context, again) } : {}),
  };
}

function sayAgain(
  context: ReadContext,
  { repeats, next_at }: { repeats: string; next_at: string | null },
): string {
  return next_at === null ? repeats : `${repeats}, next on ${whenInWords(context, next_at).appointment_date}`;
}

/** The visit that was booked last, for whoever wants to see how a mail about one reads. */
export const newestVisit = (context: ReadContext): Promise<{ id: string; contact_id: string } | undefined> =>
  findNewestVisit(context);

/** `Tuesday, December 1` and `9:00 AM`, on the wall of the business; with the year where it is another one. */
export function whenInWords(
  { organization, now }: Pick<ReadContext, 'organization' | 'now'>,
  moment: string,
): { appointment_date: string; appointment_time: string } {
  const { time_zone } = organization;
  const local = Temporal.Instant.from(moment).toZonedDateTimeISO(time_zone);
  const isThisYear = local.year === now.toZonedDateTimeISO(time_zone).year;
  return {
    appointment_date: local.toPlainDate().toLocaleString('en-US', {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
      ...(isThisYear ? {} : { year: 'numeric' }),
    }),
    appointment_time: local.toPlainTime().toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' }),
  };
}

/** `Tuesday, December 1 at 9:00 AM` */
export function dayAndTime(context: Pick<ReadContext, 'organization' | 'now'>, moment: string): string {
  const { appointment_date, appointment_time } = whenInWords(context, moment);
  return `${appointment_date} at ${appointment_time}`;
}

/** `a`, `a and b`, `a, b and c` */
export const listed = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), items.at(-1)].filter(Boolean).join(' and ');
