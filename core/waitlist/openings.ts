import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { dayBounds, weekdays } from '../kernel/words/time.ts';
import { listStops, type Stop } from '../reading/waiting.ts';
import { slotMinutes } from '../scheduling/settings.ts';
import { listStarts } from '../scheduling/slots.ts';
import type { Gap } from './ranking.ts';

export interface Days {
  fromDay: Temporal.PlainDate;
  toDay: Temporal.PlainDate;
}

/**
 * The stretches of some days in which technicians are free, by time, with where they are before and after. They are made of the
 * starts that are offered for visits (`listStarts`), so they keep every rule by which those are found.
 */
export async function listOpenings(
  context: ReadContext,
  { fromDay, toDay }: Days,
  technicianIds?: readonly string[],
): Promise<Gap[]> {
  const { time_zone } = context.organization;
  const step = settingOf(context, slotMinutes) * minute;
  const starts = await listStarts(context, {
    fromDay,
    toDay,
    durationMinutes: step / minute,
    ...(technicianIds ? { technicianIds } : {}),
  });
  const spans = new Map<string, Stretch[]>();
  for (const { start, free } of starts) for (const member of free) extend(spans, member, start, step);
  const all = [...spans.values()].flat();
  const ids = [...new Set(all.map(({ technician }) => technician.id))];
  const stops = await listStops(context, ids, {
    from: dayBounds(fromDay, time_zone).from.toString(),
    to: dayBounds(toDay, time_zone).to.toString(),
  });
  return all
    .map(stretch => describe(stretch, stops, time_zone))
    .sort((a, b) => a.from - b.from || (a.technician.name < b.technician.name ? -1 : 1));
}

const minute = 60_000;

interface Stretch {
  technician: { id: string; name: string };
  from: number;
  to: number;
}

/** Starts come by time: one that follows the last makes that stretch longer, every other begins a new one. */
function extend(
  spans: Map<string, Stretch[]>,
  { id, name }: Stretch['technician'],
  start: number,
  step: number,
): void {
  const own = spans.get(id) ?? [];
  const last = own.at(-1);
  if (last && start <= last.to) last.to = start + step;
  else own.push({ technician: { id, name }, from: start, to: start + step });
  spans.set(id, own);
}

function describe({ technician, from, to }: Stretch, stops: readonly Stop[], timeZone: string): Gap {
  const date = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).toPlainDate();
  const bounds = dayBounds(date, timeZone);
  const own = stops.filter(
    stop =>
      stop.technician_id === technician.id &&
      Date.parse(stop.from) >= bounds.from.epochMilliseconds &&
      Date.parse(stop.from) < bounds.to.epochMilliseconds,
  );
  return {
    technician,
    from,
    to,
    day: date.toString(),
    weekday: weekdays[date.dayOfWeek - 1] ?? '',
    noon: date.toZonedDateTime({ timeZone, plainTime: '12:00' }).epochMilliseconds,
    before: own.findLast(stop => Date.parse(stop.to) <= from),
    after: own.find(stop => Date.parse(stop.from) >= to),
  };
}
