import type { ReadContext } from '../kernel/pipeline/context.ts';
import { documentsOf, type SearchHit, searchDocuments } from '../kernel/search/index-documents.ts';
import { type Wanted, wordsOf } from '../kernel/search/query.ts';
import { invalid } from '../kernel/words/errors.ts';
import { readDay } from '../kernel/words/time.ts';
import { calendarOf, momentsIn } from '../search/moments.ts';
import { type Calendar, type Period, readPeriod } from '../search/period.ts';
import { readServices } from '../search/services.ts';
import { maySpeakOfVisits, understand, type VisitsAsked } from '../search/understand.ts';
import { plainText, wantedOf } from '../search/words.ts';
import { serviceNames } from '../services/names.ts';
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
/** How many a search answers at most when they are still to be narrowed down. */
const candidates = 200;

/**
 * Finds customers by whatever is known of them (SRC-01…06): words in their documents, the visits they had, facts about
 * them. Best first, at most `most`. Throws VALIDATION_ERROR for a period or service that says nothing.
 */
export async function searchCustomers(
  context: ReadContext,
  asked: CustomerQuery,
  most: number,
): Promise<FoundCustomers> {
  const { wanted, visits } = await readQuery(context, asked);
  const fact = await readFact(context, asked.attribute);
  const all: Wanted = { terms: [...wanted.terms, ...(fact ? termsOf(fact) : [])] };
  if (!visits) return { hits: await findByWords(context, { wanted: all, fact, most }) };
  const list = visits.isMissing ? listUnvisited : listVisited;
  if (all.terms.length === 0) {
    return { hits: await documentsOf(context, 'contact', await list(context, visits, most)), visits };
  }
  if (!visits.isMissing) {
    const visited = await listVisited(context, visits, fewEnough + 1);
    if (visited.length <= fewEnough) {
      return { hits: await findByWords(context, { wanted: all, fact, most, within: visited }), visits };
    }
  }
  const found = await findByWords(context, { wanted: all, fact, most: candidates });
  const ids = found.map(hit => hit.record_id);
  const fitting = new Set(await list(context, visits, candidates, ids));
  return { hits: found.filter(hit => fitting.has(hit.record_id)).slice(0, most), visits };
}

async function findByWords(
  context: ReadContext,
  {
    wanted,
    fact,
    most,
    within,
  }: { wanted: Wanted; fact: FactFilter | undefined; most: number; within?: readonly string[] },
): Promise<SearchHit[]> {
  const hits = await searchDocuments(context, {
    kinds: ['contact'],
    query: wanted,
    most: fact ? candidates : most,
    within,
  });
  if (!fact || hits.length === 0) return hits;
  const ids = hits.map(hit => hit.record_id);
  const known = new Set(await listWithFact(context, ids, fact));
  return hits.filter(hit => known.has(hit.record_id)).slice(0, most);
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

async function readFact(context: ReadContext, text: string | undefined): Promise<FactFilter | undefined> {
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
