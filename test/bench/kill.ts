import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { embeddedStatus, startEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { round } from './measure.ts';
import { serveBuilt } from './memory.ts';
import { atMost, type Bench } from './part.ts';

const clients = 8;
const before_ms = 3_000;
const after_ms = 6_000;
/** How soon a client tries again; a load balancer asks for health about as often. */
const again_ms = 20;

/**
 * (n) Two servers as they are built, each with its worker, and callers who try again elsewhere with the same key. Killed with -9
 * under load: one process of the database (so that it ends all of them and recovers), its first process (started again by whoever looks
 * after it, here the benchmark), and one server, its worker with it. For how long tries failed and how long a call took, and whether what
 * was acknowledged is there, and once.
 */
export async function measureKill({ cluster, say }: Bench) {
  const { address, key, owner } = cluster.small;
  const serve = () => serveBuilt(address, cluster.dataDir, { CALLS_PER_MINUTE: '9999999' });
  const servers = [await serve(), await serve()];
  const [victim] = servers;
  const write = (what: string, kill: () => Promise<void>) => {
    say(`${what} is killed in three seconds`);
    const ports = servers.map(({ port }) => port);
    return writeWhile(ports, key, owner, kill);
  };
  try {
    return {
      process_of_database: await write('one process of the database', async () => {
        const { rows } = await cluster.query(
          "select pid from pg_stat_activity where usename = 'deskhand_app' and state <> 'idle' limit 1",
        );
        process.kill(processRow.parse(rows[0]).pid, 'SIGKILL');
      }),
      database: await write('the first process of the database', async () => {
        const { pid } = await embeddedStatus(cluster.dataDir);
        if (pid === undefined) throw new Error('the database was not running');
        process.kill(pid, 'SIGKILL');
        await startEmbedded({ dataDir: cluster.dataDir });
      }),
      server: await write('a server', async () => {
        victim?.child.kill('SIGKILL');
      }),
    };
  } finally {
    for (const { child } of servers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
  }
}

const processRow = z.object({ pid: z.number() });

/** Writes for some seconds, with a kill after three. */
async function writeWhile(
  ports: readonly number[],
  key: string,
  owner: Bench['cluster']['small']['owner'],
  kill: () => Promise<void>,
) {
  const acknowledged: string[] = [];
  let failed = 0;
  let without = 0;
  let longest = 0;
  let refused = 0;
  const end = performance.now() + before_ms + after_ms;
  const write = async (client: number) => {
    for (let n = client; performance.now() < end; n++) {
      const name = `Killed ${randomUUID()}`;
      const body = JSON.stringify({
        action: 'contact.create',
        data: { first_name: name },
        idempotency_key: name,
      });
      const begun = performance.now();
      let failedAt: number | undefined;
      for (let at = n; ; at++) {
        const status = await post(ports[at % ports.length] ?? 0, key, body);
        if (status === 200) {
          acknowledged.push(name);
          break;
        }
        // Refused for good is what no try mends.
        if (status !== undefined && status < 500) {
          refused += 1;
          break;
        }
        failed += 1;
        failedAt ??= performance.now();
        await delay(again_ms);
      }
      if (failedAt !== undefined) without = Math.max(without, performance.now() - failedAt);
      longest = Math.max(longest, performance.now() - begun);
    }
  };
  await Promise.all([
    ...Array.from({ length: clients }, (_, client) => write(client)),
    delay(before_ms).then(kill),
  ]);
  const { there, twice } = await countOf(owner, acknowledged);
  return {
    calls: acknowledged.length,
    refused,
    // Many, for nobody tells these callers to leave out the server that is gone: a load balancer would.
    failed_tries: failed,
    // The longest a caller went from the first failed try to the answer.
    seconds_of_errors: atMost(round(without / 1000, 2), 1),
    longest_call_seconds: round(longest / 1000, 2),
    acknowledged_and_lost: atMost(acknowledged.length - there, 0),
    done_twice: atMost(twice, 0),
  };
}

/** The status, or nothing when nobody answered. */
const post = (port: number, key: string, body: string): Promise<number | undefined> =>
  fetch(`http://127.0.0.1:${port}/api/actions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  }).then(
    async response => {
      await response.arrayBuffer();
      return response.status;
    },
    () => undefined,
  );

async function countOf(owner: pg.ClientConfig, names: readonly string[]) {
  const client = new pg.Client({ ...owner, ssl: false });
  await client.connect();
  const { rows } = await client.query(
    `select count(*) as there, count(*) filter (where rows > 1) as twice
     from (select count(*) as rows from contacts where first_name = any ($1) group by first_name) as of_each`,
    [names],
  );
  await client.end();
  return z.object({ there: z.coerce.number(), twice: z.coerce.number() }).parse(rows[0]);
}
