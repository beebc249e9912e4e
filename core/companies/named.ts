import { lockInBusiness } from '../kernel/database/lock.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { searchDocuments } from '../kernel/search/find-documents.ts';
import { fold } from '../kernel/words/fold.ts';

export { listNamed } from './queries.ts';

/**
 * The living companies of exactly this name, whatever its capitals, accents and spaces, for whoever adds one when there
 * is none: two at once who do so wait for each other.
 */
export async function findNamedToAdd(context: ReadContext, name: string): Promise<Candidate[]> {
  const plain = plainOf(name);
  await lockInBusiness(context, `company:${plain}`);
  const hits = await searchDocuments(context, { kinds: ['company'], query: name, most: 50 });
  return hits
    .filter(hit => plainOf(hit.title) === plain)
    .map(hit => ({ id: hit.record_id, reference: hit.reference ?? hit.record_id, label: hit.title }));
}

const plainOf = (name: string) => fold(name).replace(/\s+/g, ' ').trim();
