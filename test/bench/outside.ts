import { newContact } from './create.ts';
import { HttpConnection, requestText } from './http-client.ts';
import { callText } from './mcp.ts';
import { interleave, median, quantile, round, timeEach } from './measure.ts';
import { makeTables, openOutside, tidyUp } from './outside-tables.ts';
import { atLeast, atMost, type Bench, type Figure } from './part.ts';
import { queries } from './search.ts';
import { startServer } from './servers.ts';

/** Does one operation, by the client with this number. */
type Way = (client: number) => Promise<unknown>;
type Who = 'bare' | 'node_http' | 'http' | 'mcp';

const most = 8;

/**
 * A server runs for weeks: what its first calls cost, while the engine still compiles what they need, is nobody's question here.
 * A create costs a third less from its five thousandth call on than at its four hundredth; so each way is gone for so many seconds.
 */
const warmUpSeconds = 8;
const callsOfEach = 50;

/**
 * (j) The product against a bare `pg` loop on tables of its own (1.00), and the same loop behind `node:http`: a customer
 * created, a list of 20, names that contain a text, and a misspelt name; 1 and 8 clients. A share of 0.5 takes twice as long.
 */
export async function measureOutside({ cluster, rounds, take, say }: Bench) {
  const { address, owner, organization, key, contacts } = cluster.large;
  await makeTables(owner);
  const log = `${cluster.dataDir}/bench-servers.log`;
  const ours = await startServer('deskhand', address, log);
  const plain = await startServer('outside', address, log, [organization]);
  const bare = openOutside(address, organization, most);
  const open = (port: number) => Promise.all(Array.from({ length: most }, () => HttpConnection.open(port)));
  const [toOurs, toPlain] = [await open(ours.port), await open(plain.port)];
  const ask =
    (to: HttpConnection[], text: () => string): Way =>
    async client => {
      const answer = await to[client]?.send(text());
      if (answer === undefined || answer.includes('"isError":true'))
        throw new Error(`not answered: ${answer}`);
    };
  const create = (path: string) => () =>
    requestText(
      'POST',
      path,
      key,
      JSON.stringify({ domain: 'contact', action: 'create', data: newContact(take(1)) }),
    );
  const listed = '/api/data?type=contacts&limit=20';
  const words = wordsOf(contacts);
  const searched = (text: string) => `/api/data?type=contacts&limit=10&search=${encodeURIComponent(text)}`;

  const tasks: Record<string, { ways: Record<Who, Way>; goals: readonly [one: number, eight: number] }> = {
    create: {
      ways: {
        bare: () => bare.create(newContact(take(1))),
        node_http: ask(toPlain, create('/')),
        http: ask(toOurs, create('/api/actions')),
        mcp: ask(toOurs, () =>
          callText(key, 'crm_action', { domain: 'contact', action: 'create', data: newContact(take(1)) }),
        ),
      },
      goals: [0.35, 0.3],
    },
    list_of_20: {
      ways: {
        bare: () => bare.list(),
        node_http: ask(toPlain, () => requestText('GET', '/', key)),
        http: ask(toOurs, () => requestText('GET', listed, key)),
        mcp: ask(toOurs, () => callText(key, 'crm_query', { type: 'contacts', limit: 20 })),
      },
      goals: [0.3, 0.25],
    },
    part_of_a_name: {
      ways: {
        bare: () => bare.find(words.part()),
        node_http: ask(toPlain, () => requestText('GET', `/?text=${encodeURIComponent(words.part())}`, key)),
        http: ask(toOurs, () => requestText('GET', searched(words.part()), key)),
        mcp: ask(toOurs, () =>
          callText(key, 'crm_query', { type: 'contacts', limit: 10, search: words.part() }),
        ),
      },
      goals: [0.6, 0.6],
    },
    misspelt_name: {
      ways: {
        bare: () => bare.findAlike(words.misspelt()),
        node_http: ask(toPlain, () =>
          requestText('GET', `/?like=${encodeURIComponent(words.misspelt())}`, key),
        ),
        http: ask(toOurs, () => requestText('GET', searched(words.misspelt()), key)),
        mcp: ask(toOurs, () =>
          callText(key, 'crm_query', { type: 'contacts', limit: 10, search: words.misspelt() }),
        ),
      },
      goals: [1, 1],
    },
  };

  try {
    const results: Record<string, unknown> = {};
    for (const [name, { ways, goals }] of Object.entries(tasks)) {
      for (const way of Object.values(ways)) await warmUp(way);
      for (const [index, clients] of [1, most].entries()) {
        const times = await timeAll(ways, clients, rounds);
        results[`${name}_${clients}_clients`] = told(times, goals[index] ?? 0);
        say(`${name} with ${clients}: ${JSON.stringify(results[`${name}_${clients}_clients`])}`);
      }
      await tidyUp(owner);
    }
    return { ...results, find_customer_p95_ms: await timeFind(toOurs[0], key, contacts, rounds) };
  } finally {
    for (const connection of [...toOurs, ...toPlain]) connection.close();
    await Promise.all([ours.stop(), plain.stop(), bare.close()]);
  }
}

