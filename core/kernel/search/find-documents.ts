import { z } from 'zod';
import { sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { looksLikeReference } from '../records/reference.ts';
import { budgets } from '../words/budgets.ts';
import { DeskhandError, sqlState } from '../words/errors.ts';
import { type Wanted, wantedIn } from './query.ts';

const hit = z.object({
  kind: z.string(),
  record_id: z.string(),
  reference: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
  /** The name of whom it is about. */
  about: z.string().nullable(),
  score: z.number(),
});
export type SearchHit = z.infer<typeof hit>;

/** With how many of its kind the step that found it has counted. */
const counted = hit.extend({ counted: z.number(), step: z.number() });

/** So many are counted exactly. */
export const mostCounted = 200;

/** `everything` is no more than this. */
export const mostOfAll = 20_000;

/** How much of what is found is wanted. */
export interface Wish {
  /** So many of each kind, best first. */
  most: number;
  /** All there is, whatever `most` says: what the pages behind the first one are cut from. */
  everything?: boolean | undefined;
}

/** What a search has found, best first, and how complete that is. */
export interface Found {
  hits: SearchHit[];
  /** How many there are of each kind that has any; above `mostCounted` there may be more still. */
  counts: ReadonlyMap<string, number>;
}

interface Asked extends Wish {
  kinds: readonly string[];
  /** Only these records. */
  within?: readonly string[] | undefined;
  /** The caller sees no others than these: what others are called has no say in what is found, nor in the order. */
  among?: readonly string[] | undefined;
}

/**
 * Finds records by words, best first, at most `most` of each kind: every word must occur (the last letters may be
 * missing); when nothing fits exactly, what has them as parts of words, and then names that resemble them. A telephone number in any spelling is compared as
 * digits, an e-mail address as a whole, or, when nobody has it, by its words; either says by itself who is meant, whatever
 * else was typed. `within` narrows it to some records.
 */
export async function findDocuments(
  context: ReadContext,
  asked: Asked & { query: string | Wanted },
): Promise<Found> {
  const { query } = asked;
  const { terms } = typeof query === 'string' ? wantedIn(query) : query;
  const telling = terms.filter(isTelling);
  if (telling.length > 0 && telling.length < terms.length) {
    const meant = await find(context, { ...asked, most: mostCounted }, telling);
    if (meant.hits.length > 1) {
      const within = meant.hits.map(({ record_id }) => record_id);
      const both = await find(context, { ...asked, within }, terms);
      return cut(both.hits.length > 0 ? both : meant, asked);
    }
    if (meant.hits.length === 1) return meant;
  }
  const found = await find(context, asked, terms);
  if (found.hits.length > 0 || !terms.some(isEmail)) return found;
  return find(context, asked, terms.flatMap(partsOf));
}

/** What `findDocuments` finds, when nobody asks how much more there is. */
export const searchDocuments = async (
  context: ReadContext,
  asked: Asked & { query: string | Wanted },
): Promise<SearchHit[]> => (await findDocuments(context, asked)).hits;

/** So many of each kind as were wanted. */
export function cut({ hits, counts }: Found, { most, everything }: Wish): Found {
  if (everything) return { hits, counts };
  const ofKind = new Map<string, number>();
  const wanted = hits.filter(({ kind }) => {
    const place = (ofKind.get(kind) ?? 0) + 1;
    ofKind.set(kind, place);
    return place <= most;
  });
  return { hits: wanted, counts };
}

const isEmail = ([typed]: readonly string[]) => typed?.includes('@') === true;

/** The names in an e-mail address that nobody has: `mary.hart7@hart-realty.com` is Mary Hart of Hart Realty. */
function partsOf(term: readonly string[]): readonly (readonly string[])[] {
  const [typed = ''] = term;
  if (!isEmail(term)) return [term];
  const words = typed.match(/\p{L}{2,}/gu) ?? [];
  return [...new Set(words.filter(word => !providers.has(word)))].map(word => [word]);
}

const providers = new Set(
  'com net org edu gov us co example gmail googlemail yahoo hotmail outlook live icloud me aol msn mail'.split(
    ' ',
  ),
);

/** Whether these are words and nothing that says by itself who is meant. */
export const isPlain = (terms: Wanted['terms']): boolean => !terms.some(isTelling);

/** A whole telephone number, e-mail address or reference. */
const isTelling = ([typed = '']: readonly string[]) => /^\d{7,}$|@/.test(typed) || looksLikeReference(typed);

async function find(
  context: ReadContext,
  { kinds, within, among, ...wish }: Asked,
  terms: Wanted['terms'],
): Promise<Found> {
  if (terms.length === 0 || kinds.length === 0 || within?.length === 0 || among?.length === 0) return nothing;
  const most = wish.everything ? mostOfAll : wish.most;
  const asked = terms.map(forms => forms.join('|'));
  const both = within && among ? among.filter(id => within.includes(id)) : (among ?? within);
  const ids = both ? [...both] : null;
  const source = among
    ? sql`search_documents_among(${[...kinds]}::text[], ${asked}::text[], ${most}::integer, ${ids}::uuid[])`
    : sql`search_documents_like(
        ${[...kinds]}::text[], ${asked}::text[], ${most}::integer, ${ids}::uuid[], ${wish.everything === true}::boolean
      )`;
  const rows = await inTime(context, terms.length, () =>
    context.tx.many(
      counted,
      sql`select kind, record_id, reference, title, detail, about, score, counted, step from ${source}`,
    ),
  );
  return cut(countHits(rows), wish);
}

const nothing: Found = { hits: [], counts: new Map() };

/** Each step of a search counts what it finds by itself, and finds nothing that one before it has. */
function countHits(rows: readonly z.infer<typeof counted>[]): Found {
  const hits = new Map<string, SearchHit>();
  const steps = new Map<string, { kind: string; counted: number }>();
  for (const row of rows) {
    const key = `${row.kind} ${row.record_id}`;
    if (!hits.has(key)) hits.set(key, row);
    steps.set(`${row.kind} ${row.step}`, row);
  }
  const counts = new Map<string, number>();
  for (const { kind, counted: count } of steps.values()) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return { hits: [...hits.values()], counts };
}

/** Few words cost little; a search for more is stopped when it takes too long. Throws TIMEOUT with what to do. */
export async function inTime<T>({ tx }: ReadContext, words: number, search: () => Promise<T>): Promise<T> {
  if (words <= 3) return search();
  tx.send(sql`select set_config('statement_timeout', ${String(budgets.search_ms)}, true)`);
  try {
    const found = await search();
    tx.send(sql`select set_config('statement_timeout', '10s', true)`);
    return found;
  } catch (error) {
    if (sqlState(error) !== '57014') throw error;
    throw new DeskhandError('TIMEOUT', 'This search took too long and was stopped; nothing was changed.', {
      hint: 'Search for fewer words: a name, a street, a telephone number or a reference.',
    });
  }
}

/** The documents of some records as a search answers them, in the order of the ids. */
export async function documentsOf(
  context: ReadContext,
  kind: string,
  ids: readonly string[],
): Promise<SearchHit[]> {
  if (ids.length === 0) return [];
  return context.tx.many(
    hit,
    sql`
    select d.kind, d.record_id, d.reference, d.title, d.detail, c.full_name as about,
      3 - w.place::real / ${ids.length + 1}::real as score
    from unnest(${[...ids]}::uuid[]) with ordinality as w (id, place)
    join search_documents as d
      on d.organization_id = ${context.organization.id}::uuid and d.kind = ${kind} and d.record_id = w.id
    left join contacts as c on c.organization_id = d.organization_id and c.id = d.contact_id
    order by w.place`,
  );
}
