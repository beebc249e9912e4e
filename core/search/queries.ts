import { z } from 'zod';
import { sql, valueRows } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Wanted } from '../kernel/search/query.ts';

/**
 * Makes an empty document where a record has none, so that there is something to hold while the real one is made:
 * whoever changes the record meanwhile waits and writes the newer one.
 */
export async function ensureDocuments(
  context: ReadContext,
  kind: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map(id => [context.organization.id, kind, id, '', '', '']);
  await context.tx.run(sql`
    insert into search_documents (organization_id, kind, record_id, title, names, lexemes)
    values ${valueRows(['uuid', 'text', 'uuid', 'text', 'text', 'tsvector'], rows)}
    on conflict (organization_id, kind, record_id) do nothing`);
}

/** Holds the documents of a kind, within a range of ids, that are of none of some records; answers the ids. */
export async function lockOthers(
  context: ReadContext,
  kind: string,
  range: { after: string | undefined; to: string | undefined },
  ids: readonly string[],
): Promise<string[]> {
  const others = await context.tx.many(
    z.object({ record_id: z.string() }),
    sql`
    select record_id
    from search_documents
    where organization_id = ${context.organization.id}::uuid
      and kind = ${kind}
      ${range.after === undefined ? sql`` : sql`and record_id > ${range.after}::uuid`}
      ${range.to === undefined ? sql`` : sql`and record_id <= ${range.to}::uuid`}
      and not record_id = any (${[...ids]}::uuid[])
    order by record_id
    for update`,
  );
  return others.map(({ record_id }) => record_id);
}

/** Removes the documents of kinds that are no longer registered; answers how many. */
export function deleteUnknownKinds(context: ReadContext, kinds: readonly string[]): Promise<number> {
  return context.tx.run(sql`
    delete from search_documents
    where organization_id = ${context.organization.id}::uuid
      and not kind = any (${[...kinds]}::text[])`);
}

const scored = z.object({ kind: z.string(), record_id: z.string(), score: z.number() });

/** Of some records those that have the very words of one of several spellings, each with the score of the best of these. */
export function scoreSpelt(
  context: ReadContext,
  kinds: readonly string[],
  spellings: readonly Wanted['terms'][],
  ids: readonly string[],
) {
  const terms = spellings.flatMap(spelling => spelling.map(forms => forms.join('|')));
  return context.tx.many(
    scored,
    sql`
    select kind, record_id, score
    from search_spelt(
      ${[...kinds]}::text[], ${terms}::text[], ${spellings[0]?.length ?? 1}::integer, ${[...ids]}::uuid[]
    )`,
  );
}
