import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { filesIn, manifestIn } from '../exports/archives.ts';
import { eventually, type OwnFolder, useOwnFolder } from './own-folder.ts';

// `deskhand export` and `deskhand restore`, as people type them.

const here = useOwnFolder();
const there = useOwnFolder({ DESKHAND_DEMO: '0' });
/** What a command is started with, and nothing of whoever runs the tests. */
const onlyOf = ({ env }: OwnFolder) => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), DESKHAND_DEMO: 'small', ...env };
};
const archive = () => join(here().path, 'bright.zip');

beforeAll(async () => {
  expect((await here().run(['demo'])).code).toBe(0);
});

test('everything leaves as one file only this account reads, and the history says so', async () => {
  const { code, stdout, stderr } = await here().run(['export', archive()]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /everything of Bright Panes Window Cleaning, \d+ records in \d+ tables\.\n.*deskhand restore bright\.zip\n$/,
  );
  expect((await stat(archive())).mode & 0o777).toBe(0o600);
  expect((await readdir(here().path)).filter(name => name.endsWith('.part'))).toEqual([]);
  const manifest = manifestIn(await filesIn(archive()));
  expect(manifest).toMatchObject({ format_version: 1, business: { slug: 'bright-panes' } });
  expect(await here().column(`select action from audit_log where action = 'exported'`)).toEqual(['exported']);
});

test('a business that is not there, and a file that cannot be, are named', async () => {
  expect(await here().run(['export', '--business', 'nowhere'])).toMatchObject({
    code: 1,
    stderr: 'There is no business "nowhere". There are: bright-panes.\n',
  });
  expect(await here().run(['export', '/nowhere/at/all.zip'])).toMatchObject({
    code: 1,
    stderr: '/nowhere/at/all.zip: there is no such file or folder.\n',
  });
  expect(await there().run(['restore', 'nothing.zip'])).toMatchObject({
    code: 1,
    stderr: 'nothing.zip: there is no such file or folder.\n',
  });
  await writeFile(join(here().path, 'letter.zip'), 'Dear Sir');
  expect(await there().run(['restore', join(here().path, 'letter.zip')])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^This file is no archive of a business, .* Nothing was restored\./),
  });
});

test('a restore that is killed leaves nothing, and is done again; then the business is there, once', async () => {
  expect((await there().run(['migrate'])).code).toBe(0);
  const [file, ...before] = there().program;
  const client = new pg.Client({ host: join(there().path, 'run'), user: 'postgres', database: 'deskhand' });
  await client.connect();
  // It comes as far as the visits, which somebody holds, and is killed there.
  await client.query('begin; lock table tickets in share mode');
  const child = spawn(file, [...before, 'restore', archive()], {
    env: onlyOf(there()),
    stdio: 'ignore',
  });
  const ended = new Promise(resolve => child.once('close', resolve));
  await eventually(async () => {
    const waiting = await there().column('select count(*)::int from pg_locks where not granted');
    return Number(waiting[0]) > 0;
  });
  child.kill('SIGKILL');
  await ended;
  await client.query('rollback');
  await client.end();
  const rows = () =>
    there().column(`select count(*)::int from contacts union all select count(*)::int from organizations
      union all select count(*)::int from users`);
  expect(await rows()).toEqual([0, 0, 0]);
  const restored = await there().run(['restore', archive()]);
  expect(restored).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/is back as it was on .*every one compared/),
  });
  expect(await rows()).toEqual([2, 1, 4]);
  expect(await there().run(['restore', archive()])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Bright Panes Window Cleaning is here already; it was not touched.'),
  });
  const link = await there().run(['signin-link', 'olivia@brightpanes.example']);
  expect(link).toMatchObject({ code: 0 });
});

/** Holds the visits, so that whoever reads or writes them comes as far as that, and gives them free afterwards. */
async function holdingVisits(folder: OwnFolder, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ host: join(folder.path, 'run'), user: 'postgres', database: 'deskhand' });
  await client.connect();
  try {
    await client.query('begin; lock table tickets in access exclusive mode');
    await work();
    await client.query('rollback');
  } finally {
    await client.end();
  }
}

/** Starts a command, waits until it stands before what is held, and kills it there. */
async function killedOnTheWay(folder: OwnFolder, args: readonly string[]): Promise<void> {
  const [file, ...before] = folder.program;
  const child = spawn(file, [...before, ...args], {
    env: onlyOf(folder),
    stdio: 'ignore',
  });
  const ended = new Promise(resolve => child.once('close', resolve));
  await eventually(async () => {
    const [waiting] = await folder.column(
      `select count(*)::int from pg_locks where not granted and relation = 'tickets'::regclass`,
    );
    return Number(waiting) > 0;
  });
  child.kill('SIGKILL');
  await ended;
}

test('an export that is killed leaves no file under its name, and is done again', async () => {
  const target = join(here().path, 'killed.zip');
  await holdingVisits(here(), () => killedOnTheWay(here(), ['export', target]));
  expect((await readdir(here().path)).filter(name => name === 'killed.zip')).toEqual([]);
  expect(await here().run(['export', target])).toMatchObject({ code: 0 });
  expect(manifestIn(await filesIn(target))).toMatchObject({ business: { slug: 'bright-panes' } });
  expect((await readdir(here().path)).filter(name => name.endsWith('.part'))).toEqual([]);
});

test('a worker that is killed while it writes a file leaves nothing of it, and the next one writes it', async () => {
  const [organization] = await here().column('select id from organizations');
  const [id] = await here().column('select uuid7()');
  // As somebody of the business would: the history says who wrote.
  const acting = `set_ctx('${organization}', null, '{"kind": "system", "name": "test"}')`;
  const asked = `insert into exports (organization_id, id, reference, title, asked_by)
    select '${organization}', '${id}', 'EX-77', 'Everything', 'Olivia' from ${acting} returning id`;
  expect(await here().column(asked)).toEqual([id]);
  await here().column(
    `insert into jobs (organization_id, id, kind, payload, dedupe_key)
     values ('${organization}', uuid7(), 'export', '{"export_id": "${id}"}', '${id}') returning id`,
  );
  const parts = () => here().column(`select count(*)::int from export_parts where export_id = '${id}'`);
  await holdingVisits(here(), () => killedOnTheWay(here(), ['worker']));
  expect(await parts()).toEqual([0]);
  // A worker that died keeps its job for a minute; nobody waits for that here.
  await here().column(`update jobs set locked_until = now() where dedupe_key = '${id}' returning id`);
  const [file, ...before] = here().program;
  const next = spawn(file, [...before, 'worker'], { env: onlyOf(here()), stdio: 'ignore' });
  const ended = new Promise(resolve => next.once('close', resolve));
  try {
    await eventually(async () => {
      const [status] = await here().column(`select status from exports where id = '${id}'`);
      return status === 'ready';
    });
  } finally {
    next.kill('SIGTERM');
    await ended;
  }
  expect(await parts()).toEqual([1]);
});
