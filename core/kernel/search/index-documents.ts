import { z } from 'zod';
import { join, sql, valueRows } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { looksLikeReference } from '../records/reference.ts';
import { budgets } from '../words/budgets.ts';
import { DeskhandError, sqlState } from '../words/errors.ts';
import { fold } from '../words/fold.ts';
import type { SearchDocument } from './document.ts';
import type { Indexed } from './indexed.ts';
import { apostrophe, type Wanted, wantedIn } from './query.ts';

/** The records of one transaction whose search documents must be made again before it ends. */
export class DirtyDocuments {
  /** By kind and id; undefined: must be read. */
  readonly #documents = new Map<string, Map<string, SearchDocument | undefined>>();

  add(kind: string, id: string, document: SearchDocument | undefined): void {
    const ofKind = this.#documents.get(kind) ?? new Map<string, SearchDocument | undefined>();
    this.#documents.set(kind, ofKind.set(id, ofKind.has(id) ? undefined : document));
  }

  /** Makes them, once per record however often it was touched. */
  async flush(context: ReadContext, indexed: ReadonlyMap<string, Indexed>): Promise<void> {
    // In one order everywhere, so that two who touch the same records never wait in a circle.
    for (const kind of [...this.#documents.keys()].sort()) {
      const documents = this.#documents.get(kind) ?? new Map<string, SearchDocument | undefined>();
      const source = indexed.get(kind);
      if (!source) continue;
      const known = [...documents.values()].filter(document => document !== undefined);
      const unknown = [...documents].flatMap(([id, document]) => (document ? [] : [id])).sort();
      if (unknown.length > 0) lockDocuments(context, kind, unknown);
      const read = unknown.length > 0 ? await source.documents(context, unknown) : [];
      writeDocuments(context, { kind, ids: [...documents.keys()], documents: [...known, ...read] });
    }
    this.#documents.clear();
  }
}

/**
 * Holds documents until the transaction ends. Who makes one again holds it first and reads the record then: of two at
 * once the second sees what the first one has written, and no words are lost. Travels with the statement behind it.
 */
export function lockDocuments(context: ReadContext, kind: string, ids: readonly string[]): void {
  context.tx.send(sql`
    select 1
    from search_documents
    where organization_id = ${context.organization.id}::uuid
      and kind = ${kind}
      and record_id = any (${[...ids]}::uuid[])
    order by record_id
    for update`);
}

/** What writing takes: an open transaction, and whose documents they are. */
interface Writer {
  tx: ReadContext['tx'];
  organization: { id: string };
}

/**
 * Writes search documents made elsewhere (an import makes thousands at once); `ids` without one lose theirs. `known words`
 * says that other documents of this transaction have the same names.
 */
export function writeDocuments(
  context: Writer,
  {
    kind,
    ids,
    documents,
    words = 'new words',
  }: {
    kind: string;
    ids: readonly string[];
    documents: readonly SearchDocument[];
    words?: 'new words' | 'known words';
  },
): void {
  const organizationId = context.organization.id;
  const living = new Set(documents.map(document => document.id));
  const gone = ids.filter(id => !living.has(id));
  if (gone.length > 0) {
    context.tx.send(sql`
      delete from search_documents
      where organization_id = ${organizationId}::uuid
        and kind = ${kind}
        and record_id = any (${gone}::uuid[])`);
  }
  if (words === 'new words') sendWords(context, documents);
  for (let start = 0; start < documents.length; start += 500) {
    const rows = documents.slice(start, start + 500).map(document => {
      const { id, reference, detail, about } = document;
      const title = document.title.slice(0, 200);
      const names = foldedNames(document.names);
      return sql`(
        ${organizationId}::uuid, ${kind}, ${id}::uuid, ${reference ?? null}, ${title}, ${detail?.slice(0, 200) ?? ''},
        ${about ?? null}::uuid, ${names},
        search_lexemes(
          ${organizationId}::uuid, ${kind}, ${names === '' ? '' : fold(title)}, ${names}, ${document.terms},
          ${fold(document.body)}
        )
      )`;
    });
    context.tx.send(sql`
      insert into search_documents (
        organization_id, kind, record_id, reference, title, detail, contact_id, names, lexemes
      )
      values ${join(rows, ', ')}
      on conflict (organization_id, kind, record_id) do update
      set reference = excluded.reference, title = excluded.title, detail = excluded.detail,
        contact_id = excluded.contact_id, names = excluded.names, lexemes = excluded.lexemes`);
  }
}

/** `O'Brien` is found as `obrien` too. */
function foldedNames(names: string): string {
  const folded = fold(names);
  const joined = folded.replace(apostrophe, '$1');
  return joined === folded ? folded : `${folded} ${joined}`;
}

/** Longer words are not misspelt names. */
const searchWord = /\p{L}{3,40}/gu;

/** The words a misspelt one is compared with. In their order, so that two who add the same never wait in a circle. */
function sendWords(context: Writer, documents: readonly SearchDocument[]): void {
  const words = new Set(documents.flatMap(({ names }) => foldedNames(names).match(searchWord) ?? []));
  if (words.size === 0) return;
  const rows = [...words].sort().map(word => [context.organization.id, word]);
  for (let start = 0; start < rows.length; start += 10_000) {
    context.tx.send(sql`
      insert into search_words (organization_id, word)
      values ${valueRows(['uuid', 'text'], rows.slice(start, start + 10_000))}
      on conflict (organization_id, word) do nothing`);
  }
}

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

interface Asked {
  kinds: readonly string[];
  most: number;
  /** Only these records. */
  within?: readonly string[] | undefined;
  /** The caller sees no others than these: what others are called has no say in what is found, nor in the order. */
  among?: readonly string[] | undefined;
}

/**
 * Finds records by words, best first, at most `most` of each kind: every word must occur (the last letters may be
 * missing); when nothing fits exactly, names that resemble the words. A telephone number in any spelling is compared as
 * digits, an e-mail address as a whole, or, when nobody has it, by its words; either says by itself who is meant, whatever
 * else was typed. `within` narrows it to some records.
 */
export async function searchDocuments(
  context: ReadContext,
  asked: Asked & { query: string | Wanted },
): Promise<SearchHit[]> {
  const { query } = asked;
  const { terms } = typeof query === 'string' ? wantedIn(query) : query;
  const telling = terms.filter(isTelling);
  if (telling.length > 0 && telling.length < terms.length) {
    const meant = await listHits(context, asked, telling);
    if (meant.length > 1) {
      const both = await listHits(context, { ...asked, within: meant.map(found => found.record_id) }, terms);
      return both.length > 0 ? both : meant;
    }
    if (meant.length === 1) return meant;
  }
  const hits = await listHits(context, asked, terms);
  if (hits.length > 0 || !terms.some(isEmail)) return hits;
  return listHits(context, asked, terms.flatMap(partsOf));
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

/** A whole telephone number, e-mail address or reference. */
const isTelling = ([typed = '']: readonly string[]) => /^\d{7,}$|@/.test(typed) || looksLikeReference(typed);

async function listHits(
  context: ReadContext,
  { kinds, most, within, among }: Asked,
  terms: Wanted['terms'],
): Promise<SearchHit[]> {
  if (terms.length === 0 || kinds.length === 0 || within?.length === 0 || among?.length === 0) return [];
  const asked = terms.map(forms => forms.join('|'));
  const both = within && among ? among.filter(id => within.includes(id)) : (among ?? within);
  const ids = both ? [...both] : null;
  const found = among
    ? sql`search_documents_among(${[...kinds]}::text[], ${asked}::text[], ${most}::integer, ${ids}::uuid[])`
    : sql`search_documents_like(${[...kinds]}::text[], ${asked}::text[], ${most}::integer, ${ids}::uuid[])`;
  return inTime(context, terms.length, () =>
    context.tx.many(hit, sql`select kind, record_id, reference, title, detail, about, score from ${found}`),
  );
}

/** Few words cost little; a search for more is stopped when it takes too long. Throws TIMEOUT with what to do. */
async function inTime<T>({ tx }: ReadContext, words: number, search: () => Promise<T>): Promise<T> {
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
