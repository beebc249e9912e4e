import type { ReadContext } from '../pipeline/context.ts';
import { referencesSought } from '../records/by-number.ts';
import type { RecordSpec } from '../records/record.ts';
import type { Found } from './find-documents.ts';
import type { Wanted } from './query.ts';

/**
 * What a search for the number of one thing finds: "invoice 17" says by itself which record is meant, as its reference does.
 * Undefined, without anything being asked, for every other search, and when nothing has the number: then it is words.
 */
export async function findNumbered(
  context: ReadContext,
  { records, search }: { records: readonly RecordSpec[]; search: string },
  find: (wanted: Wanted) => Promise<Found>,
): Promise<Found | undefined> {
  const sought = referencesSought(context, records, search);
  if (sought.length === 0) return undefined;
  const found = await find({ terms: [sought.map(reference => reference.toLowerCase())] });
  return found.hits.some(({ reference }) => reference !== null && sought.includes(reference))
    ? found
    : undefined;
}