async function warmUp(way: Way): Promise<void> {
  const until = performance.now() + warmUpSeconds * 1000;
  while (performance.now() < until) await timeEach(100, most, way);
}

/** Who took how long for each operation, in milliseconds, and for a round of them. */
interface Times {
  single: Record<Who, number[]>;
  rounds(who: Who): number[];
}

async function timeAll(ways: Record<Who, Way>, clients: number, rounds: number): Promise<Times> {
  const single: Record<Who, number[]> = { bare: [], node_http: [], http: [], mcp: [] };
  const contender = (who: Who) => () =>
    timeEach(clients * callsOfEach, clients, async client => {
      const started = performance.now();
      await ways[who](client);
      single[who].push(performance.now() - started);
    });
  const measured = await interleave(
    {
      bare: contender('bare'),
      node_http: contender('node_http'),
      http: contender('http'),
      mcp: contender('mcp'),
    },
    rounds,
  );
  return { single, rounds: measured };
}

/** Shares of the bare loop, with the milliseconds behind them. */
function told({ single, rounds }: Times, goal: number): Record<string, number | Figure | object> {
  const share = (who: Who, of: Who) =>
    round(median(rounds(of).map((ms, index) => ms / (rounds(who)[index] ?? Number.NaN))), 2);
  const ms = (who: Who) => ({
    p50: round(quantile(single[who], 0.5), 2),
    p95: round(quantile(single[who], 0.95), 2),
  });
  return {
    node_http: share('node_http', 'bare'),
    http: atLeast(share('http', 'bare'), goal),
    mcp: share('mcp', 'bare'),
    mcp_of_http: atLeast(share('mcp', 'http'), 0.8),
    ms: { bare: ms('bare'), node_http: ms('node_http'), http: ms('http'), mcp: ms('mcp') },
  };
}

/** Texts that people type, the next one each time, and the same mix for everybody. */
function wordsOf(contacts: number) {
  const asked = Array.from({ length: 40 }, (_, turn) => queries(contacts, turn)).flat();
  const texts = (kind: string) => asked.filter(([name]) => name === kind).map(([, text]) => text);
  const next = (all: readonly string[]) => {
    let turn = 0;
    return () => all[turn++ % all.length] ?? '';
  };
  return {
    part: next(texts('last_name').map(name => name.slice(1, 5))),
    misspelt: next(texts('name_with_typo')),
  };
}

/** `find_customer` over HTTP with everything people ask, at the 95th percentile. */
async function timeFind(
  connection: HttpConnection | undefined,
  key: string,
  contacts: number,
  rounds: number,
): Promise<Figure> {
  const times: number[] = [];
  for (let turn = 0; turn <= rounds; turn += 1) {
    for (const [, query] of queries(contacts, 5_000 + turn)) {
      const text = requestText('POST', '/api/workflows/find-customer', key, JSON.stringify({ query }));
      const started = performance.now();
      await connection?.send(text);
      if (turn > 0) times.push(performance.now() - started);
    }
  }
  return atMost(round(quantile(times, 0.95), 1), 12);
}
