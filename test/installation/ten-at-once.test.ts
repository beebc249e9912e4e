import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMigrations } from '../../core/kernel/database/migrate.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { useOwnFolder } from './own-folder.ts';

// Nobody waits for another before starting something: an operator opens two terminals, a client starts its server over
// stdio while the computer is still starting the other one. Whoever comes first starts the database, all share it.

const folder = useOwnFolder();
const key = /^dh_[\w-]{43}\n$/;
const link = /^http:\/\/\S+\/sign-in\/[\w-]{43}\n$/;

test('ten commands at once on an empty folder all do their work', async () => {
  const commands: [args: string[], prints: RegExp][] = [
    [['key', 'create', '--agent', 'Office Manager'], key],
    [['migrate'], /^(The schema is up to date\.|Applied \d+:\n[\s\S]*)\n$/],
    [['demo'], /^(Bright Panes Window Cleaning is founded|The demo business is there already)\.\n$/],
    [['signin-link', 'olivia@brightpanes.example'], link],
    [['doctor'], /^Everything looks well\.$/m],
    [['key', 'create', '--agent', 'Scout'], key],
    [['key', 'create', '--agent', 'Scout'], key],
    [['demo'], /^(Bright Panes Window Cleaning is founded|The demo business is there already)\.\n$/],
    [['signin-link', 'theo@brightpanes.example'], link],
    [['migrate'], /^(The schema is up to date\.|Applied \d+:\n[\s\S]*)\n$/],
  ];
  const all = await Promise.all(
    commands.map(async ([args, prints]) => ({ args, prints, ...(await folder().run(args)) })),
  );
  for (const { args, prints, code, stdout, stderr } of all) {
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    expect(stdout).toMatch(prints);
  }
  expect((await folder().databaseLog()).match(/database system is ready/g)).toHaveLength(1);
  const applied = all.flatMap(({ stdout }) => stdout.match(/^\d{14}_\S+\.sql$/gm) ?? []);
  expect(new Set(applied).size).toBe(applied.length);
});

test('the schema was made once, the demo was founded once and whole, an agent exists once', async () => {
  const files = (await readMigrations(join(packageRoot, 'migrations'))).map(({ name }) => name);
  expect(await folder().column('select name from schema_migrations order by name')).toEqual(files);
  expect(await folder().column('select slug from organizations')).toEqual(['bright-panes']);
  expect(await folder().column('select name from agents order by name')).toEqual(['Office Manager', 'Scout']);
  expect(await folder().column('select full_name from contacts order by 1')).toEqual([
    'Jane Smith',
    'Mrs Hart',
  ]);
  expect(await folder().column('select reference from tickets order by 1')).toEqual([
    'T-2001',
    'T-2002',
    'T-2003',
  ]);
});

test('six agents over stdio, a server and two commands at once on a stopped database all get an answer', async () => {
  const agentKey = (await folder().run(['key', 'create', '--agent', 'Office Manager'])).stdout.trim();
  await stopEmbedded(folder().path);
  const before = (await folder().databaseLog()).match(/database system is ready/g)?.length ?? 0;

  const [command, ...first] = folder().program;
  const ask = async () => {
    const client = await connectClient('v2 as it comes', {
      command,
      args: [...first, 'mcp'],
      stderr: 'ignore',
      env: { PATH: process.env.PATH ?? '', ...folder().env, DESKHAND_KEY: agentKey },
    });
    const answer = await client.call('crm_query', { type: 'contacts', search: 'hart' });
    await client.close();
    return answer.structuredContent;
  };
  const [server, madeKey, madeLink, ...answers] = await Promise.all([
    folder().serve(),
    folder().run(['key', 'create', '--agent', 'Scout']),
    folder().run(['signin-link', 'olivia@brightpanes.example']),
    ...Array.from({ length: 6 }, ask),
  ]);
  expect([madeKey.stdout, madeLink.stdout]).toEqual([
    expect.stringMatching(key),
    expect.stringMatching(link),
  ]);
  expect(answers).toHaveLength(6);
  for (const answer of answers) expect(answer).toMatchObject({ rows: [{ full_name: '«Mrs Hart»' }] });
  expect(await server.stop()).toBe(0);
  expect((await folder().databaseLog()).match(/database system is ready/g)).toHaveLength(before + 1);
});
