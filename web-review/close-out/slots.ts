import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { todayOf } from '../calendar/navigation.ts';
import { type PageRequest, readList, textOf } from '../site.ts';
import { type Closeout, momentOf } from './closeout.ts';

/** Free times for the next visit, from a day on. */
export interface Offer {
  from: Temporal.PlainDate;
  slots: readonly { starts_at: string }[];
}

const most = 5;

/** What the address asks for: `?in=6` months, or `?on=2027-05-18`; undefined when it asks for nothing one can read. */
export function askedFrom(request: PageRequest): Temporal.PlainDate | undefined {
  const { query } = request.http;
  const months = /^\d{1,2}$/.exec(textOf(query, 'in'))?.[0];
  if (months !== undefined) return todayOf(request).add({ months: Number(months) });
  const [day] = /^\d{4}-\d{2}-\d{2}$/.exec(textOf(query, 'on')) ?? [];
  return day === undefined ? undefined : readDay(day);
}

function readDay(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined;
  }
}

const slotRow = z.object({ starts_at: z.string() });

/** The week's best times from a day on: on different days, as near as can be to the time of day of this visit. */
export async function readOffer(
  request: PageRequest,
  closeout: Closeout,
  from: Temporal.PlainDate,
): Promise<Offer> {
  const technician_id = await readFirstOfCrew(request, closeout);
  try {
    const { rows } = await readList(request, 'availability', slotRow, {
      params: {
        from: from.toString(),
        to: from.add({ days: 6 }).toString(),
        duration_minutes: Math.max(5, closeout.work.duration_minutes),
        ...(technician_id === undefined ? {} : { technician_id }),
      },
      fields: ['starts_at'],
      limit: 100,
    });
    return { from, slots: best(rows, closeout, request.identity.organization.time_zone) };
  } catch (error) {
    // Nobody can be booked, or the day is none: then there is no time to offer.
    if (!(error instanceof DeskhandError) || error.status >= 500) throw error;
    return { from, slots: [] };
  }
}

const crewRow = z.object({ technicians: z.array(z.object({ id: z.string() })) });

/** Technicians see their own free times; for everybody else it is whoever was there. */
async function readFirstOfCrew(request: PageRequest, { reference }: Closeout): Promise<string | undefined> {
  if (request.identity.actor.role === 'technician') return undefined;
  const { rows } = await readList(request, 'tickets', crewRow, {
    id: reference,
    fields: ['reference'],
    include: ['technicians'],
  });
  return rows[0]?.technicians[0]?.id;
}

function best(
  rows: readonly { starts_at: string }[],
  closeout: Closeout,
  timeZone: string,
): { starts_at: string }[] {
  const zoned = (moment: string) => Temporal.Instant.from(moment).toZonedDateTimeISO(timeZone);
  const minutesOf = ({ hour, minute }: Temporal.ZonedDateTime) => hour * 60 + minute;
  const wanted = minutesOf(zoned(momentOf(closeout.scheduled_local)));
  const days = new Map<string, { starts_at: string; misses: number }[]>();
  for (const starts_at of new Set(rows.map(row => row.starts_at))) {
    const start = zoned(starts_at);
    const day = start.toPlainDate().toString();
    const misses = Math.abs(minutesOf(start) - wanted);
    days.set(day, [...(days.get(day) ?? []), { starts_at, misses }]);
  }
  return [...days.values()]
    .flatMap(slots =>
      slots.sort((a, b) => a.misses - b.misses).map(({ starts_at }, rank) => ({ starts_at, rank })),
    )
    .sort((a, b) => a.rank - b.rank || a.starts_at.localeCompare(b.starts_at))
    .slice(0, most)
    .map(({ starts_at }) => ({ starts_at }))
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at));
}
