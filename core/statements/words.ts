import { Temporal } from 'temporal-polyfill';

/** `December 18, 2026`, or `Dec 18, 2026` */
export const dayInWords = (day: string, dateStyle: 'long' | 'medium' = 'long'): string =>
  Temporal.PlainDate.from(day).toLocaleString('en-US', { dateStyle });
