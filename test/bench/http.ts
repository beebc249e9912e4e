import { newContact } from './create.ts';
import type { BenchDatabase } from './databases.ts';
import { HttpConnection, requestText } from './http-client.ts';
import { type Contender, interleave, median, ratio, round, timeEach } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { type Child, startServer } from './servers.ts';

/**
 * (b) A list of 20 customers and one `contact.create` over HTTP against the same statements behind a bare handler, with 1
 * and with 8 clients; and (d) how much longer the product takes with the large business than with the small one.
 */
export async function measureHttp(bench: Bench) {
  const { small, large } = bench.cluster;
  const servers = await startAll(bench, { small, large });
  try {
    return {
      list_1_client: await compare(bench, servers, 1, 150, () => listRequest),
      list_8_clients: await compare(bench, servers, 8, 300, () => listRequest),
      create_1_client: await compare(bench, servers, 1, 80, createRequests(bench, 80)),
      create_8_clients: await compare(bench, servers, 8, 160, createRequests(bench, 160)),
    };
  } finally {
    await Promise.all(Object.values(servers).flatMap(pair => [pair.deskhand.stop(), pair.bare.stop()]));
  }
}

interface Pair {
  deskhand: Child;
  bare: Child;
  key: string;
}
type Servers = Record<'small' | 'large', Pair>;

async function startAll(
  { cluster }: Bench,
  databases: Record<'small' | 'large', BenchDatabase>,
): Promise<Servers> {
  const log = `${cluster.dataDir}/bench-servers.log`;
  const pair = async ({ address, key }: BenchDatabase): Promise<Pair> => ({
    deskhand: await startServer('deskhand', address, log),
    bare: await startServer('bare', address, log),
    key,
  });
  return { small: await pair(databases.small), large: await pair(databases.large) };
}

/** Makes the texts of one round's requests, so that making them is not measured. */
type Requests = (key: string) => string | (() => string);

const listRequest = (key: string) => requestText('GET', '/api/data?type=contacts&limit=20', key);

function createRequests({ take }: Bench, count: number): () => Requests {
  return () => {
    const first = take(count);
    return key => {
      const texts = Array.from({ length: count }, (_, index) => createRequest(key, first + index));
      return () => texts.pop() ?? '';
    };
  };
}

const createRequest = (key: string, number: number) =>
  requestText(
    'POST',
    '/api/actions',
    key,
    JSON.stringify({ domain: 'contact', action: 'create', data: newContact(number) }),
  );

async function compare(
  { rounds, say }: Bench,
  { small, large }: Servers,
  clients: number,
  perRound: number,
  requests: () => Requests,
) {
  const open: HttpConnection[] = [];
  const contender = async ({ port }: Child, key: string): Promise<Contender> => {
    const connections = await Promise.all(Array.from({ length: clients }, () => HttpConnection.open(port)));
    open.push(...connections);
    return () => {
      const text = requests()(key);
      const next = typeof text === 'string' ? () => text : text;
      return timeEach(perRound, clients, async client => connections[client]?.send(next()));
    };
  };
  const times = await interleave(
    {
      small: await contender(small.deskhand, small.key),
      smallBare: await contender(small.bare, small.key),
      large: await contender(large.deskhand, large.key),
      largeBare: await contender(large.bare, large.key),
    },
    rounds,
  );
  for (const connection of open) connection.close();
  say(`with ${clients} clients: ${round(median(times('large')))} ms`);
  return {
    ratio: atMost(ratio(times('large'), times('largeBare')), 2),
    growth: atMost(ratio(times('large'), times('small')), 2),
    deskhand_ms: round(median(times('large'))),
    bare_ms: round(median(times('largeBare'))),
    ratio_small: ratio(times('small'), times('smallBare')),
    deskhand_small_ms: round(median(times('small'))),
  };
}
