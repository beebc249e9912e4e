import { z } from 'zod';
import type { Business, Office } from './office.ts';

const batch = z.object({ rebuilt: z.number(), removed: z.number(), next_cursor: z.string().nullable() });

/** Makes all search documents of a business anew, some hundred a call; answers how many there were. */
export async function rebuildSearch(
  { done }: Office,
  { owner }: Business,
): Promise<{ rebuilt: number; removed: number; calls: number }> {
  const sum = { rebuilt: 0, removed: 0, calls: 0 };
  let cursor: string | null | undefined;
  do {
    const data = await done(owner, 'search.rebuild', typeof cursor === 'string' ? { cursor } : {});
    const { rebuilt, removed, next_cursor } = batch.parse(data);
    sum.rebuilt += rebuilt;
    sum.removed += removed;
    sum.calls += 1;
    cursor = next_cursor;
  } while (cursor !== null);
  return sum;
}
