import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { localTime, weekdays } from '../words/time.ts';
import { byNumber, callOwners } from './by-number.ts';
import { mostOffered } from './candidates.ts';
import { ownersNamed, wordsOf } from './owners-named.ts';
import type { Candidate, FindByName, Fits, RecordSpec } from './record.ts';
import { idsInSight } from './sight.ts';

/** How the rows of a record go by the words for whom they belong to: `Nell Garvey`, `Nell Garvey Friday`. */
export interface NamedAfter {
  /** The columns that point to them, those tried first first. */
  owners: readonly string[];
  /**
   * The filters whose rows are meant where the caller’s member says none of its own: the open visits, before all others. The
   * first that has any decides.
   */
  usual?: readonly string[];
  /** Rows that nobody means, not even when there is nothing else. */
  never?: Sql;
  /** The moment a row is known by, or the day; without a day, the day of a moment. */
  at: { moment: Sql } | { day: Sql; else: Sql };
  /** What tells rows of one owner apart besides. */
  label?: Sql;
  /** Words of its own that a row goes by when they are nobody’s name. */
  words?: Sql;
}

/** How rows are found by whom they belong to, and what is offered when nothing is quite what was said. */
export interface Names {
  /**
   * Those of whom the words name, and of the day said behind; every word has to be understood. Who has one that fits is
   * understood, who has two is asked back: of those that fit the member, or else the usual ones, the first that has any
   * rows decides.
   */
  findByName: FindByName;
  /** Those of whoever is called alike: to choose from, and never taken for meant. */
  offerByName: FindByName;
}

export const namedAfter = (name: string, named: NamedAfter): Names => {
  const rowsMeant = async (
    context: ReadContext,
    { text, among, fits, understand }: Said & { understand: typeof readingsOf },
  ) => {
    const record = context.registry.records.get(name);
    if (!record) throw new Error(`rows are named after an unknown record: ${name}`);
    const readings = await understand(context, { record, named, isPart: among !== undefined }, text);
    for (const where of tiersOf(context, record, named, fits)) {
      const found = await rowsOf(context, record, named, { readings, where, among });
      if (found.length > 0) return found;
    }
    return [];
  };
  return {
    findByName: (context, text, among, fits) =>
      rowsMeant(context, { text, among, fits, understand: readingsOf }),
    offerByName: (context, text, among) =>
      rowsMeant(context, { text, among, fits: undefined, understand: readingsAlike }),
  };
};

interface Said {
  text: string;
  among: readonly string[] | undefined;
  fits: Fits | undefined;
}

/** One way to understand what was said: whom the words name, and the day behind them. */
interface Reading {
  owners: readonly Owners[];
  words: string;
  when?: When | undefined;
}

/** Whom the words name and which day they say. Somebody may be called April: a whole name goes before a day. */
async function readingsOf(context: ReadContext, asked: Asked, text: string): Promise<Reading[]> {
  const whole: Reading = { words: text, owners: await ownersOf(context, asked, text) };
  const said = wordsOf(text).join(' ');
  const isName = whole.owners.some(({ names }) =>
    [...names.values()].some(name => wordsOf(name).join(' ') === said),
  );
  const { words, when } = splitWhen(text);
  if (isName || !when) return [whole];
  const dated = { words, when, owners: await ownersOf(context, asked, words) };
  // What was not said of anybody may be said of the row itself.
  return [whole, dated].some(({ owners }) => owners.length > 0)
    ? [whole, dated].filter(({ owners }) => owners.length > 0)
    : [whole, dated];
}

/** Whoever is called by most of the words, or else whatever a search finds. */
async function readingsAlike(context: ReadContext, asked: Asked, text: string): Promise<Reading[]> {
  const { record, named, isPart } = asked;
  const owners: Owners[] = [];
  for (const column of named.owners) {
    const owner = context.registry.records.get(record.fields[column]?.to?.record ?? '');
    if (!owner) continue;
    const among = isPart ? await idsInSight(context, owner) : undefined;
    const alike = await ownersNamed(context, owner, text, { among, any: true });
    const found = alike.size > 0 ? [] : ((await owner.findByName?.(context, text, among)) ?? []);
    const names = new Map([...alike, ...found.map(({ id, label }) => [id, label] as const)]);
    if (names.size > 0) owners.push({ column, names });
  }
  return owners.length > 0 ? [{ words: text, owners }] : [];
}

/** Those that fit a member best, then the usual ones, then all that may be meant; where only what fits will do, no others. */
function tiersOf(
  context: ReadContext,
  { filters = {} }: RecordSpec,
  { usual = [] }: NamedAfter,
  fits: Fits | undefined,
): Sql[] {
  const conditions = (names: readonly string[]) =>
    names.map(name => {
      const where = filters[name]?.where;
      if (where === undefined) throw new Error(`rows are named after a filter that is not there: ${name}`);
      return typeof where === 'function' ? where(context) : where;
    });
  if (fits && !fits.or_others) return conditions([fits.filter]);
  return [...conditions([...(fits ? [fits.filter] : []), ...usual]), sql`true`];
}

interface Asked {
  record: RecordSpec;
  named: NamedAfter;
  /** Whether the caller sees but some of the rows. */
  isPart: boolean;
}

interface Owners {
  column: string;
  names: ReadonlyMap<string, string>;
}

