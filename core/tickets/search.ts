import type { ReadContext } from '../kernel/pipeline/context.ts';
import {
  documentsOf,
  type Found,
  mostCounted,
  mostOfAll,
  type Wish,
} from '../kernel/search/find-documents.ts';
import { calendarOf, momentsIn } from '../search/moments.ts';
import { findSpelt } from '../search/spelt.ts';
import { maySpeakOfVisits, understand } from '../search/understand.ts';
import { wantedIn } from '../search/words.ts';
import { serviceNames } from '../services/names.ts';
import { listVisitsIn } from './list-queries.ts';

/** More visits than these are not looked through; the latest are. */
const mostVisits = 1000;

/** Visits by the words of customer, place, lines and texts, and by when they are: "screens last week in Madison". */
export async function searchTickets(context: ReadContext, query: string, wish: Wish): Promise<Found> {
  const kinds = ['ticket'];
  if (!maySpeakOfVisits(query)) return findSpelt(context, { kinds, query: wantedIn(query), ...wish });
  const { wanted, visits } = await understand(query, calendarOf(context), await serviceNames(context));
  if (!visits?.period || visits.isMissing) {
    return findSpelt(context, { kinds, query: wantedIn(query), ...wish });
  }
  const filter = { ...momentsIn(context, visits.period), services: visits.services };
  if (wanted.terms.length > 0) {
    const within = await listVisitsIn(context, filter, mostVisits);
    return findSpelt(context, { kinds, query: wanted, ...wish, within });
  }
  const ids = await listVisitsIn(context, filter, wish.everything ? mostOfAll : mostCounted + 1);
  const shown = wish.everything ? ids : ids.slice(0, wish.most);
  return { hits: await documentsOf(context, 'ticket', shown), counts: new Map([['ticket', ids.length]]) };
}
