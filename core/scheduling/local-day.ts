import { Temporal } from 'temporal-polyfill';
import { atLocal, dayBounds } from '../kernel/words/time.ts';

/** A day of the business as instants in epoch milliseconds. */
export interface LocalDay {
  from: number;
  noon: number;
  to: number;
  /** 1 is Monday. */
  weekday: number;
}

/** Tells the day of a start. Those that come by time cost one look at the clocks a day: thousands of starts have to be told. */
export function localDays(timeZone: string): (start: number) => LocalDay {
  let known: LocalDay | undefined;
  return start => {
    if (!known || start < known.from || start >= known.to) known = readLocalDay(start, timeZone);
    return known;
  };
}

function readLocalDay(start: number, timeZone: string): LocalDay {
  const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone).toPlainDate();
  const { from, to } = dayBounds(date, timeZone);
  return {
    from: from.epochMilliseconds,
    noon: atLocal(date.toPlainDateTime('12:00'), timeZone).epochMilliseconds,
    to: to.epochMilliseconds,
    weekday: date.dayOfWeek,
  };
}
