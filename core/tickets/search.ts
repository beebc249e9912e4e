import type { ReadContext } from '../kernel/pipeline/context.ts';
import { documentsOf, type SearchHit, searchDocuments } from '../kernel/search/index-documents.ts';
import { calendarOf, momentsIn } from '../search/moments.ts';
import { maySpeakOfVisits, understand } from '../search/understand.ts';
import { wantedIn } from '../search/words.ts';
import { serviceNames } from '../services/names.ts';
import { listVisitsIn } from './list-queries.ts';

/** More visits than these are not looked through; the latest are. */
const mostVisits = 1000;

/** Visits by the words of customer, place, lines and texts, and by when they are: "screens last week in Madison". */
export async function searchTickets(context: ReadContext, query: string, most: number): Promise<SearchHit[]> {
  if (!maySpeakOfVisits(query))
    return searchDocuments(context, { kinds: ['ticket'], query: wantedIn(query), most });
  const { wanted, visits } = await understand(query, calendarOf(context), await serviceNames(context));
  if (!visits?.period || visits.isMissing) {
    return searchDocuments(context, { kinds: ['ticket'], query: wantedIn(query), most });
  }
  const filter = { ...momentsIn(context, visits.period), services: visits.services };
  const ids = await listVisitsIn(context, filter, wanted.terms.length === 0 ? most : mostVisits);
  return wanted.terms.length === 0
    ? documentsOf(context, 'ticket', ids)
    : searchDocuments(context, { kinds: ['ticket'], query: wanted, most, within: ids });
}