/** Whom the words name, of each kind that can own a row: all of them, for who is meant is decided by what they have. */
async function ownersOf(
  context: ReadContext,
  { record, named: { owners }, isPart }: Asked,
  words: string,
): Promise<Owners[]> {
  const found: Owners[] = [];
  const said = wordsOf(words).join(' ');
  for (const column of owners) {
    const owner = context.registry.records.get(record.fields[column]?.to?.record ?? '');
    if (!owner) continue;
    // Whoever sees some rows alone does not find out by a name who else there is.
    const among = isPart ? await idsInSight(context, owner) : undefined;
    const all = await ownersNamed(context, owner, words, { among });
    const exact = [...all].filter(([, name]) => wordsOf(name).join(' ') === said);
    const names = exact.length > 0 ? new Map(exact) : all;
    if (names.size > 0) found.push({ column, names });
  }
  return found;
}

const row = z.object({
  id: z.string(),
  reference: z.string(),
  label: z.string().nullable(),
  owner: z.string().nullable(),
  at: z.string().nullable(),
});

interface Looked {
  readings: readonly Reading[];
  where: Sql;
  among: readonly string[] | undefined;
}

async function rowsOf(
  context: ReadContext,
  record: RecordSpec,
  named: NamedAfter,
  { readings, where, among }: Looked,
): Promise<Candidate[]> {
  const { time_zone } = context.organization;
  const inZone = (moment: Sql) => sql`(${moment} at time zone ${time_zone})`;
  const at =
    'day' in named.at
      ? sql`coalesce(${named.at.day}, ${inZone(named.at.else)}::date)`
      : inZone(named.at.moment);
  const meant = readings.flatMap(reading => [
    ...meantBy(context, named, at, reading),
    ...(reading.when ? [] : byNumber(context, record, reading.words)),
  ]);
  if (meant.length === 0) return [];
  const owner = sql`coalesce(${join(
    named.owners.map(column => sql`r.${identifier(column)}`),
    ', ',
  )})::text`;
  const found = await context.tx.many(
    row,
    sql`
    select r.id, r.reference, ${named.label ?? raw('null::text')} as label, ${owner} as owner,
      ${'day' in named.at ? sql`to_char(${at}, 'Dy YYYY-MM-DD')` : named.at.moment} as at
    from ${identifier(record.table)} as r
    where r.organization_id = ${context.organization.id}::uuid
      ${record.soft_deletes ? raw('and r.deleted_at is null') : raw('')}
      and (${join(meant, ' or ')})
      and ${where}
      and not coalesce(${named.never ?? raw('false')}, false)
      ${among ? sql`and r.id = any (${[...among]}::uuid[])` : raw('')}
    order by ${at}, r.id
    limit ${mostOffered}::integer`,
  );
  const names = new Map(readings.flatMap(({ owners }) => owners.flatMap(each => [...each.names])));
  if (!among) await callOwners(context, { record, columns: named.owners }, { found, names });
  return found.map(({ id, reference, label, owner: whose, at: on }) => ({
    id,
    reference,
    label: [names.get(whose ?? ''), on && ('day' in named.at ? on : localTime(on, time_zone)), label]
      .filter(Boolean)
      .join(', '),
  }));
}

/** The condition on the rows that one way to understand the words means; none where it means nothing. */
function meantBy(context: ReadContext, named: NamedAfter, at: Sql, reading: Reading): Sql[] {
  const { owners, words, when } = reading;
  const theirs = owners.map(
    ({ column, names }) => sql`r.${identifier(column)} = any (${[...names.keys()]}::uuid[])`,
  );
  const said = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  const own =
    named.words && owners.length === 0 && said.length > 0
      ? [
          join(
            said.map(word => sql`${named.words} ~* ${`\\m${word}\\M`}`),
            ' and ',
          ),
        ]
      : [];
  const rows = [...theirs, ...own];
  if (rows.length === 0) return [];
  return [sql`((${join(rows, ' or ')}) ${when ? sql`and ${onDay(context, at, when)}` : raw('')})`];
}

/** A day as people say it behind a name. */
type When = { weekday: number } | { month: number } | { in_days: number } | { date: string };

function onDay({ now, organization }: ReadContext, at: Sql, when: When): Sql {
  if ('weekday' in when) return sql`extract(isodow from ${at}) = ${when.weekday}::integer`;
  if ('month' in when) return sql`extract(month from ${at}) = ${when.month}::integer`;
  const date =
    'date' in when
      ? when.date
      : now.toZonedDateTimeISO(organization.time_zone).toPlainDate().add({ days: when.in_days }).toString();
  return sql`to_char(${at}, 'YYYY-MM-DD') = ${date}`;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const inDays: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const behind = /^(?<who>.+?)(?:['’]s?)?[\s,]+(?:(?:on|of|in|for|the)\s+)?(?<day>\d{4}-\d{2}-\d{2}|\p{L}+)$/u;
const full =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december)$/;

/** `Nell Garvey Friday` is Nell Garvey, and a day. */
export function splitWhen(text: string): { words: string; when?: When } {
  const { who, day } = behind.exec(text.trim())?.groups ?? {};
  if (who === undefined || day === undefined) return { words: text };
  const said = readWhen(day.toLowerCase());
  return said ? { words: who.trim(), when: said } : { words: text };
}

function readWhen(day: string): When | undefined {
  if (/^\d/.test(day)) return { date: day };
  const in_days = inDays[day];
  if (in_days !== undefined) return { in_days };
  if (!full.test(day) && day.length !== 3) return undefined;
  const weekday = weekdays.findIndex(name => day.startsWith(name.toLowerCase())) + 1;
  if (weekday > 0) return { weekday };
  const month = months.findIndex(name => day.startsWith(name)) + 1;
  return month > 0 ? { month } : undefined;
}
