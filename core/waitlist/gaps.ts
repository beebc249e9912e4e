import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { localTime, todayOf } from '../kernel/words/time.ts';
import { listWaiting, type WaitingRow } from '../reading/waiting.ts';
import { drivesOf } from '../scheduling/distance.ts';
import { slotMinutes } from '../scheduling/settings.ts';
import { type Days, listOpenings } from './openings.ts';
import { listOffers, type OpenOffer } from './queries.ts';
import { type Candidate, type Gap, type Rules, rankFor, type Waiting } from './ranking.ts';
import { offerNoticeHours } from './settings.ts';

/** A free time, and who of those who wait fits into it, best first; nobody's turn twice. */
export interface FilledGap {
  gap: Gap;
  candidates: PossibleTaker[];
}

/** Somebody who fits, and the offer of a time of this gap that they can take already. */
export type PossibleTaker = Candidate & { offered?: OpenOffer };

/** Everybody who waits, as the ranking wants them. */
export async function readWaiting(context: ReadContext): Promise<Waiting[]> {
  return (await listWaiting(context, todayOf(context).toString())).map(asWaiting);
}

/** The free times of some days into which somebody fits, by time. */
export async function findGaps(
  context: ReadContext,
  everybody: readonly Waiting[],
  days: Days,
  technicianIds?: readonly string[],
): Promise<FilledGap[]> {
  if (everybody.length === 0) return [];
  const rules = rulesOf(context);
  const found = (await listOpenings(context, days, technicianIds))
    .map(gap => ({ gap, candidates: rankFor(gap, everybody, rules) }))
    .filter(({ candidates }) => candidates.length > 0);
  const offers = await offersIn(context, found);
  return found.map(({ gap, candidates }) => ({
    gap,
    candidates: candidates.map(candidate => {
      const offered = offers.find(
        ({ waitlist_id, technician_id, starts_at }) =>
          waitlist_id === candidate.waiting.id &&
          technician_id === gap.technician.id &&
          gap.from <= Date.parse(starts_at) &&
          Date.parse(starts_at) < gap.to,
      );
      return offered ? { ...candidate, offered } : candidate;
    }),
  }));
}

/** What was offered of these free times, and can still be taken. */
async function offersIn(context: ReadContext, found: readonly FilledGap[]): Promise<OpenOffer[]> {
  if (found.length === 0) return [];
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  const from = at(Math.min(...found.map(({ gap }) => gap.from)));
  return listOffers(context, { from, to: at(Math.max(...found.map(({ gap }) => gap.to))) });
}

/** `WO-3, until Tue 2026-12-01 18:00` */
export const sayOffer = ({ organization }: ReadContext, { reference, expires_at }: OpenOffer): string =>
  `${reference}, until ${timeOf(Date.parse(expires_at), organization.time_zone).slice(0, 20)}`;

/** What bounds an offer besides wishes: the grid of starts, and how soon a customer can be had. */
export function rulesOf(context: ReadContext): Rules {
  const { currency } = context.organization;
  const now = context.now.epochMilliseconds;
  return {
    now,
    notBefore: now + settingOf(context, offerNoticeHours) * 3_600_000,
    step: settingOf(context, slotMinutes) * 60_000,
    drive: drivesOf(context),
    money: cents => formatMoney(cents, currency),
  };
}

function asWaiting(row: WaitingRow): Waiting {
  const { city, postal_code, ticket, scheduled_at, crew, created_at, ...facts } = row;
  return {
    ...facts,
    since: Date.parse(created_at),
    spot: { city, postal_code },
    booked:
      ticket === null || scheduled_at === null
        ? undefined
        : { reference: ticket, at: Date.parse(scheduled_at), technician_ids: crew ?? [] },
  };
}

/** `Tue 2026-12-01 10:00–12:00 with Theo` */
export function sayGap({ organization }: ReadContext, { from, to, technician }: Gap): string {
  const begins = timeOf(from, organization.time_zone).slice(0, 20);
  return `${begins}–${timeOf(to, organization.time_zone).slice(15, 20)} with ${technician.name}`;
}

/** `WL-1 «Mrs Hart» at 10:00 (9 days sooner than T-2010, fills the gap, same town as the visit before)` */
export function sayCandidate(
  context: ReadContext,
  { waiting, start, reasons, offered }: PossibleTaker,
): string {
  const clock = timeOf(start, context.organization.time_zone).slice(15, 20);
  const why = offered ? `offered: ${sayOffer(context, offered)}` : reasons.join(', ');
  return `${waiting.reference} ${quoteStart(waiting.customer, 60)} at ${clock} (${why})`;
}

/** `Tue 2026-12-01 10:00 -06:00` */
export const timeOf = (milliseconds: number, timeZone: string): string =>
  localTime(Temporal.Instant.fromEpochMilliseconds(milliseconds), timeZone);
