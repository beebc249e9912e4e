import { randomUUID } from 'node:crypto';
import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { migrate, ownMigrations } from '../../core/kernel/database/migrate.ts';
import { fastProgram, startFastServer } from '../support/one-file.ts';
import { temporaryFolder } from '../support/process.ts';
import { databaseUrl, useTwoServers } from '../support/two-servers.ts';

// What people behind a load balancer notice of a process that dies, and of the next version coming in: nothing.

const two = useTwoServers();

interface Written {
  /** Names of contacts whose creation was acknowledged. */
  acknowledged: string[];
  /** Answers other than a success. */
  refusals: string[];
  /** Attempts that found no process, or lost it before the answer. */
  lost: number;
}

/**
 * Writes as callers behind a load balancer do: each call has a key of its own, so one whose process is gone is sent again to the
 * next. `meanwhile` begins when a few calls are through; writing ends some calls after it is over.
 */
async function writeThrough(urls: string[], meanwhile: () => Promise<unknown>): Promise<Written> {
  const written: Written = { acknowledged: [], refusals: [], lost: 0 };
  let isOver = false;
  let after = 0;
  let started: Promise<unknown> | undefined;
  const write = async (worker: number) => {
    for (let n = worker; !(isOver && after > 40); n++) {
      const name = `Rolling ${randomUUID()}`;
      const body = JSON.stringify({
        domain: 'contact',
        action: 'create',
        data: { first_name: name },
        idempotency_key: name,
      });
      const keys = two().keys;
      for (let at = n; ; at++) {
        const url = urls[at % urls.length] ?? '';
        try {
          const response = await fetch(`${url}/api/actions`, {
            method: 'POST',
            headers: { authorization: `Bearer ${keys[n % keys.length]}`, 'content-type': 'application/json' },
            body,
          });
          if (response.ok) written.acknowledged.push(name);
          else written.refusals.push(`${response.status} ${await response.text()}`);
          break;
        } catch {
          // Nobody is there any more: a load balancer takes it out.
          written.lost += 1;
          const place = urls.indexOf(url);
          if (place >= 0 && urls.length > 1) urls.splice(place, 1);
        }
      }
      if (isOver) after += 1;
      if (written.acknowledged.length > 20)
        started ??= meanwhile().finally(() => {
          isOver = true;
        });
    }
  };
  await Promise.all([0, 1, 2, 3].map(write));
  await started;
  return written;
}

const namesThere = async () => {
  const { rows } = await two().office.database.owner.query<{ first_name: string }>(
    "select first_name from contacts where first_name like 'Rolling %' order by first_name",
  );
  return rows.map(({ first_name }) => first_name);
};

test('the next process finds what an earlier one has compiled', async () => {
  const { dir, base } = path.parse((await fastProgram()).at(-1) ?? '');
  // Kept only if the next one takes it: a server that changes options of V8 which it did not begin with keeps nothing.
  const kept = async () =>
    (await readdir(dir)).filter(name => name.startsWith(base) && name.endsWith('.cache'));
  await expect.poll(kept).toHaveLength(1);
});

test('old processes work on while the next version changes the schema under them', async () => {
  const { office, servers } = two();
  const folder = await temporaryFolder();
  try {
    await cp(ownMigrations, folder.path, { recursive: true });
    const next = '99990101000000_contacts__of_the_next_version.sql';
    await writeFile(
      path.join(folder.path, next),
      `alter table contacts add column of_the_next_version text not null default 'unknown';
       create index contacts_of_the_next_version on contacts (organization_id, of_the_next_version);
       create table of_the_next_version (organization_id uuid not null, id uuid not null, primary key (organization_id, id));`,
    );
    const before = await namesThere();
    const { acknowledged, refusals, lost } = await writeThrough(
      servers.map(({ baseUrl }) => baseUrl),
      () => migrate(office.database.admin, folder.path),
    );
    expect({ refusals, lost }).toEqual({ refusals: [], lost: 0 });
    expect(await namesThere()).toEqual([...before, ...acknowledged].sort());
    const { rows } = await office.database.owner.query('select max(name) as last from schema_migrations');
    expect(rows).toEqual([{ last: next }]);
  } finally {
    await folder.remove();
  }
});

test('one process is replaced by another while everybody writes, and nobody is refused', async () => {
  const { office, servers, dataDir } = two();
  const urls = servers.map(({ baseUrl }) => baseUrl);
  const env = {
    DATABASE_URL: databaseUrl(office.database.address),
    DATABASE_OWNER_URL: databaseUrl(office.database.admin),
    DESKHAND_DATA: dataDir,
    DESKHAND_DEMO: '0',
  };
  const before = await namesThere();
  const fresh: Awaited<ReturnType<typeof startFastServer>>[] = [];
  const { acknowledged, refusals } = await writeThrough(urls, async () => {
    const server = await startFastServer(env);
    fresh.push(server);
    urls.push(server.baseUrl);
    await servers[0].stop();
  });
  expect(refusals).toEqual([]);
  expect(await namesThere()).toEqual([...before, ...acknowledged].sort());
  await Promise.all(fresh.map(server => server.stop()));
});

test('kill -9 of a process under load loses nothing that was acknowledged, and every call gets its answer from another', async () => {
  const { office, servers, dataDir } = two();
  const env = {
    DATABASE_URL: databaseUrl(office.database.address),
    DATABASE_OWNER_URL: databaseUrl(office.database.admin),
    DESKHAND_DATA: dataDir,
    DESKHAND_DEMO: '0',
  };
  const victim = await startFastServer(env);
  const before = await namesThere();
  const { acknowledged, refusals, lost } = await writeThrough(
    [victim.baseUrl, servers[1].baseUrl],
    async () => victim.process.kill('SIGKILL'),
  );
  expect(refusals).toEqual([]);
  // No more than was under way, and one try each of those who did not know yet.
  expect(lost).toBeGreaterThan(0);
  expect(lost).toBeLessThanOrEqual(8);
  expect(await namesThere()).toEqual([...before, ...acknowledged].sort());
});
