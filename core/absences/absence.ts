import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { defineRecord, filterBy } from '../kernel/records/record.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay, toInstant } from '../kernel/words/time.ts';
import { placeAnew } from '../tickets/to-place.ts';
import { type Absence, absenceFields, closedKinds } from './record.ts';

/**
 * When somebody is away, or, of the kinds closed and holiday, the whole business (SCH-03). Nothing is offered or booked then;
 * visits that are booked already stay, and those it meets are told and are to be placed anew until somebody has decided.
 */
export const absenceRecord = defineRecord({
  name: 'absence',
  plural: 'absences',
  summary: 'When people are away, and when the whole business is closed, by time; days with from and to.',
  keywords: [
    'vacation',
    'holiday',
    'time off',
    'day off',
    'sick',
    'closed',
    'closure',
    'leave',
    'out of office',
    'pto',
  ],
  reference: { prefix: 'ABS', start: 1 },
  fields: absenceFields,
  default_sort: 'starts_at',
  label: ({ kind, reason, starts_at }) => `${reason ?? kind}, from ${starts_at.slice(0, 10)}`,
  params: {
    from: filterBy(
      day,
      ({ organization }, value) =>
        sql`ends_at > ${dayBounds(readDay(value, 'from'), organization.time_zone).from.toString()}::timestamptz`,
    ),
    to: filterBy(
      day,
      ({ organization }, value) =>
        sql`starts_at < ${dayBounds(readDay(value, 'to'), organization.time_zone).to.toString()}::timestamptz`,
    ),
  },
  filters: {
    to_come: {
      summary: 'not over yet',
      where: ({ now }) => sql`ends_at > ${now.toString()}::timestamptz`,
    },
    closures: { summary: 'of the whole business', where: sql`member_id is null` },
  },
  readers: ['owner', 'admin', 'member', 'technician'],
  restrict: ownAbsences,
  actions: {
    create: {
      summary:
        'Write down when somebody is away (member_id), or when all are closed (kind closed or holiday); nothing is booked then.',
      permission: { level: 'unrestricted' },
      keywords: [
        'vacation',
        'sick',
        'time off',
        'day off',
        'close',
        'closed',
        'holiday',
        'block',
        'technician is away',
        'nobody works',
        'not working',
      ],
    },
    update: {
      summary: 'Change when somebody is away or all are closed, or why.',
      permission: { level: 'unrestricted' },
    },
    delete: {
      summary: 'Take an absence or a closed day out again; can be restored.',
      permission: { level: 'soft_limit' },
    },
  },
  toColumns: withEnd,
  // What was met before and is not any more is in one look with what is met now.
  afterWrite: (context, row, before) => placeAnew(context, before ? spanningBoth(before, row) : row),
  afterDelete: (context, _id, before) => placeAnew(context, before),
  afterRestore: (context, _id, before) => placeAnew(context, before),
});

/** From the earlier beginning to the later end. */
const spanningBoth = (one: Absence, other: Absence) => ({
  member_id: other.member_id,
  starts_at: Date.parse(one.starts_at) < Date.parse(other.starts_at) ? one.starts_at : other.starts_at,
  ends_at: Date.parse(one.ends_at) > Date.parse(other.ends_at) ? one.ends_at : other.ends_at,
});

/** Technicians read when they are away themselves, and when the business is closed. */
function ownAbsences({ actor }: ReadContext) {
  return actor.role === 'technician' && actor.id !== null
    ? sql`(r.member_id is null or r.member_id = ${actor.id}::uuid)`
    : undefined;
}

const longest_days = 370;

/**
 * A day alone whose end nobody says is that day. Throws VALIDATION_ERROR for what has no length or is nobody's.
 */
function withEnd(
  { organization }: Context,
  input: Partial<Absence>,
  before: Absence | undefined,
): Partial<Absence> {
  const row = { ...before, ...input };
  requireOwner(row);
  const { starts_at = '' } = row;
  const ends_at = row.ends_at ?? endOfDay(starts_at, organization.time_zone);
  const length_days = (Date.parse(ends_at) - Date.parse(starts_at)) / 86_400_000;
  if (length_days > 0 && length_days <= longest_days) return before ? input : { ...input, ends_at };
  throw invalid('ends_at', length_days > 0 ? 'That is longer than a year.' : 'It ends before it begins.', {
    got: ends_at,
    hint: 'Give the last day, or a moment after starts_at.',
  });
}

/** The end of a day that begins then. Throws VALIDATION_ERROR for another moment of it: that may mean anything. */
function endOfDay(starts_at: string, timeZone: string): string {
  const day = dayBounds(toInstant(starts_at).toZonedDateTimeISO(timeZone).toPlainDate(), timeZone);
  if (day.from.epochMilliseconds === Date.parse(starts_at)) return day.to.toString();
  throw invalid('ends_at', 'Say until when.', {
    hint: 'Give ends_at: a day, which is a part of it, or a moment.',
  });
}

function requireOwner({ member_id, kind = 'away' }: Partial<Absence>): void {
  const isClosed = closedKinds.some(closed => closed === kind);
  if (isClosed === !member_id) return;
  throw isClosed
    ? invalid('kind', 'One person alone is away, not closed.', {
        hint: 'Leave member_id out to close the whole business, or say away, vacation, sick or training.',
      })
    : invalid('member_id', 'Say who is away.', {
        hint: 'Give member_id; kind closed or holiday is for the whole business.',
      });
}
