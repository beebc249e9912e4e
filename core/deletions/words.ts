import { Temporal } from 'temporal-polyfill';

/** `Wednesday, November 25, 2026`: a day of the business, for people. */
export const dayWords = (moment: string, timeZone: string): string =>
  Temporal.Instant.from(moment)
    .toZonedDateTimeISO(timeZone)
    .toLocaleString('en-US', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
