import type { Context } from '../../kernel/pipeline/context.ts';
import { fold } from '../../kernel/words/fold.ts';
import { cut } from '../square/text.ts';
import type { SquareAddress } from '../square/values.ts';
import { amountOf, customOf, momentOf, textOf, textsOf, wordsOf } from './cells.ts';
import { type Said, saidOf } from './customers.ts';
import { placesOf } from './places.ts';
import { readRows } from './refuse.ts';
import type { Done } from './services.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import { currencyIn, readMinutes } from './values.ts';

/** A visit of the file, from one row or several with the same number and time. */
export interface Visit {
  rows: number[];
  id: string;
  said: Said;
  starts: string;
  minutes: number;
  status: 'closed' | 'cancelled';
  lines: (Done & { total_cents: number })[];
  price_cents: number | undefined;
  technician_ids: string[];
  place: SquareAddress | undefined;
  notes: string;
  custom_fields: Record<string, string>;
  /** The id it has got. */
  written: string;
}

interface Known {
  read(text: string): Done[];
  /** Ids by names in small letters. */
  technicians: ReadonlyMap<string, string>;
}

/** The visits of a sheet; a row that is none goes to `sheet.refused`. */
export function readVisits(context: Context, sheet: Sheet, known: Known): Visit[] {
  const visits: Visit[] = [];
  const byNumber = new Map<string, Visit>();
  for (const visit of readRows(sheet, row => visitOf(context, sheet, row, known))) {
    const number = visit.id === '' ? undefined : `${visit.id}@${visit.starts}`;
    const before = number === undefined ? undefined : byNumber.get(number);
    if (before && isMore(before, visit)) {
      before.rows.push(...visit.rows);
      before.lines.push(...visit.lines);
      before.price_cents = (before.price_cents ?? 0) + (visit.price_cents ?? 0);
      continue;
    }
    visits.push(visit);
    if (number !== undefined && !before) byNumber.set(number, visit);
  }
  return visits;
}

/** A row of the same visit with other work: some programs write a line for each service. */
const isMore = (before: Visit, { lines, said }: Visit): boolean =>
  before.said.full_name === said.full_name &&
  lines.length > 0 &&
  lines.every(({ text }) => before.lines.every(line => line.text !== text));

function visitOf(context: Context, sheet: Sheet, row: Row, { read, technicians }: Known): Visit {
  const { time_zone: timeZone, currency } = context.organization;
  const said = saidOf(context, sheet, row);
  const begun = momentOf({ sheet, timeZone }, row, ['starts', 'start_time']);
  if (!begun) throw new NotTaken('The row does not say when the visit was.');
  const starts = new Date(begun.at).toISOString();
  if (Date.parse(starts) > context.now.epochMilliseconds) {
    throw new NotTaken('This visit is still to come: book it, and it is in the calendar.');
  }
  const status = statusOf(textOf(sheet, row, 'status'));
  const custom_fields = customOf(sheet, row);
  if (!begun.has_time) custom_fields.time ??= 'not known';
  const price_cents = amountOf(sheet, row, 'price', currency);
  if (price_cents !== undefined && price_cents < 0) throw new NotTaken('The price is less than nothing.');
  if (price_cents !== undefined && price_cents > 1_000_000_000)
    throw new NotTaken('The price is too much to be one.');
  requireOwnMoney(sheet, row, 'price', currency);
  const done = read(wordsOf(sheet, row, 'services'));
  const lines = (
    done.length === 0 && price_cents !== undefined ? [{ text: 'Work', service: undefined }] : done
  ).map(({ text, service }, index) => ({
    text: cut(text, 200),
    service,
    total_cents: index === 0 ? (price_cents ?? 0) : 0,
  }));
  if (lines.length > 50) throw new NotTaken('The row names more than fifty services.');
  const went = wentThere(sheet, row, technicians);
  if (went.others.length > 0) custom_fields.technician = went.others.join(', ');
  const [place] = placesOf(context, sheet, row, (key, text) => {
    custom_fields[key] = text;
  });
  return {
    rows: [row.line],
    id: textOf(sheet, row, 'id'),
    said,
    starts,
    minutes: minutesOf(sheet, row, { starts, timeZone, done }),
    status,
    lines,
    price_cents,
    technician_ids: went.ids,
    place,
    notes: cut(wordsOf(sheet, row, 'notes'), 20_000),
    custom_fields,
    written: '',
  };
}

