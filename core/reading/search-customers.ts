import type { ReadContext } from '../kernel/pipeline/context.ts';
import {
  documentsOf,
  type Found,
  isPlain,
  mostCounted,
  mostOfAll,
  type SearchHit,
  type Wish,
} from '../kernel/search/find-documents.ts';
import { type Wanted, wordsOf } from '../kernel/search/query.ts';
import { invalid } from '../kernel/words/errors.ts';
import { readDay } from '../kernel/words/time.ts';
import { calendarOf, momentsIn } from '../search/moments.ts';
import { type Calendar, type Period, readPeriod } from '../search/period.ts';
import { readServices } from '../search/services.ts';
import { findSpelt, hasSpellings } from '../search/spelt.ts';
import { maySpeakOfVisits, understand, type VisitsAsked } from '../search/understand.ts';
import { plainText, wantedOf } from '../search/words.ts';
import { serviceNames } from '../services/names.ts';
import { findKnown, preferKnown } from './prefer-customers.ts';
import {
  type FactFilter,
  findKeyOf,
  listUnvisited,
  listVisited,
  listWithFact,
  type VisitFilter,
} from './visited-queries.ts';

/** What customers are looked for by: words as people say them, and what is narrowed down besides. */
export interface CustomerQuery {
  query?: string | undefined;
  /** `elderly`, `pet`, `pet=dog` */
  attribute?: string | undefined;
  /** A service they had, in any words of its name. */
  service?: string | undefined;
  /** When they had it, or any visit: `last spring`. */
  period?: string | undefined;
}

export interface FoundCustomers {
  /** Best first. */
  hits: SearchHit[];
  /** How many there are; above `mostCounted` there may be more still. */
  count: number;
  /** The visits that were asked for; left out when none were. */
  visits?: AskedVisits | undefined;
}

export interface AskedVisits extends VisitFilter {
  isMissing: boolean;
  /** `visits from 2026-03-01 until 2026-05-31 with Screen Cleaning` */
  label: string;
}

/** More customers than this are narrowed down by their visits after the search, fewer before it. */
const fewEnough = 1000;

/**
 * Finds customers by whatever is known of them (SRC-01…06): words in their documents, the visits they had, facts about
 * them. Best first. Throws VALIDATION_ERROR for a period or service that says nothing.
 */
export async function searchCustomers(
  context: ReadContext,
  asked: CustomerQuery,
  wish: Wish,
): Promise<FoundCustomers> {
  const { wanted, visits } = await readQuery(context, asked);
  const fact = await readFact(context, asked.attribute);
  // Beside a fact the words alone say who is meant: together they would find whoever resembles both.
  const terms = wanted.terms.length > 0 || !fact ? wanted.terms : termsOf(fact);
  if (!visits) return take(await findByWords(context, { terms, fact, wish }), wish);
  const list = visits.isMissing ? listUnvisited : listVisited;
  if (terms.length === 0) {
    const ids = await list(context, visits, wish.everything ? mostOfAll : mostCounted + 1);
    const shown = wish.everything ? ids : ids.slice(0, wish.most);
    return { hits: await documentsOf(context, 'contact', shown), count: ids.length, visits };
  }
  if (!visits.isMissing) {
    const within = await listVisited(context, visits, fewEnough + 1);
    if (within.length <= fewEnough)
      return { ...take(await findByWords(context, { terms, fact, wish, within }), wish), visits };
  }
  const { hits } = await findByWords(context, { terms, fact, wish: all });
  const ids = hits.map(hit => hit.record_id);
  const fitting = new Set(await list(context, visits, mostOfAll, ids));
  const both = hits.filter(hit => fitting.has(hit.record_id));
  return { ...take({ hits: both, count: both.length }, wish), visits };
}

/** Of so many at least those come first who are likely meant. */
const fewPreferred = 60;

const all: Wish = { most: mostOfAll, everything: true };

type Counted = Pick<FoundCustomers, 'hits' | 'count'>;

const take = ({ hits, count }: Counted, { most, everything }: Wish): Counted => ({
  hits: everything ? hits : hits.slice(0, most),
  count,
});

/** What the words find; with a fact, all of it is looked through for those it is known of. */
async function findByWords(
  context: ReadContext,
  {
    terms,
    fact,
    wish,
    within,
  }: { terms: Wanted['terms']; fact: FactFilter | undefined; wish: Wish; within?: readonly string[] },
): Promise<Counted> {
  const kinds = ['contact'];
  const found = await findSpelt(context, { kinds, query: { terms }, within, ...(fact ? all : wish) });
  if (!fact || found.hits.length === 0) return { hits: found.hits, count: found.counts.get('contact') ?? 0 };
  const ids = found.hits.map(hit => hit.record_id);
  const known = new Set(await listWithFact(context, ids, fact));
  const hits = found.hits.filter(hit => known.has(hit.record_id));
  return { hits, count: hits.length };
}

/**
 * The same for the list of customers and the search over everything: words, and the visits they speak of.
 */
