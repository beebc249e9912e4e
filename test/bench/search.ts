import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { wantedIn } from '../../core/kernel/search/query.ts';
import type { BenchDatabase } from './databases.ts';
import { findByTrigrams, findByWords, indexNames, indexWords, openTrigramPool } from './hand-written.ts';
import { interleave, median, quantile, ratio, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { person, randomFor } from './square-file.ts';

type Ask = (query: string) => Promise<unknown>;

const perKind = 10;

/**
 * (c) `find_customer` (through the pipeline: who calls, search, addresses, visits, notes of what was found) against one
 * bare trigram query for the same words, at the 95th percentile over all kinds of queries; (d) its growth; and the same of
 * `search`, over every kind of record and everything that can be done, against one bare full-text query.
 */
export async function measureSearch(bench: Bench) {
  const small = await openSearch(bench.cluster.small);
  const large = await openSearch(bench.cluster.large);
  try {
    const customers = await compare(bench, small, large, ['find', 'trigrams']);
    bench.say(`find_customer: p95 ${customers.large} ms`);
    const everything = await compare(bench, small, large, ['search', 'words']);
    bench.say(`search: p95 ${everything.large} ms`);
    return {
      ratio_p95: atMost(customers.ratio, 3),
      growth_p95: atMost(customers.growth, 2),
      find_customer_p95_ms: customers.large,
      bare_trigram_p95_ms: customers.largeBare,
      find_customer_small_p95_ms: customers.small,
      bare_trigram_small_p95_ms: customers.smallBare,
      median_ms_by_kind: customers.byKind,
      everything: {
        ratio_p95: atMost(everything.ratio, 3),
        growth_p95: atMost(everything.growth, 2),
        search_p95_ms: everything.large,
        bare_tsvector_p95_ms: everything.largeBare,
        search_small_p95_ms: everything.small,
        bare_tsvector_small_p95_ms: everything.smallBare,
        median_ms_by_kind: everything.byKind,
      },
    };
  } finally {
    await Promise.all([small.close(), large.close()]);
  }
}

type Opened = Awaited<ReturnType<typeof openSearch>>;
type Way = 'find' | 'trigrams' | 'search' | 'words';

/** Our way and the bare one, on the small and the large business by turns. */
async function compare({ cluster, rounds }: Bench, small: Opened, large: Opened, ways: readonly [Way, Way]) {
  let turn = 0;
  const [ours, bare] = ways;
  const kinds = new Map<string, Map<Way, number[]>>();
  const p95 = async (database: BenchDatabase, opened: Opened, way: Way) => {
    const times: number[] = [];
    for (const [kind, query] of queries(database.contacts, Math.floor(turn++ / 4))) {
      const started = performance.now();
      await opened[way](query);
      times.push(performance.now() - started);
      if (opened !== large) continue;
      const known = kinds.get(kind) ?? new Map<Way, number[]>();
      kinds.set(kind, known.set(way, [...(known.get(way) ?? []), times.at(-1) ?? 0]));
    }
    return quantile(times, 0.95);
  };
  const times = await interleave(
    {
      small: () => p95(cluster.small, small, ours),
      smallBare: () => p95(cluster.small, small, bare),
      large: () => p95(cluster.large, large, ours),
      largeBare: () => p95(cluster.large, large, bare),
    },
    rounds,
  );
  return {
    ratio: ratio(times('large'), times('largeBare')),
    growth: ratio(times('large'), times('small')),
    small: round(median(times('small'))),
    smallBare: round(median(times('smallBare'))),
    large: round(median(times('large'))),
    largeBare: round(median(times('largeBare'))),
    byKind: Object.fromEntries(
      [...kinds].map(([kind, byWay]) => [
        kind,
        Object.fromEntries([...byWay].map(([way, ms]) => [way, round(median(ms))])),
      ]),
    ),
  };
}

async function openSearch({ address, owner, key, organization }: BenchDatabase) {
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const pool = openTrigramPool(owner);
  await indexNames(pool);
  await indexWords(pool);
  const caller = { via: 'key', key } as const;
  const request = () => ({ request_id: newId() });
  const ways: Record<Way, Ask> = {
    find: query => app.execute(caller, { action: 'find_customer', data: { query } }, request()),
    trigrams: query => findByTrigrams(pool, organization, query),
    search: query => app.read(caller, 'search', { search: query }, request()),
    // Numbers drawn together and the words around them left out, as for ours: only the search itself is compared.
    words: query =>
      findByWords(
        pool,
        organization,
        wantedIn(query)
          .terms.map(([word]) => word)
          .join(' '),
      ),
  };
  return {
    ...ways,
    async close() {
      await pool.end();
      await db.close();
    },
  };
}

/** What people ask, about customers who exist: the same for both sides of a round, others in the next. */
export function queries(contacts: number, turn: number): [kind: string, query: string][] {
  const random = randomFor(turn + 77);
  const someone = () => person(Math.floor(random() * contacts));
  const kinds: Record<string, () => string> = {
    name: () => {
      const { first, last } = someone();
      return `${first} ${last}`;
    },
    name_with_typo: () => {
      const { first, last } = someone();
      return `${first} ${misspell(random, last)}`;
    },
    last_name: () => someone().last,
    phone: () => someone().phone,
    email: () => someone().email,
    street_and_town: () => {
      const { street, city } = someone();
      return `${street.replace(/^\d+ /, '')} ${city}`;
    },
    address_with_typo: () => misspell(random, someone().street),
    note_word: () => someone().memo.split(' ')[1] ?? '',
    name_and_town: () => {
      const { last, city } = someone();
      return `Mrs ${last} in ${city}`;
    },
  };
  return Object.entries(kinds).flatMap(([kind, make]) =>
    Array.from({ length: perKind }, (): [string, string] => [kind, make()]),
  );
}

/** One slip of the finger: two letters changed over, one left out, or one doubled. */
function misspell(random: () => number, word: string): string {
  const at = 1 + Math.floor(random() * Math.max(1, word.length - 3));
  const [before, a = '', b = '', after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
  const slip = Math.floor(random() * 3);
  if (slip === 0) return before + b + a + after;
  return slip === 1 ? before + b + after : before + a + a + b + after;
}
