import { rowsAs } from '../database/many-rows.ts';
import { raw, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { fold } from '../words/fold.ts';
import type { SearchDocument } from './document.ts';
import type { Indexed } from './indexed.ts';
import { apostrophe } from './query.ts';

/** A document, and whether its row was made by this transaction. */
interface Known {
  document: SearchDocument;
  are: 'new' | 'new or known';
}

/** The records of one transaction whose search documents must be made again before it ends. */
export class DirtyDocuments {
  /** By kind and id; undefined: must be read. */
  readonly #documents = new Map<string, Map<string, Known | undefined>>();

  add(kind: string, id: string, document?: SearchDocument, are: Known['are'] = 'new or known'): void {
    const ofKind = this.#documents.get(kind) ?? new Map<string, Known | undefined>();
    this.#documents.set(kind, ofKind.set(id, ofKind.has(id) || !document ? undefined : { document, are }));
  }

  /** Makes them, once per record however often it was touched. */
  async flush(context: ReadContext, indexed: ReadonlyMap<string, Indexed>): Promise<void> {
    // In one order everywhere, so that two who touch the same records never wait in a circle.
    for (const kind of [...this.#documents.keys()].sort()) {
      const documents = this.#documents.get(kind) ?? new Map<string, Known | undefined>();
      const source = indexed.get(kind);
      if (!source) continue;
      const known = [...documents.values()].filter(one => one !== undefined);
      const made = known.flatMap(({ document, are }) => (are === 'new' ? [document] : []));
      const changed = known.flatMap(({ document, are }) => (are === 'new' ? [] : [document]));
      const unknown = [...documents].flatMap(([id, one]) => (one ? [] : [id])).sort();
      if (unknown.length > 0) lockDocuments(context, kind, unknown);
      const read = unknown.length > 0 ? await source.documents(context, unknown) : [];
      const ids = [...changed.map(({ id }) => id), ...unknown];
      if (made.length > 0) writeDocuments(context, { kind, ids: [], documents: made, are: 'new' });
      if (ids.length > 0) writeDocuments(context, { kind, ids, documents: [...changed, ...read] });
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
  tx: Pick<ReadContext['tx'], 'send'>;
  organization: { id: string };
}

/**
 * Search documents of one kind. `known words` says that other documents of this transaction have the same names; `new`, that
 * their records were made by this transaction, so that none has a document yet and none needs to be looked for.
 */
export interface DocumentRows {
  kind: string;
  documents: readonly SearchDocument[];
  words?: 'new words' | 'known words';
  are?: 'new' | 'new or known';
}

/** Writes search documents made elsewhere (an import makes thousands at once); `ids` without one lose theirs. */
export function writeDocuments(
  context: Writer,
  {
    kind,
    ids,
    documents,
    words = 'new words',
    are = 'new or known',
  }: DocumentRows & { ids: readonly string[] },
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
      return {
        record_id: id,
        reference: reference ?? null,
        title,
        detail: detail?.slice(0, 200) ?? '',
        contact_id: about ?? null,
        names,
        called: names === '' ? '' : fold(title),
        terms: document.terms,
        body: fold(document.body),
      };
    });
    context.tx.send(sql`
      insert into search_documents (
        organization_id, kind, record_id, reference, title, detail, contact_id, names, lexemes
      )
      select
        ${organizationId}::uuid, ${kind}, record_id, reference, title, detail, contact_id, names,
        search_lexemes(${organizationId}::uuid, ${kind}, called, names, terms, body)
      from ${rowsAs(documentColumns, rows)}
      ${are === 'new' ? raw('') : replacing}`);
  }
}

const replacing = raw(`on conflict (organization_id, kind, record_id) do update
  set reference = excluded.reference, title = excluded.title, detail = excluded.detail,
    contact_id = excluded.contact_id, names = excluded.names, lexemes = excluded.lexemes`);

const documentColumns = [
  ['record_id', 'uuid'],
  ['reference', 'text'],
  ['title', 'text'],
  ['detail', 'text'],
  ['contact_id', 'uuid'],
  ['names', 'text'],
  ['called', 'text'],
  ['terms', 'text'],
  ['body', 'text'],
] as const;

/** `O'Brien` is found as `obrien` too. */
function foldedNames(names: string): string {
  const folded = fold(names);
  const joined = folded.replace(apostrophe, '$1');
  return joined === folded ? folded : `${folded} ${joined}`;
}

/** Longer words are not misspelt names. */
const searchWord = /\p{L}{3,40}/gu;

/**
 * The words a misspelt one is compared with. In their order, so that two who add the same never wait in a circle. One that is
 * there already stays until this transaction ends: whoever throws words away waits for those who hold them (shared).
 */
function sendWords(context: Writer, documents: readonly SearchDocument[]): void {
  const words = new Set(documents.flatMap(({ names }) => foldedNames(names).match(searchWord) ?? []));
  if (words.size === 0) return;
  context.tx.send(sql`
    insert into search_words (organization_id, word)
    select ${context.organization.id}::uuid, word
    from pg_advisory_xact_lock_shared(hashtext('search_words'), hashtext(${context.organization.id}::uuid::text)),
      unnest(${[...words].sort()}::text[]) as word
    on conflict (organization_id, word) do nothing`);
}
