import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { newContact } from './create.ts';
import { HttpConnection, requestText } from './http-client.ts';
import { callText } from './mcp.ts';
import { quantile, round } from './measure.ts';
import { serveBuilt } from './memory.ts';
import { atMost, type Bench } from './part.ts';
import { queries } from './search.ts';

const connections = 8;
const look_ms = 5_000;
/** So long nobody calls before the load begins: what an idle server takes. */
const idle_ms = 60_000;

interface Look {
  /** Seconds since the load began. */
  at: number;
  rss_mb: number;
}

/**
 * (k) `deskhand serve` as it is built, under the same load for a long time: its memory every five seconds, how large each
 * table is before and after, and how long calls take. Writes `soak.json` and `soak.svg` into the folder of the database.
 */
export async function measureSoak({ cluster, take, say, minutes, rate }: Bench) {
  const { address, owner, key, contacts } = cluster.small;
  const sizesBefore = await tableSizes(owner);
  const { child, port } = await serveBuilt(address, cluster.dataDir, { CALLS_PER_MINUTE: '9999999' });
  const pid = child.pid ?? 0;
  try {
    await delay(idle_ms);
    const idle_mb = await rssOf(pid);
    say(`idle for a minute: ${idle_mb} MB`);
    const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
    const texts = callsOf(key, contacts, take);
    const looks: Look[] = [];
    const times: number[] = [];
    let failed = 0;
    const started = performance.now();
    const end = started + minutes * 60_000;
    let due = 0;
    const work = async (connection: HttpConnection) => {
      for (;;) {
        const at = started + (due++ * 1000) / rate;
        if (at >= end || performance.now() >= end) return;
        await delay(Math.max(0, at - performance.now()));
        const begun = performance.now();
        try {
          await connection.send(texts());
        } catch {
          failed += 1;
        }
        times.push(performance.now() - begun);
      }
    };
    const looking = async () => {
      while (performance.now() < end) {
        looks.push({ at: Math.round((performance.now() - started) / 1000), rss_mb: await rssOf(pid) });
        await delay(look_ms);
      }
    };
    await Promise.all([...open.map(work), looking()]);
    const seconds = (performance.now() - started) / 1000;
    for (const connection of open) connection.close();
    const grown = difference(sizesBefore, await tableSizes(owner));
    const result = {
      idle_rss_mb: atMost(idle_mb, 90),
      calls: times.length,
      failed,
      calls_a_second: round(times.length / seconds, 1),
      p50_ms: round(quantile(times, 0.5), 2),
      p95_ms: round(quantile(times, 0.95), 2),
      rss_first_mb: looks[0]?.rss_mb,
      rss_last_mb: looks.at(-1)?.rss_mb,
      rss_most_mb: Math.max(...looks.map(({ rss_mb }) => rss_mb)),
      // The first half fills caches and lets the heap find its size.
      rss_slope_mb_a_minute: round(slope(looks.slice(Math.floor(looks.length / 2))) * 60, 2),
      tables_grown_kb: grown,
    };
    await writeFile(join(cluster.dataDir, 'soak.json'), JSON.stringify({ ...result, looks }, undefined, 2));
    await writeFile(join(cluster.dataDir, 'soak.svg'), curve(looks));
    return result;
  } finally {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }
}

/** The next call of a business at work: mostly reads, a change in six, a new customer in twelve; a third of it by MCP. */
function callsOf(key: string, contacts: number, take: (count: number) => number): () => string {
  const asked = Array.from({ length: 20 }, (_, turn) => queries(contacts, turn)).flat();
  let turn = 0;
  const post = (action: string, data: Record<string, unknown>) =>
    requestText('POST', '/api/actions', key, JSON.stringify({ action, data }));
  return () => {
    turn += 1;
    const [, query = ''] = asked[turn % asked.length] ?? [];
    const contact_id = `C-${1001 + (turn % 900)}`;
    switch (turn % 12) {
      case 0:
        return post('contact.create', { ...newContact(take(1)) });
      case 3:
        return post('contact.update', { contact_id, nickname: `N${turn % 100}` });
      case 6:
        return callText(key, 'crm_action', {
          domain: 'contact',
          action: 'update',
          data: { contact_id, job_title: `Job ${turn % 100}` },
        });
      case 1:
      case 5:
        return callText(key, 'crm_query', { type: 'contacts', limit: 20 });
      case 9:
        return callText(key, 'crm_query', { type: 'contacts', limit: 10, search: query });
      case 2:
      case 7:
        return requestText('POST', '/api/workflows/find-customer', key, JSON.stringify({ query }));
      default:
        return requestText('GET', '/api/data?type=contacts&limit=20', key);
    }
  };
}

async function rssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return round(Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024, 1);
}

const sized = z.object({ name: z.string(), kb: z.coerce.number() });

async function tableSizes(owner: DatabaseAddress): Promise<Map<string, number>> {
  const client = new pg.Client({ ...owner, ssl: false });
  await client.connect();
  const { rows } = await client.query(
    `select relname as name, pg_total_relation_size(oid) / 1024 as kb
     from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  await client.end();
  return new Map(rows.map(row => sized.parse(row)).map(({ name, kb }) => [name, kb]));
}

/** Those that are not as large as before. */
const difference = (before: Map<string, number>, after: Map<string, number>): Record<string, number> =>
  Object.fromEntries(
    [...after]
      .map(([name, kb]) => [name, kb - (before.get(name) ?? 0)] as const)
      .filter(([, grown]) => grown !== 0)
      .sort((one, other) => other[1] - one[1]),
  );

/** Megabytes a second, by least squares. */
function slope(looks: readonly Look[]): number {
  const mean = (of: (look: Look) => number) => looks.reduce((sum, look) => sum + of(look), 0) / looks.length;
  const [at, rss] = [mean(look => look.at), mean(look => look.rss_mb)];
  const above = looks.reduce((sum, look) => sum + (look.at - at) * (look.rss_mb - rss), 0);
  const below = looks.reduce((sum, look) => sum + (look.at - at) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** Memory over time as a picture. */
function curve(looks: readonly Look[]): string {
  const [width, height, left, bottom] = [800, 300, 60, 40];
  const longest = Math.max(1, ...looks.map(({ at }) => at));
  const most = Math.ceil(Math.max(100, ...looks.map(({ rss_mb }) => rss_mb)) / 50) * 50;
  const x = (at: number) => round(left + (at / longest) * (width - left - 20), 1);
  const y = (mb: number) => round(height - bottom - (mb / most) * (height - bottom - 20), 1);
  const points = looks.map(({ at, rss_mb }) => `${x(at)},${y(rss_mb)}`).join(' ');
  const lines = Array.from({ length: most / 50 + 1 }, (_, step) => step * 50).map(
    mb =>
      `<line x1="${left}" x2="${width - 20}" y1="${y(mb)}" y2="${y(mb)}" stroke="#ddd"/>` +
      `<text x="${left - 8}" y="${y(mb) + 4}" text-anchor="end">${mb} MB</text>`,
  );
  const minutes = Array.from({ length: Math.floor(longest / 60) + 1 }, (_, minute) => minute).map(
    minute =>
      `<text x="${x(minute * 60)}" y="${height - bottom + 18}" text-anchor="middle">${minute} min</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${[...lines, ...minutes].join('\n')}
<polyline points="${points}" fill="none" stroke="#0b6bcb" stroke-width="2"/>
</svg>
`;
}
