import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { atLocal } from '../../core/kernel/words/time.ts';
import { dayIn } from '../calendar/navigation.ts';
import { showMoment } from '../format.ts';
import { type PageRequest, readList, readMaybe, recordOf, textOf } from '../site.ts';

/** When a visit is, as a form says it, and who goes. */
export interface Place {
  /** `2026-11-24` */
  date: string;
  /** `09:30` */
  time: string;
  minutes: number;
  who: readonly string[];
}

/** A visit that may be moved, as it stands. */
export interface Moving {
  id: string;
  reference: string;
  scheduled_at: string;
  customer: string;
  email: string | null;
  phone: string | null;
  from: Place;
  /** Everybody who could go. */
  people: readonly { id: string; name: string }[];
}

/** Where it shall go, and from which view of the calendar it was asked. */
export interface Draft {
  to: Place;
  view: string;
  /** Whether anybody has said where to. */
  isAsked: boolean;
}

/** Who goes to what nobody was sent to. */
export const nobody = 'nobody yet';

const ticketRow = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  contact_id: z.string(),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
});
const contactRow = z.object({
  full_name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});
const memberRow = z.object({ id: z.string(), name: z.string(), is_bookable: z.boolean() });

/** Reads the visit the address names. Throws NOT_FOUND, INVALID_STATE for one that is over. */
export async function readMoving(request: PageRequest): Promise<Moving> {
  const [[ticket], { rows: members }] = await Promise.all([
    readList(request, 'tickets', ticketRow, { id: recordOf(request), include: ['technicians'] }).then(
      ({ rows }) => rows,
    ),
    readList(request, 'members', memberRow, { fields: Object.keys(memberRow.shape), limit: 100 }),
  ]);
  if (!ticket) throw new DeskhandError('NOT_FOUND', 'There is no such visit here.');
  if (ticket.status === 'closed' || ticket.status === 'cancelled') {
    const what = ticket.status === 'closed' ? 'done and closed' : 'cancelled';
    throw new DeskhandError(
      'INVALID_STATE',
      `Visit ${ticket.reference} is ${what}: it cannot be moved any more.`,
    );
  }
  const contact = await readMaybe(request, {
    type: 'contacts',
    row: contactRow,
    id: ticket.contact_id,
    query: { fields: Object.keys(contactRow.shape) },
  });
  const going = ticket.technicians.map(({ id }) => id);
  const others = members.filter(({ id, is_bookable }) => is_bookable && !going.includes(id));
  const people = [...ticket.technicians, ...others].sort((a, b) => a.name.localeCompare(b.name));
  return {
    id: ticket.id,
    reference: ticket.reference,
    scheduled_at: ticket.scheduled_at,
    customer: contact?.full_name ?? 'A customer who was removed',
    email: contact?.email ?? null,
    phone: contact?.phone ?? null,
    from: {
      ...placeIn(request, ticket.scheduled_at),
      minutes: ticket.duration_minutes,
      who: going.toSorted(),
    },
    people: people.map(({ id, name }) => ({ id, name })),
  };
}

/** Day and time of a moment as the fields of a form hold them. */
export function placeIn(
  { identity }: Pick<PageRequest, 'identity'>,
  moment: string,
): { date: string; time: string } {
  const local = Temporal.Instant.from(moment).toZonedDateTimeISO(identity.organization.time_zone);
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

/** `Tue, Nov 24, 2026, 10:00 AM` */
export function whenOf({ identity }: Pick<PageRequest, 'identity'>, { date, time }: Place): string {
  const { time_zone } = identity.organization;
  return showMoment(atLocal(Temporal.PlainDateTime.from(`${date}T${time}`), time_zone), time_zone);
}

/**
 * Where a visit shall go by what a form, a link or a mouse says: `date`, `time`, `minutes`; `who` (ids), or `technician` in the
 * place of `instead`, `none` for nobody. What is not said, or cannot be read, stays.
 */
export function wishOf(moving: Moving, said: unknown): Draft {
  const { from } = moving;
  const date = textOf(said, 'date');
  const time = textOf(said, 'time');
  const minutes = Number(textOf(said, 'minutes') || from.minutes);
  const to: Place = {
    date: dayIn(date) ? date : from.date,
    time: /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? time : from.time,
    minutes: Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440 ? minutes : from.minutes,
    who: crewOf(moving, said).toSorted(),
  };
  const isAsked = [date, time, textOf(said, 'technician'), textOf(said, 'asked')].some(text => text !== '');
  return { to, view: textOf(said, 'view') === 'week' ? 'week' : 'day', isAsked };
}

function crewOf({ from, people }: Moving, said: unknown): string[] {
  const known = (wanted: readonly string[]) =>
    people.filter(({ id, name }) => wanted.includes(id) || wanted.includes(name)).map(({ id }) => id);
  const chosen = textsOf(said, 'who');
  if (chosen.length > 0 || textOf(said, 'asked') !== '') return known(chosen);
  const technician = textOf(said, 'technician');
  if (technician === '') return [...from.who];
  const instead = textOf(said, 'instead');
  const staying = instead === '' ? [] : from.who.filter(id => id !== instead);
  return [...new Set([...staying, ...known([technician])])];
}

/** A field that may be there several times, or hold several words with commas. */
function textsOf(fields: unknown, name: string): string[] {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return [];
  const value: unknown = Reflect.get(fields, name);
  const texts = z
    .array(z.string())
    .catch([])
    .parse(Array.isArray(value) ? value : [value]);
  return texts.flatMap(text => text.split(',')).filter(Boolean);
}
