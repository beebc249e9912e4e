import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import {
  type CustomerSort,
  countLetters,
  customerSorts,
  listedCustomer,
  listInOrder,
  listListed,
} from './customer-list-queries.ts';
import { searchByWords } from './search-customers.ts';

/**
 * The customers as the office looks through them: by last name with a letter to jump to, by their next visit or the last one.
 * Three statements, however many customers there are. A page is a cursor: how many come before it.
 */
export const customerList = defineView({
  type: 'customer_list',
  domain: 'contact',
  summary:
    'Customers by last name, next or last visit, with town and visits, and how many begin with which letter.',
  row: listedCustomer,
  params: z.strictObject({ letter: z.string().trim().min(1).max(2).optional() }),
  sorts: customerSorts,
  searchable: true,
  human_only: true,
  roles: ['owner', 'admin', 'member'],
  async run(context, { params, search = '', sort, limit, cursor }) {
    if (search.trim() !== '') {
      const { hits } = await searchByWords(context, search, { most: limit });
      return {
        rows: await listListed(
          context,
          hits.map(({ record_id }) => record_id),
        ),
      };
    }
    if (cursor !== undefined && !/^\d{1,7}$/.test(cursor)) throw strangeCursor();
    const letters = await countLetters(context);
    const by = sortOf(sort);
    const after = cursor === undefined ? placeOf(letters, params.letter) : Number(cursor);
    const ids = await listInOrder(context, { by, limit, after });
    const total = letters.reduce((sum, { count }) => sum + count, 0);
    return {
      rows: await listListed(context, ids),
      ...(after + limit < total ? { next_cursor: String(after + limit) } : {}),
      totals: { count: total, after, letters },
    };
  },
});

const sortOf = (sort: string | undefined): CustomerSort =>
  customerSorts.find(name => name === sort?.replace(/^-/, '')) ?? 'name';

/** How many come before the first one of a letter. */
function placeOf(letters: readonly { letter: string; count: number }[], wanted: string | undefined): number {
  if (wanted === undefined) return 0;
  const first = wanted.toLowerCase();
  return letters.filter(({ letter }) => letter < first).reduce((sum, { count }) => sum + count, 0);
}