export async function searchByWords(context: ReadContext, query: string, wish: Wish): Promise<Found> {
  const terms = wish.everything ? undefined : plainTermsOf(query);
  if (terms) return findKnown(context, { terms, query, most: wish.most });
  const { hits, count } = await searchCustomers(
    context,
    { query },
    { ...wish, most: Math.max(wish.most, mostCounted) },
  );
  // Of more than can be counted no page is put in order as a whole: any of them are shown, and these are put in order.
  const shown =
    count > mostCounted && !wish.everything ? hits.slice(0, Math.max(wish.most, fewPreferred)) : hits;
  const ordered = shown.length > mostCounted ? shown : await preferKnown(context, shown, query);
  return {
    hits: wish.everything ? ordered : ordered.slice(0, wish.most),
    counts: new Map([['contact', count]]),
  };
}

/** The words of a query that speaks of nothing else, and of which each can be meant in one way; undefined for others. */
function plainTermsOf(query: string): Wanted['terms'] | undefined {
  if (maySpeakOfVisits(query)) return undefined;
  const { terms } = wantedOf(wordsOf(plainText(query)));
  return isPlain(terms) && !hasSpellings(terms) ? terms : undefined;
}

interface Read {
  wanted: Wanted;
  visits?: AskedVisits;
}

async function readQuery(
  context: ReadContext,
  { query = '', service, period }: CustomerQuery,
): Promise<Read> {
  const calendar = calendarOf(context);
  if (service === undefined && period === undefined && !maySpeakOfVisits(query)) {
    return { wanted: wantedOf(wordsOf(plainText(query))) };
  }
  const catalog = await serviceNames(context);
  const said = await understand(query, calendar, catalog);
  const given: VisitsAsked = {
    period: period === undefined ? said.visits?.period : await requirePeriod(period, calendar),
    services: service === undefined ? (said.visits?.services ?? []) : requireService(service, catalog),
    isMissing: said.visits?.isMissing === true,
  };
  if (given.period === undefined && given.services.length === 0) return { wanted: said.wanted };
  return { wanted: said.wanted, visits: visitsIn(context, given, catalog) };
}

async function requirePeriod(text: string, calendar: Calendar): Promise<Period> {
  const said = plainText(text);
  const [, from, to] = /^(\d{4}-\d\d-\d\d)\s*(?:\.\.|to|until|-)\s*(\d{4}-\d\d-\d\d)$/.exec(said) ?? [];
  if (from !== undefined && to !== undefined) {
    return {
      from: readDay(from, 'period').toString(),
      to: readDay(to, 'period').add({ days: 1 }).toString(),
    };
  }
  const dated = (await readPeriod(said, calendar)) ?? (await readPeriod(`in ${said}`, calendar));
  if (dated && dated.rest === '') return dated.period;
  throw invalid('period', 'This is not a period.', {
    got: text,
    hint: 'Say it as "last spring", "in March", "since April", "2025" or "2026-03-01 to 2026-05-31".',
  });
}

function requireService(
  text: string,
  catalog: readonly { id: string; name: string }[],
): readonly (readonly string[])[] {
  const { groups } = readServices(wordsOf(plainText(text)), catalog);
  if (groups.length > 0) return groups;
  throw invalid('service', 'No service is called like that.', {
    got: text,
    valid_options: [...new Set(catalog.map(({ name }) => name))].slice(0, 30),
  });
}

/** Local days as moments, and in words. */
function visitsIn(
  context: ReadContext,
  { period, services, isMissing }: VisitsAsked,
  catalog: readonly { id: string; name: string }[],
): AskedVisits {
  const { from, to } = momentsIn(context, period);
  // "Had since April" ends now; "no visit since April" does not end, for one that is booked is not missing.
  const isOpen = period?.to === null && !isMissing;
  const names = services.map(ids =>
    [...new Set(ids)].map(id => catalog.find(one => one.id === id)?.name ?? '').join(' or '),
  );
  const last = period?.to ? readDay(period.to, 'period').subtract({ days: 1 }).toString() : undefined;
  return {
    from,
    to: isOpen ? context.now.toString() : to,
    services,
    isMissing,
    label: [
      isMissing ? 'no visit' : 'visits',
      period?.from && (last === period.from ? `on ${period.from}` : `from ${period.from}`),
      last !== undefined && last !== period?.from && `until ${last}`,
      names.length > 0 && `with ${names.join(' and ')}`,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** The fact that was asked for; undefined when none was. */
export async function readFact(
  context: ReadContext,
  text: string | undefined,
): Promise<FactFilter | undefined> {
  if (text === undefined) return undefined;
  const [left = '', ...right] = text.split('=');
  const key = left
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const words = right.join('=').trim();
  if (words !== '') return { key: (await findKeyOf(context, key)) ?? key, words };
  const canonical = await findKeyOf(context, key);
  return canonical === undefined ? { key: undefined, words: left.trim() } : { key: canonical, words: '' };
}

/** The words a customer's document has when the fact is known. */
const termsOf = ({ key, words }: FactFilter): Wanted['terms'] =>
  wantedOf(
    [...wordsOf((key ?? '').replaceAll('_', ' ')), ...wordsOf(plainText(words.replaceAll('_', ' ')))],
    false,
  ).terms;
