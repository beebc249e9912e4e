import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../api/config.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { temporaryFolder } from '../support/process.ts';

const service = z.object({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
  volumes: z.array(z.string()),
  ports: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
});
const compose = z.object({
  services: z.object({ server: service, worker: service, database: service }),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const textOf = (name: string) => readFile(path.join(packageRoot, name), 'utf8');
const readCompose = async () => compose.parse(parse(await textOf('compose.yaml'), { merge: true }));

test('compose starts server, worker and database, and each gets the secrets and volumes it names', async () => {
  const { services, volumes, secrets } = await readCompose();
  expect(services.server.command).toEqual(['serve']);
  expect(services.worker.command).toEqual(['worker']);
  expect(services.database.command).toEqual(['postgres', '-c', 'recovery_init_sync_method=syncfs']);
  for (const { secrets: wanted, volumes: mounted } of Object.values(services)) {
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(wanted));
    for (const mount of mounted) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
  }
});

test('nothing of it is reached from outside but through a proxy, and no secret stands in the file', async () => {
  const { services } = await readCompose();
  expect(services.server.ports).toEqual(['127.0.0.1:3000:3000']);
  expect(services.worker.ports).toBeUndefined();
  expect(services.database.ports).toBeUndefined();
  expect(await textOf('compose.yaml')).not.toMatch(/PASSWORD: |postgres:\/\/\w+:/);
});

test('what watches, limits and serves an installation can be set without changing the file, for server and worker alike', async () => {
  const { services } = await readCompose();
  const wanted = [
    'CALLS_PER_MINUTE',
    'REPLICA_URL',
    'METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'LLM_BASE_URL',
  ];
  for (const { environment } of [services.server, services.worker])
    for (const name of [...wanted, 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'])
      expect(environment[name]).toBe(`\${${name}:-}`);
});

test('what compose sets is what the program reads', async () => {
  const folder = await temporaryFolder();
  try {
    const { services } = await readCompose();
    const [secret, password] = [path.join(folder.path, 'secret'), path.join(folder.path, 'password')];
    await writeFile(secret, `${'s'.repeat(40)}\n`);
    await writeFile(password, 'p4ss\n');
    const filled = (env: Record<string, string>) => ({
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.startsWith('${') ? '' : value]),
      ),
      BASE_URL: 'https://crm.example.com',
      DATABASE_PASSWORD_FILE: password,
      DESKHAND_SECRET_FILE: secret,
    });
    expect(readConfig(filled(services.server.environment))).toMatchObject({
      runsWorker: false,
      baseUrl: 'https://crm.example.com',
      secret: 's'.repeat(40),
      database: { host: 'database', user: 'postgres', password: 'p4ss' },
    });
    expect(readConfig(filled(services.worker.environment))).toMatchObject({ workerPort: 3001 });
    expect(() => readConfig({ DESKHAND_SECRET: 'x'.repeat(40), DESKHAND_SECRET_FILE: secret })).toThrow(
      'DESKHAND_SECRET and DESKHAND_SECRET_FILE are both set',
    );
    expect(() => readConfig({ DATABASE_PASSWORD_FILE: `${password}.gone` })).toThrow('cannot be read');
  } finally {
    await folder.remove();
  }
});

test('the image runs as nobody in particular, checks its health, and copies what there is', async () => {
  const steps = (await textOf('Dockerfile')).split('\n');
  const last = steps.lastIndexOf(steps.filter(line => line.startsWith('FROM ')).at(-1) ?? '');
  const stage = steps.slice(last).join('\n');
  expect(stage).toMatch(/^USER node$/m);
  expect(stage).toMatch(/^HEALTHCHECK /m);
  expect(stage.indexOf('USER node')).toBeLessThan(stage.indexOf('ENTRYPOINT'));
  for (const [, name = ''] of stage.matchAll(/\/build\/(\S+) /g)) {
    if (!['node_modules', 'dist'].includes(name))
      expect((await textOf(name).catch(error => error.code)) || '').not.toBe('ENOENT');
  }
  expect((await textOf('.dockerignore')).split('\n')).toEqual(
    expect.arrayContaining(['.git', 'data', 'secrets', '.env']),
  );
});

test('what the README says to type is a command of the image, and needs nothing said twice', async () => {
  const { bin } = z
    .object({ bin: z.object({ deskhand: z.string() }) })
    .parse(JSON.parse(await textOf('package.json')));
  const image = await textOf('Dockerfile');
  expect(image).toContain(`ln -s /app/${bin.deskhand} /usr/local/bin/deskhand`);
  expect(image).toContain('ENV DESKHAND_COMMAND=deskhand');
  const readme = await textOf('README.md');
  const typed = [...readme.matchAll(/^(.*)docker compose (?:exec|run --rm) server (\S+)/gm)];
  expect(typed.length).toBeGreaterThan(3);
  // Of several variables compose wants, each command would have to be told; the file says them once.
  for (const [, before] of typed) expect(before).not.toMatch(/BASE_URL=/);
  const wanted = [...(await textOf('compose.yaml')).matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
  expect(wanted).toEqual(['BASE_URL']);
  for (const name of wanted) expect(readme).toMatch(new RegExp(`^echo ${name}=\\S+ >> \\.env$`, 'm'));
  expect((await textOf('.gitignore')).split('\n')).toContain('.env');
});
