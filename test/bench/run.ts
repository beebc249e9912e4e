import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { measureAnalytics } from './analytics.ts';
import { measureApproval } from './approval.ts';
import { measureBusinesses } from './businesses.ts';
import { measureCalendar } from './calendar.ts';
import { measureCloseOut } from './close-out.ts';
import { measureCreate } from './create.ts';
import { openCluster } from './databases.ts';
import { measureExport } from './export.ts';
import { measureGrowth } from './growth.ts';
import { measureHttp } from './http.ts';
import { measureImport } from './import.ts';
import { measureKill } from './kill.ts';
import { measureMcp } from './mcp.ts';
import { measureMemory } from './memory.ts';
import { measureMoney } from './money.ts';
import { measureOutside } from './outside.ts';
import type { Bench } from './part.ts';
import { measureSearch } from './search.ts';
import { measureSoak } from './soak.ts';

// npm run bench [-- --only create,http --contacts 2000 --rounds 5 --data FOLDER]
// npm run bench -- --only close-out --lines broken --rounds 200 --phones 5
// npm run bench -- --only outside --postgres /usr/lib/postgresql/15/bin
// npm run bench -- --only soak --minutes 10 --rate 200 --data FOLDER
// Prints one JSON document, and writes it to the file that --json names; what it is doing goes to stderr.

/** In this order: what adds customers comes last. */
const parts = {
  memory: measureMemory,
  'close-out': measureCloseOut,
  calendar: measureCalendar,
  search: measureSearch,
  approval: measureApproval,
  mcp: measureMcp,
  money: measureMoney,
  import: measureImport,
  create: measureCreate,
  http: measureHttp,
  // Fills two businesses of its own with visits.
  export: measureExport,
  outside: measureOutside,
  // Fills the business without customers with a million visits.
  analytics: measureAnalytics,
} as const;
/** Only when they are named, for they take many minutes. */
const long = {
  // Fills the business without customers with a million, and another database with ten thousand businesses.
  growth: measureGrowth,
  businesses: measureBusinesses,
  soak: measureSoak,
  kill: measureKill,
} as const;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join(',') },
    contacts: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '15' },
    data: { type: 'string' },
    postgres: { type: 'string' },
    lines: { type: 'string' },
    phones: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    json: { type: 'string' },
    grown: { type: 'string', default: '1000000' },
    businesses: { type: 'string', default: '10000' },
  },
});
const only = new Set(values.only.split(','));
const large = z.coerce.number().int().min(2000).parse(values.contacts);
const rounds = z.coerce.number().int().min(1).parse(values.rounds);

const started = performance.now();
const say = (text: string) =>
  console.error(`${((performance.now() - started) / 1000).toFixed(1)} s: ${text}`);

const cluster = await openCluster(
  values.data,
  { small: 1000, large, otherOrganizations: 99, contactsOfOthers: 50 },
  say,
  values.postgres,
);
let next = 10_000_000;
const bench: Bench = {
  cluster,
  rounds,
  lines: values.lines,
  phones: z.coerce.number().int().min(1).parse(values.phones),
  minutes: z.coerce.number().positive().parse(values.minutes),
  rate: z.coerce.number().positive().parse(values.rate),
  grown: z.coerce.number().int().min(1000).parse(values.grown),
  businesses: z.coerce.number().int().min(1).parse(values.businesses),
  say,
  take(count) {
    next += count;
    return next - count;
  },
};
try {
  const { rows } = await cluster.query('show server_version');
  const results: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries({ ...parts, ...long })) {
    if (!only.has(name)) continue;
    say(name);
    results[name] = await measure(bench);
  }
  const environment = {
    cpu: cpus()[0]?.model,
    processors: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres: z.array(z.object({ server_version: z.string() })).parse(rows)[0]?.server_version,
    fsync: 'on',
    organizations: 100,
    contacts: large,
    rounds,
  };
  const document = JSON.stringify({ environment, ...results }, undefined, 2);
  console.log(document);
  if (values.json !== undefined) await writeFile(values.json, `${document}\n`);
} finally {
  await cluster.close();
}