/** Throws NotTaken for an amount in money the business does not keep its books in. */
export function requireOwnMoney(sheet: Sheet, row: Row, target: string, currency: string): void {
  const said = currencyIn(textOf(sheet, row, target));
  if (said !== undefined && said !== currency) {
    throw new NotTaken(`The amount is in ${said}, and this business keeps its books in ${currency}.`);
  }
}

/** What was done is closed, what was called off cancelled; of what nobody says either, somebody has to. */
function statusOf(text: string): Visit['status'] {
  const plain = fold(text).replace(/[^a-z]/g, '');
  if (/cancel|noshow|didnotshow|declined|void|deleted|skipped|missed/.test(plain)) return 'cancelled';
  if (
    /^(?:scheduled|upcoming|open|pending|unscheduled|notstarted|inprogress|draft|tentative|late|requiresinvoicing)$/.test(
      plain,
    )
  ) {
    if (plain === 'requiresinvoicing') return 'closed';
    throw new NotTaken(
      `Its status is "${text}": nobody says that it was done. Write "completed" or "cancelled".`,
    );
  }
  return 'closed';
}

function minutesOf(
  sheet: Sheet,
  row: Row,
  { starts, timeZone, done }: { starts: string; timeZone: string; done: readonly Done[] },
): number {
  const said = readMinutes(textOf(sheet, row, 'duration'));
  const planned = done.reduce(
    (sum, { service }) => sum + (typeof service === 'object' ? (service.duration_minutes ?? 0) : 0),
    0,
  );
  const minutes = (said ?? 0) > 0 ? said : endOf(sheet, row, starts, timeZone);
  const whole = minutes ?? (planned >= 5 ? planned : 60);
  return Math.min(1440, Math.max(5, Math.round(whole)));
}

/** Minutes until the end a row says: a moment, or a time of the same day. */
function endOf(sheet: Sheet, row: Row, starts: string, timeZone: string): number | undefined {
  const text = textOf(sheet, row, 'ends');
  if (text === '') return undefined;
  const minutes = (at: string) => (Date.parse(at) - Date.parse(starts)) / 60_000;
  const fits = (count: number) => (count > 0 && count <= 1440 ? count : undefined);
  try {
    const ended = momentOf({ sheet, timeZone }, row, ['ends']);
    return ended?.has_time ? fits(minutes(ended.at)) : undefined;
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
  }
  try {
    const ended = momentOf({ sheet, timeZone }, row, ['starts', 'ends']);
    return ended?.has_time ? fits(minutes(ended.at)) : undefined;
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    return undefined;
  }
}

/** Who went, as far as they work here; the names of others stay with the visit. */
function wentThere(sheet: Sheet, row: Row, technicians: ReadonlyMap<string, string>) {
  const names = textsOf(sheet, row, 'technician').flatMap(text => text.split(/\s*(?:[,;|&/]|\band\b)\s*/));
  const ids = new Set<string>();
  const others: string[] = [];
  for (const name of names.map(text => text.trim()).filter(text => text !== '')) {
    const first = [...technicians].filter(([called]) => called.split(' ')[0] === name.toLowerCase());
    const id = technicians.get(name.toLowerCase()) ?? (first.length === 1 ? first[0]?.[1] : undefined);
    if (id === undefined) others.push(name);
    else ids.add(id);
  }
  return { ids: [...ids].slice(0, 20), others };
}
