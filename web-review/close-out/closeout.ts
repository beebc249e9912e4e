import type { z } from 'zod';
import { closeoutAnswer } from '../../core/closeout/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { showMoment } from '../format.ts';
import { type PageRequest, readList, recordOf } from '../site.ts';

/** Where a close-out is, as the pages show it; what it points to is named by references. */
export type Closeout = z.output<typeof closeoutAnswer>;

/** The steps that have a page; after the last one comes the calendar (CLO-10). */
export const stepNames = ['work', 'notes', 'next', 'review', 'payment'] as const;
export type StepName = (typeof stepNames)[number];

export const isStep = (text: string): text is StepName => stepNames.some(name => name === text);

/** Reads the acting person's close-out of the visit a path names. Throws NOT_FOUND for a visit that is not theirs. */
export const readCloseout = (request: PageRequest): Promise<Closeout> =>
  readCloseoutOf(request, recordOf(request));

export async function readCloseoutOf(request: PageRequest, ticket_id: string): Promise<Closeout> {
  const { rows } = await readList(request, 'closeout', closeoutAnswer, {
    params: { ticket_id },
    references: true,
  });
  const closeout = rows[0];
  if (!closeout) throw new DeskhandError('NOT_FOUND', 'There is no such visit here.');
  return closeout;
}

export const addressOf = (reference: string, step?: string): string =>
  `/close-out/${reference}${step === undefined ? '' : `/${step}`}`;

export const money = (closeout: Pick<Closeout, 'currency'>, cents: number): string =>
  formatMoney(cents, closeout.currency);

/** The moment of a local time as answers spell it (`Wed 2026-11-18 09:00 -06:00`), for programs. */
export function momentOf(local: string): string {
  const [, date = '', clock = '', offset = ''] = local.split(' ');
  return `${date}T${clock}${offset}`;
}

/** A sentence of the core for people: its times as the pages show them. */
export const inWords = (sentence: string, timeZone: string): string =>
  sentence.replace(/\b[A-Z][a-z]{2} \d{4}-\d{2}-\d{2} \d{2}:\d{2} [+-]\d{2}:\d{2}/g, local =>
    showMoment(momentOf(local), timeZone),
  );

/** What follows the visit, in words; undefined while nobody has said. */
export function nextWords(closeout: Closeout, timeZone: string): string | undefined {
  const { next_service, reach_out_months, appointment_local } = closeout;
  if (next_service === 'no') return 'No follow-up';
  if (next_service === 'reach_out') return `A mail to the customer in ${monthsWords(reach_out_months ?? 0)}`;
  if (next_service !== 'yes' || appointment_local === null) return undefined;
  return `Next visit ${showMoment(momentOf(appointment_local), timeZone)}`;
}

export const monthsWords = (months: number): string => (months === 1 ? '1 month' : `${months} months`);
