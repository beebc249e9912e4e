import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDeskhand } from '../../api/compose.ts';
import { readForJobs } from '../../core/app.ts';
import { listFiles } from '../../core/exports/lists-zip.ts';
import { writeArchive } from '../../core/exports/write-archive.ts';
import { writeZip } from '../../core/exports/zip.ts';
import { type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { fills } from './analytics.ts';
import { openPool } from './hand-written.ts';
import { round } from './measure.ts';
import { atLeast, atMost, type Bench } from './part.ts';
import { environmentOf } from './servers.ts';

const [few, many] = [15_000, 150_000];

/**
 * With room, the engine leaves garbage lying until it has to sweep, and the longer a command runs the more lies there. What an export
 * really holds shows when it has little room: this is what must not grow with the rows.
 */
const smallHeap = '--max-old-space-size=64';

/** Rows a second of everything a business has, and of a list as CSV; and what memory ten times the rows take. */
export async function measureExport({ cluster, say }: Bench) {
  const { address, owner } = cluster.empty;
  const db = openDatabase({ address, connections: 2 });
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-bench-export-'));
  try {
    const sizes = [];
    for (const visits of [few, many]) {
      const business = { slug: `bench-${visits}`, name: `Bench ${visits}`, time_zone: 'America/Chicago' };
      const { organization_id } = await foundBusiness(db, {
        ...business,
        owner: { name: 'Olivia', email: `olivia-${visits}@bench.example` },
      });
      await fill(owner, organization_id, visits, say);
      const file = join(folder, `${visits}.zip`);
      const started = performance.now();
      const { manifest } = await writeArchive(db, createWriteStream(file), {
        organization_id,
        deskhand_version: '0.0.0',
      });
      const seconds = (performance.now() - started) / 1000;
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const command = ['dist', 'export', join(folder, 'child.zip'), '--business', business.slug];
      const peak_mb = await peakOf(cluster.dataDir, address, command);
      const pressed_mb = await peakOf(cluster.dataDir, address, [smallHeap, ...command]);
      say(
        `${rows} rows in ${round(seconds, 1)} s, at most ${peak_mb} MB, ${pressed_mb} MB with a small heap`,
      );
      sizes.push({ rows, seconds, peak_mb, pressed_mb, organization_id });
    }
    const [small, large] = sizes;
    if (!small || !large) throw new Error('nothing was measured');
    const list = await listOf(db, large.organization_id, join(folder, 'list.zip'));
    return {
      rows_per_second: atLeast(Math.round(large.rows / large.seconds), 20_000),
      rows: [small.rows, large.rows],
      peak_mb: [small.peak_mb, large.peak_mb],
      times_the_memory: round(large.peak_mb / small.peak_mb, 2),
      pressed_mb: [small.pressed_mb, large.pressed_mb],
      times_the_memory_pressed: atMost(round(large.pressed_mb / small.pressed_mb, 2), 1.1),
      lists_rows_per_second: Math.round(list.rows / list.seconds),
    };
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(
  owner: DatabaseAddress,
  organization: string,
  visits: number,
  say: (text: string) => void,
): Promise<void> {
  const pool = openPool(owner, 1);
  await pool.query('set session_replication_role = replica');
  for (const [name, statement, values] of fills(organization, visits, visits / 10)) {
    say(name);
    await pool.query(statement, [...values]);
  }
  await pool.query('set session_replication_role = origin');
  await pool.query('vacuum (analyze)');
  await pool.end();
}

/** The customers and the bills of a business as the job writes them. */
async function listOf(db: ReturnType<typeof openDatabase>, organization_id: string, file: string) {
  const readOf = readForJobs(createDeskhand(db));
  let rows = 0;
  const started = performance.now();
  const { moment, files } = listFiles(['contacts', 'invoices'], 'csv', {
    read: (type, query) => readOf(organization_id, type, query),
    counted: count => {
      rows += count;
    },
    moment: new Date(),
  });
  await writeZip(createWriteStream(file), moment, files);
  return { rows, seconds: (performance.now() - started) / 1000 };
}

/** Runs a command as it is built; answers how much memory it had at the most, in MB. */
async function peakOf(dataDir: string, address: DatabaseAddress, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], {
    cwd: packageRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environmentOf(dataDir, address),
  });
  const ended = once(child, 'exit');
  const watching = watch(child);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}; was it built?`);
  return watching;
}

/** The highest that was seen; the system keeps it while the process lives. */
async function watch(child: ChildProcess): Promise<number> {
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
    peak = Math.max(peak, Math.round(Number(kilobytes ?? 0) / 1024));
    await delay(20);
  }
  return peak;
}
