import type { Temporal } from 'temporal-polyfill';
import { choice, moment, ref, text } from '../kernel/records/field.ts';
import type { Field } from '../kernel/records/field-shape.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { dayBounds, momentOrDay, readDayAlone, readMoment } from '../kernel/words/time.ts';

/** Of the whole business, and of nobody alone. */
export const closedKinds = ['closed', 'holiday'] as const;
/** Of one person. */
export const awayKinds = ['away', 'vacation', 'sick', 'training'] as const;

/** Reads a moment, or the beginning or the end of a day that is named alone: of "from 24 to 28" the 28th is one. */
function readEdge(timeZone: string, text: string, name: string, edge: 'from' | 'to'): Temporal.Instant {
  const date = readDayAlone(text, name);
  return date === undefined ? readMoment(text, timeZone, name) : dayBounds(date, timeZone)[edge];
}

export const absenceFields = {
  member_id: ref('member', {
    as: 'absences',
    summary: 'when they are away',
    order: '-starts_at',
    title: 'Who',
    writable: 'create',
    list: true,
    filter: true,
  }),
  kind: choice([...awayKinds, ...closedKinds], {
    default: 'away',
    list: true,
    filter: true,
    search: 'detail',
  }),
  starts_at: {
    ...moment({ required: true, title: 'From', list: true, sort: true, input: momentOrDay }),
    store: ({ organization }, value, name) =>
      readEdge(organization.time_zone, String(value), name, 'from').toString(),
  },
  ends_at: {
    ...moment({ filled: true, title: 'Until', list: true, sort: true, input: momentOrDay }),
    store: ({ organization }, value, name) =>
      readEdge(organization.time_zone, String(value), name, 'to').toString(),
  },
  reason: text({ list: true, search: 'body' }),
} satisfies Readonly<Record<string, Field>>;

export type Absence = RowOf<typeof absenceFields, { delete: PlainAction }, Numbering>;
