import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { fold } from '../words/fold.ts';
import { localTime, weekdays } from '../words/time.ts';
import { anywhere, mostOffered } from './candidates.ts';
import type { Candidate, FindByName, RecordSpec } from './record.ts';
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
  /** The moment a row is known by, or the day. */
  at: { moment: Sql } | { day: Sql };
  /** Only by their names: whatever else is known of them may be what a row is called itself. */
  by_name?: true;
  /** What tells rows of one owner apart besides. */
  label?: Sql;
  /** Words of its own that a row goes by when they are nobody’s name. */
  words?: Sql;
}

/**
 * Finds rows by whom they belong to, and by a day said behind: who has one that fits is understood, who has two is asked
 * back. Of those that fit (`among` the filter a member names, then the usual ones) the first that has any rows decides.
 */
export const namedAfter =
  (name: string, named: NamedAfter): FindByName =>
  async (context, text, among, fitting) => {
    const record = context.registry.records.get(name);
    if (!record) throw new Error(`rows are named after an unknown record: ${name}`);
    const said = await understand(context, { record, named, isPart: among !== undefined }, text);
    for (const where of tiersOf(context, record, named, fitting)) {
      const found = await rowsOf(context, record, named, { ...said, where, among });
      if (found.length > 0) return found;
    }
    return [];
  };

/** Whom the words name and which day they say. Somebody may be called April: a whole name goes before a day. */
async function understand(context: ReadContext, asked: Asked, text: string) {
  const whole = { words: text, when: undefined, owners: await ownersOf(context, asked, text) };
  const isName = whole.owners.some(({ names }) =>
    [...names.values()].some(name => fold(name) === fold(text)),
  );
  const { words, when } = splitWhen(text);
  if (isName || !when) return whole;
  const owners = await ownersOf(context, asked, words);
  return owners.length > 0 ? { words, when, owners } : whole;
}

/** Those that fit a member best, then the usual ones, then all that may be meant. */
function tiersOf(
  context: ReadContext,
  { filters = {} }: RecordSpec,
  { usual = [] }: NamedAfter,
  fitting: string | undefined,
): Sql[] {
  const names = [...(fitting === undefined ? [] : [fitting]), ...usual];
  const said = names.map(name => {
    const where = filters[name]?.where;
    if (where === undefined) throw new Error(`rows are named after a filter that is not there: ${name}`);
    return typeof where === 'function' ? where(context) : where;
  });
  return [...said, sql`true`];
}

interface Asked {
  record: RecordSpec;
  named: NamedAfter;
  /** Whether the caller sees but some of the rows. */
  isPart: boolean;
}

/** Whether each word begins a word of a name. */
const isCalled = (name: string, words: string): boolean =>
  fold(words)
    .split(/\s+/)
    .every(word => ` ${fold(name)}`.includes(` ${word}`));

interface Owners {
  column: string;
  names: ReadonlyMap<string, string>;
}

/** Whom the words name, of each kind that can own a row. */
async function ownersOf(
  context: ReadContext,
  { record, named: { owners, by_name }, isPart }: Asked,
  words: string,
): Promise<Owners[]> {
  const found: Owners[] = [];
  for (const column of owners) {
    const owner = context.registry.records.get(record.fields[column]?.to?.record ?? '');
    // Whoever sees some rows alone does not find out by a name who else there is.
    const among = owner && isPart ? await idsInSight(context, owner) : undefined;
    const all = owner?.findByName ? await owner.findByName(context, words, among) : [];
    const named = by_name ? all.filter(({ label }) => isCalled(label, words)) : all;
    const exact = named.filter(({ label }) => fold(label) === fold(words));
    const names = new Map((exact.length > 0 ? exact : named).map(({ id, label }) => [id, label]));
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
  owners: readonly Owners[];
  words: string;
  when: When | undefined;
  where: Sql;
  among: readonly string[] | undefined;
}

async function rowsOf(
  context: ReadContext,
  record: RecordSpec,
  named: NamedAfter,
  { owners, words, when, where, among }: Looked,
): Promise<Candidate[]> {
  const { time_zone } = context.organization;
  const at = 'day' in named.at ? named.at.day : sql`${named.at.moment} at time zone ${time_zone}`;
  const theirs = owners.map(
    ({ column, names }) => sql`r.${identifier(column)} = any (${[...names.keys()]}::uuid[])`,
  );
  const own = named.words && owners.length === 0 ? [sql`${named.words} ilike ${anywhere(words)}`] : [];
  if (theirs.length + own.length === 0) return [];
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
      and (${join([...theirs, ...own], ' or ')})
      and ${where}
      and not coalesce(${named.never ?? raw('false')}, false)
      ${when ? sql`and ${onDay(context, at, when)}` : raw('')}
      ${among ? sql`and r.id = any (${[...among]}::uuid[])` : raw('')}
    order by ${at}, r.id
    limit ${mostOffered}::integer`,
  );
  const names = new Map(owners.flatMap(each => [...each.names]));
  return found.map(({ id, reference, label, owner: whose, at: on }) => ({
    id,
    reference,
    label: [names.get(whose ?? ''), on && ('day' in named.at ? on : localTime(on, time_zone)), label]
      .filter(Boolean)
      .join(', '),
  }));
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
  return sql`(${at})::date = ${date}::date`;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const inDays: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const behind =
  /^(?<who>.+?)(?:['’]s?)?[\s,]+(?:(?:on|of|in|for|the|this)\s+)?(?<day>\d{4}-\d{2}-\d{2}|\p{L}+)$/u;
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
