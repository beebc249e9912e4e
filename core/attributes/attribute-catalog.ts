import { z } from 'zod';
import { attributeKey } from '../extraction/record.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { catalogRow, listCatalog } from './key-queries.ts';

/** The keys in use, what they are also called, and how often: patterns emerge from use (NOT-04, OPQ-04). */
export const attributeCatalog = defineView({
  type: 'attribute_catalog',
  domain: 'attribute',
  summary: 'The keys of facts: meaning, aliases, type, how many facts and customers, usual values.',
  keywords: ['keys', 'schema', 'aliases', 'facts', 'what do we know'],
  row: catalogRow,
  params: z.strictObject({
    /** A key or one of its aliases. */
    key: attributeKey.optional(),
    is_known: z.boolean().optional(),
  }),
  async run(context, { params, limit, cursor }) {
    if (cursor !== undefined && !attributeKey.safeParse(cursor).success)
      throw invalid('cursor', 'This cursor does not belong to this list.');
    const rows = await listCatalog(context, { ...params, after: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last ? { next_cursor: last.key } : {}) };
  },
});
