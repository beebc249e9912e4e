import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction, type JobHandler } from '../kernel/registry/define.ts';
import { lockDocuments, writeDocuments } from '../kernel/search/index-documents.ts';
import { invalid } from '../kernel/words/errors.ts';
import { deleteUnknownKinds, ensureDocuments, lockOthers } from './queries.ts';

/** Records whose documents are made in one call. */
const batch = 500;

const output = z.object({
  /** Documents that were made. */
  rebuilt: z.number(),
  /** Documents of what is no longer there. */
  removed: z.number(),
  /** Where to go on; null when all is done. */
  next_cursor: z.string().nullable(),
});

/**
 * Makes the search documents of some hundred records anew and says where to go on, so that no transaction holds them
 * all. What is changed meanwhile is never overwritten with older words: a document is held before its record is read.
 */
export const rebuildSearch = defineAction({
  domain: 'search',
  name: 'rebuild',
  summary: 'Make the search documents anew, some hundred a call: go on with next_cursor until it is null.',
  input: z.strictObject({
    cursor: z.string().max(100).optional(),
    /** Goes on by itself, as jobs. */
    in_background: z.boolean().optional(),
  }),
  output,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  why_not_undone: 'it changes no record',
  past: 'rebuilt',
  example: {},
  roles: ['owner', 'admin'],
  human_only: true,
  keywords: ['reindex', 'index', 'repair search', 'search documents'],
  async run(context, { cursor, in_background }) {
    const done = await rebuildBatch(context, cursor);
    if (in_background && done.next_cursor !== null) {
      await context.enqueue({ kind: 'search.rebuild', payload: { cursor: done.next_cursor } });
    }
    return done;
  },
});

/** Goes on with a rebuild that was begun in the background, one batch a job. */
export const rebuildJob: JobHandler = {
  kind: 'search.rebuild',
  summary: 'Makes search documents anew.',
  is_internal: true,
  async run({ organization_id, payload }, { execute }) {
    const { cursor } = payload;
    const { data } = await execute(organization_id, {
      action: 'search.rebuild',
      data: { in_background: true, ...(typeof cursor === 'string' ? { cursor } : {}) },
    });
    return data;
  },
};

async function rebuildBatch(context: Context, cursor: string | undefined): Promise<z.output<typeof output>> {
  const { registry } = context;
  const kinds = [...registry.indexed.keys()].sort();
  const [kind, after] = readCursor(cursor, kinds);
  const indexed = registry.indexed.get(kind);
  if (!indexed) return { rebuilt: 0, removed: 0, next_cursor: null };
  const unknown = cursor === undefined ? await deleteUnknownKinds(context, kinds) : 0;
  const ids = await indexed.listIds(context, after, batch);
  await ensureDocuments(context, kind, ids);
  lockDocuments(context, kind, ids);
  const documents = await indexed.documents(context, ids);
  writeDocuments(context, { kind, ids, documents });
  const last = ids.length < batch ? undefined : ids.at(-1);
  // Documents of no record we listed: of one that is gone, or of one that was made since.
  const others = await lockOthers(context, kind, { after, to: last }, ids);
  const young = others.length > 0 ? await indexed.documents(context, others) : [];
  writeDocuments(context, { kind, ids: others, documents: young });
  const next = kinds[kinds.indexOf(kind) + 1];
  return {
    rebuilt: documents.length + young.length,
    removed: unknown + others.length - young.length,
    next_cursor: last === undefined ? (next ?? null) : `${kind}:${last}`,
  };
}

/** `contact:<id>`: where a kind was left; `lead`: its beginning. */
function readCursor(cursor: string | undefined, kinds: readonly string[]): [kind: string, after?: string] {
  if (cursor === undefined) return [kinds[0] ?? ''];
  const [kind = '', after] = cursor.split(':');
  if (kinds.includes(kind) && (after === undefined || isUuid(after))) {
    return after === undefined ? [kind] : [kind, after];
  }
  throw invalid('cursor', 'This cursor is of no rebuild.', {
    hint: 'Use next_cursor of the answer before, or none.',
  });
}
