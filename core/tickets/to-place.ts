import { type Away, listAway, sayAway } from '../absences/away.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { bookableMembers } from '../members/bookable.ts';
import { memberRecord } from '../members/member.ts';
import { closing } from './assignment.ts';
import { lockVisitsDuring, type MetVisit } from './booking-queries.ts';
import { listCrew } from './technicians.ts';
import { ticketRecord } from './ticket.ts';

/** A stretch in which somebody, or with no member everybody, is away or is there again. */
export interface Stretch {
  member_id: string | null;
  starts_at: string;
  ends_at: string;
}

/** More than an answer needs. */
const mostTold = 8;

/**
 * Looks at the booked visits of a stretch again after somebody wrote down that people are away then, or are not. None is moved:
 * one that an absence or a closed day meets is to be placed, in the briefing and the list, until somebody decided; one that
 * none meets any more is not. Holds the people until commit, so that nobody books them meanwhile; who booked first is met.
 * Tells which visits are met, as a warning.
 */
export async function placeAnew(context: Context, stretch: Stretch): Promise<void> {
  if (Date.parse(stretch.ends_at) <= context.now.epochMilliseconds) return;
  // Whoever moves a visit holds it before the people, and so does this.
  await lockVisitsDuring(context, stretch);
  const people = stretch.member_id === null ? await everybody(context) : [stretch.member_id];
  await listByIds(context, memberRecord, people, { lock: 'change' });
  const visits = await lockVisitsDuring(context, stretch);
  const away = await listAway(context, awayDuring(visits));
  const met: string[] = [];
  for (const visit of visits) {
    const why = whyMet(context, visit, away);
    if (why !== undefined) met.push(sayVisit(context, visit));
    await writeWhy(context, visit, why);
  }
  if (met.length === 0) return;
  const more =
    met.length > mostTold ? `; and ${met.length - mostTold} more (tickets, filter to_be_placed)` : '';
  context.warn(`Booked then, and to be placed anew: ${met.slice(0, mostTold).join('; ')}${more}.`);
}

/** Everybody visits are booked on, and those who book for nobody yet. */
async function everybody(context: Context): Promise<string[]> {
  await lockInBusiness(context, closing);
  return (await bookableMembers(context)).map(({ id }) => id);
}

/** Somebody decided who goes to a visit: it is to be placed no more, unless one of those who go now is still away then. */
export async function placeByHand(context: Context, ticketId: string): Promise<void> {
  const ticket = await getRow(context, ticketRecord, ticketId);
  const technician_ids = await listCrew(context, ticketId);
  const visit = { ...ticket, customer: '', technician_ids };
  const away = await listAway(context, awayDuring([visit]));
  const theirs = away.filter(({ member_id }) => member_id !== null);
  await writeWhy(context, visit, whyMet(context, visit, theirs));
}

function awayDuring(visits: readonly MetVisit[]) {
  const from = Math.min(...visits.map(({ scheduled_at }) => Date.parse(scheduled_at)));
  const to = Math.max(...visits.map(({ ends_at }) => Date.parse(ends_at)));
  return {
    memberIds: visits.flatMap(({ technician_ids }) => technician_ids),
    from: new Date(visits.length > 0 ? from : 0).toISOString(),
    to: new Date(visits.length > 0 ? to : 0).toISOString(),
  };
}

/** Why a visit cannot stay as it is; undefined when it can. */
function whyMet(context: Context, visit: MetVisit, away: readonly Away[]): string | undefined {
  const meets = away.find(
    ({ member_id, starts_at, ends_at }) =>
      (member_id === null || visit.technician_ids.includes(member_id)) &&
      Date.parse(starts_at) < Date.parse(visit.ends_at) &&
      Date.parse(ends_at) > Date.parse(visit.scheduled_at),
  );
  return meets && sayAway(context, meets);
}

/** What nobody could be sent to when its series made it is placed by the series, when somebody is free. */
async function writeWhy(context: Context, visit: MetVisit, why: string | undefined): Promise<void> {
  const isOfSeries = visit.series_id !== null && visit.technician_ids.length === 0;
  if ((visit.to_place_why ?? undefined) === why || (isOfSeries && visit.to_place_why !== null)) return;
  await updateRow(context, ticketRecord, visit.id, { to_place_why: why ?? null });
}

const sayVisit = ({ organization }: Context, { reference, customer, scheduled_at }: MetVisit): string =>
  `${reference} ${quoteStart(customer, 40)} ${localTime(scheduled_at, organization.time_zone).slice(0, 20)}`;
