import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

// What the public registry of MCP servers asks of `server.json`.

const read = (file: string): unknown => JSON.parse(readFileSync(path.join(packageRoot, file), 'utf8'));
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isValid = ajv.compile(z.looseObject({}).parse(read('test/fixtures/contracts/mcp-server.json')));

const packageFile = z.object({ name: z.string(), version: z.string(), mcpName: z.string() });
const serverFile = z.looseObject({
  $schema: z.string(),
  name: z.string(),
  version: z.string(),
  packages: z.tuple([
    z.looseObject({
      registryType: z.literal('npm'),
      identifier: z.string(),
      version: z.string(),
      environmentVariables: z.array(z.looseObject({ name: z.string(), isSecret: z.boolean().optional() })),
    }),
  ]),
});

test('what the registry is told follows its schema', () => {
  expect(isValid(read('server.json')), JSON.stringify(isValid.errors)).toBe(true);
  expect(serverFile.parse(read('server.json')).$schema).toMatch(/\/2025-12-11\/server\.schema\.json$/);
});

test('the schema refuses what the registry would: a long description, a name without a namespace, a package without a transport', () => {
  const good = z.looseObject({ packages: z.array(z.looseObject({})) }).parse(read('server.json'));
  for (const bad of [
    { ...good, description: 'x'.repeat(101) },
    { ...good, name: 'deskhand' },
    { ...good, packages: [{ ...good.packages[0], transport: undefined }] },
    { ...good, packages: [{ ...good.packages[0], version: 'latest' }] },
  ])
    expect(isValid(JSON.parse(JSON.stringify(bad)))).toBe(false);
});

test('the package says itself that it is this server, in this version: else the registry takes it for somebody else’s', () => {
  const server = serverFile.parse(read('server.json'));
  const own = packageFile.parse(read('package.json'));
  expect(own.mcpName).toBe(server.name);
  const [npm] = server.packages;
  expect({ name: npm.identifier, versions: [server.version, npm.version] }).toEqual({
    name: own.name,
    versions: [own.version, own.version],
  });
  expect(npm.environmentVariables.find(({ name }) => name === 'DESKHAND_KEY')?.isSecret).toBe(true);
});
