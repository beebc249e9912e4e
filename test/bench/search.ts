import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/db.ts';
import { newId } from '../../core/kernel/ids.ts';
import type { BenchDatabase } from './databases.ts';
import { findByTrigrams, indexNames, openTrigramPool } from './hand-written.ts';
import { interleave, median, quantile, ratio, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { person, randomFor } from './square-file.ts';

type Ask = (query: string) => Promise<unknown>;

const perKind = 10;

/**
 * (c) `find_customer` (through the pipeline: who calls, search, addresses, visits, notes of what was found) against one
 * bare trigram query for the same words, at the 95th percentile over all kinds of queries; and (d) its growth.
 */
export async function measureSearch({ cluster, rounds, say }: Bench) {
  const small = await openSearch(cluster.small);
  const large = await openSearch(cluster.large);
  let turn = 0;
  const kinds = new Map<string, { found: number[]; bare: number[] }>();
  const p95 = async (database: BenchDatabase, ask: Ask, into?: 'found' | 'bare') => {
    const times: number[] = [];
    for (const [kind, query] of queries(database.contacts, Math.floor(turn++ / 4))) {
      const started = performance.now();
      await ask(query);
      times.push(performance.now() - started);
      if (!into) continue;
      const known = kinds.get(kind) ?? { found: [], bare: [] };
      known[into].push(times.at(-1) ?? 0);
      kinds.set(kind, known);
    }
    return quantile(times, 0.95);
  };
  try {
    const times = await interleave(
      {
        small: () => p95(cluster.small, small.find),
        smallBare: () => p95(cluster.small, small.bare),
        large: () => p95(cluster.large, large.find, 'found'),
        largeBare: () => p95(cluster.large, large.bare, 'bare'),
      },
      rounds,
    );
    say(`find_customer: p95 ${round(median(times('large')))} ms`);
    return {
      ratio_p95: atMost(ratio(times('large'), times('largeBare')), 3),
      growth_p95: atMost(ratio(times('large'), times('small')), 2),
      find_customer_p95_ms: round(median(times('large'))),
      bare_trigram_p95_ms: round(median(times('largeBare'))),
      find_customer_small_p95_ms: round(median(times('small'))),
      bare_trigram_small_p95_ms: round(median(times('smallBare'))),
      median_ms_by_kind: Object.fromEntries(
        [...kinds].map(([kind, { found, bare }]) => [
          kind,
          { find_customer: round(median(found)), bare_trigram: round(median(bare)) },
        ]),
      ),
    };
  } finally {
    await Promise.all([small.close(), large.close()]);
  }
}

async function openSearch({ address, owner, key, organization }: BenchDatabase) {
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const pool = openTrigramPool(owner);
  await indexNames(pool);
  const find: Ask = query =>
    app.execute({ via: 'key', key }, { action: 'find_customer', data: { query } }, { request_id: newId() });
  const bare: Ask = query => findByTrigrams(pool, organization, query);
  return {
    find,
    bare,
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
