import { z } from 'zod';
import type { ReadContext } from './context.ts';
import { fold } from './fold.ts';
import type { RecordSpec } from './record.ts';
import type { SearchDocument } from './search-document.ts';
import { join, sql, valueRows } from './sql.ts';

/** The records of one transaction whose search documents must be made again before it ends. */
export class DirtyDocuments {
  /** By kind and id; undefined: must be read. */
  readonly #documents = new Map<string, Map<string, SearchDocument | undefined>>();

  add(kind: string, id: string, document: SearchDocument | undefined): void {
    const ofKind = this.#documents.get(kind) ?? new Map<string, SearchDocument | undefined>();
    this.#documents.set(kind, ofKind.set(id, ofKind.has(id) ? undefined : document));
  }

  /** Makes them, once per record however often it was touched. */
  async flush(context: ReadContext, records: ReadonlyMap<string, RecordSpec>): Promise<void> {
    for (const [kind, documents] of this.#documents) {
      const record = records.get(kind);
      if (!record?.documents) continue;
      const known = [...documents.values()].filter(document => document !== undefined);
      const unknown = [...documents].flatMap(([id, document]) => (document ? [] : [id]));
      const read = unknown.length > 0 ? await record.documents(context, unknown) : [];
      writeDocuments(context, kind, [...documents.keys()], [...known, ...read]);
    }
    this.#documents.clear();
  }
}

/** Writes search documents made elsewhere (an import makes thousands at once); `ids` without one lose theirs. */
export function writeDocuments(
  context: ReadContext,
  kind: string,
  ids: readonly string[],
  documents: readonly SearchDocument[],
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
  sendWords(context, documents);
  for (let start = 0; start < documents.length; start += 500) {
    const rows = documents.slice(start, start + 500).map(({ id, title, names, terms, body }) => {
      const folded = fold(names);
      return sql`(
        ${organizationId}::uuid, ${kind}, ${id}::uuid, ${title}, ${folded},
        search_lexemes(${folded}, ${terms}, ${fold(body)})
      )`;
    });
    context.tx.send(sql`
      insert into search_documents (organization_id, kind, record_id, title, names, lexemes)
      values ${join(rows, ', ')}
      on conflict (organization_id, kind, record_id) do update
      set title = excluded.title, names = excluded.names, lexemes = excluded.lexemes`);
  }
}

/** The words a misspelt one is compared with. In their order, so that two who add the same never wait in a circle. */
function sendWords(context: ReadContext, documents: readonly SearchDocument[]): void {
  const words = new Set(documents.flatMap(({ names }) => fold(names).match(/\p{L}{3,}/gu) ?? []));
  if (words.size === 0) return;
  const rows = [...words].sort().map(word => [context.organization.id, word]);
  context.tx.send(sql`
    insert into search_words (organization_id, word)
    values ${valueRows(['uuid', 'text'], rows)}
    on conflict (organization_id, word) do nothing`);
}

const hit = z.object({ kind: z.string(), record_id: z.string(), title: z.string(), score: z.number() });
export type SearchHit = z.infer<typeof hit>;

/**
 * Finds records by words: every word must occur (the last letters may be missing); when nothing fits exactly, names
 * that resemble the words. A telephone number in any spelling is compared as digits, an e-mail address as a whole, or,
 * when nobody has it, by its words.
 */
export async function searchDocuments(
  context: ReadContext,
  kinds: readonly string[],
  query: string,
  most: number,
): Promise<SearchHit[]> {
  const plain = normalizeQuery(query);
  const hits = await listHits(context, kinds, plain, termsOf(plain), most);
  if (hits.length > 0 || !plain.includes('@')) return hits;
  return listHits(context, kinds, plain, termsOf(plain.replaceAll('@', ' ')), most);
}

async function listHits(
  context: ReadContext,
  kinds: readonly string[],
  plain: string,
  terms: readonly string[],
  most: number,
): Promise<SearchHit[]> {
  if (terms.length === 0) return [];
  return context.tx.many(
    hit,
    sql`
    select kind, record_id, title, score
    from search_documents_like(
      ${[...kinds]}::text[], ${plain}, ${[...terms]}::text[], ${most}::integer
    )`,
  );
}

/** Lower case without accents, telephone numbers drawn together to their digits, at most 200 characters. */
export function normalizeQuery(query: string): string {
  return fold(query.slice(0, 200))
    .replace(/\+?[\d(][\d\s().\-–+]{5,}\d/g, number => ` ${phoneDigits(number)} `)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The national digits of a number as people compare them: the last ten at most. */
const phoneDigits = (text: string) => text.replace(/\D/g, '').slice(-10);

// Words people put around a name; no record carries them.
const fillers = new Set(
  'mr mrs ms miss dr the a an of in on at from for with and customer client lady man woman guy who lives our'.split(
    ' ',
  ),
);

/** The telling words of a query, at most twelve: letters and digits only, or a whole e-mail address. */
function termsOf(plain: string): string[] {
  const words = plain.match(/[\p{L}\p{N}][\p{L}\p{N}._-]*@[\p{L}\p{N}.-]+[\p{L}\p{N}]|[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter(word => !fillers.has(word));
  return (telling.length > 0 ? telling : words).slice(0, 12);
}
