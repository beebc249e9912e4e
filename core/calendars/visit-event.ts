import { formatPhone } from '../kernel/words/phone.ts';
import type { FeedVisit } from '../reading/feed-visits.ts';
import type { CalendarEvent } from './write.ts';

/** What the entries of a feed are made with. */
export interface EntryStyle {
  /** See the setting `calendar_details`. */
  details: 'full' | 'short';
  /** Whether it is told who goes. */
  names_technicians: boolean;
  /** Of the business, for phone numbers. */
  country: string;
  /** Where people reach the installation, without a slash at the end. */
  base_url: string;
}

/**
 * A visit as an entry of somebody's calendar. Who keeps that calendar reads along, so notes, prices and what is known of a
 * customer (gate codes, dogs) are never in it, even in full: the link leads to them.
 */
export function visitEvent(visit: FeedVisit, style: EntryStyle): CalendarEvent {
  const { first_id, sequence, changed_at, scheduled_at, ends_at, reference } = visit;
  const said = style.details === 'full' ? inFull(visit, style) : inShort(visit, style);
  return {
    uid: uidOf(first_id),
    sequence,
    changed_at,
    starts_at: scheduled_at,
    ends_at,
    ...said,
    url: `${style.base_url}/tickets/${reference}`,
    status: statusOf(visit),
  };
}

/** As what calendars know a visit, and whatever takes its place. */
export const uidOf = (firstId: string): string => `${firstId}@deskhand`;

function inFull(visit: FeedVisit, style: EntryStyle) {
  const { customer, phone, address, services, reference } = visit;
  const lines = [
    ...(services ?? []),
    ...(phone === null ? [] : [`Phone: ${formatPhone(phone, style.country)}`]),
    ...crewLine(visit, style),
    `${reference}: ${style.base_url}/tickets/${reference}`,
  ];
  const what = services?.[0];
  return {
    summary: what === undefined ? customer : `${customer}: ${what}`,
    location: address ?? undefined,
    description: lines.join('\n'),
  };
}

function inShort(visit: FeedVisit, style: EntryStyle) {
  const { city, reference } = visit;
  const lines = [...crewLine(visit, style), `${style.base_url}/tickets/${reference}`];
  return {
    summary: city === null ? `Visit ${reference}` : `Visit ${reference}, ${city}`,
    location: city ?? undefined,
    description: lines.join('\n'),
  };
}

function crewLine({ technicians }: FeedVisit, { names_technicians }: EntryStyle): string[] {
  if (!names_technicians) return [];
  return [technicians === null ? 'Nobody goes yet.' : `Goes: ${technicians.join(', ')}`];
}

/** A visit nobody could be sent to stands in pencil. */
export function statusOf({ status, is_to_place }: FeedVisit): CalendarEvent['status'] {
  if (status === 'cancelled') return 'CANCELLED';
  return is_to_place ? 'TENTATIVE' : 'CONFIRMED';
}
