import { z } from 'zod';
import { attributeKey } from '../extraction/record.ts';
import { defineView } from '../kernel/registry/define.ts';
import { pageOf, strangeCursor } from '../kernel/registry/paging.ts';
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
    if (cursor !== undefined && !attributeKey.safeParse(cursor).success) throw strangeCursor();
    const rows = await listCatalog(context, { ...params, after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, last => last.key);
  },
});
