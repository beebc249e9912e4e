import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { asOwner, freePort } from './authorization.ts';
import { type Finished, nodeVersion, runPackage } from './npx.ts';
import { type WholeServer, withServer } from './whole-server.ts';

/**
 * `npm run inspect`: the MCP Inspector reads the real tool list in both eras and checks with `--strict` that every client
 * can take its schemas. Starts a server of its own on an empty folder, and connects there by its own OAuth flow as well, for which the
 * owner presses Allow in a browser; or uses the one MCP_URL and MCP_KEY name, with the key. Exits 1 when a check fails.
 */

const inspector = '@modelcontextprotocol/inspector@2.12.0';

const eras = ['legacy', 'modern'] as const;

const { MCP_URL, MCP_KEY } = process.env;
if (MCP_URL !== undefined && MCP_KEY !== undefined) await inspectBoth(MCP_URL, MCP_KEY);
else await withServer(inspectAll);

async function inspectAll(server: WholeServer): Promise<void> {
  await inspectBoth(`${server.url}/mcp`, server.key);
  for (const era of eras) if (!(await inspectByOauth(server, era))) process.exitCode = 1;
}

async function inspectBoth(address: string, credential: string): Promise<void> {
  let ok = true;
  for (const era of eras) ok = (await inspect(address, credential, era)) && ok;
  console.log(`Inspector ${ok ? 'passed' : 'FAILED'} (${inspector}, Node ${nodeVersion()})`);
  process.exitCode = ok ? 0 : 1;
}

async function inspect(address: string, credential: string, era: string): Promise<boolean> {
  const { exit_code, stdout, stderr } = await runPackage(inspector, 'mcp-inspector', [
    '--cli',
    address,
    '--transport',
    'http',
    '--header',
    `Authorization: Bearer ${credential}`,
    '--method',
    'tools/list',
    '--protocol-era',
    era,
    '--stored-auth-only',
    '--strict',
    '--format',
    'json',
  ]);
  return tell(era, { exit_code, stdout, stderr });
}

/** The same without a key: the Inspector finds the authorization server, registers, and waits to be called back. */
async function inspectByOauth(server: WholeServer, era: string): Promise<boolean> {
  const home = await mkdtemp(path.join(tmpdir(), 'deskhand-inspector-'));
  try {
    const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`;
    const finished = await asOwner(server, press =>
      runPackage(
        inspector,
        'mcp-inspector',
        [
          ...['--cli', `${server.url}/mcp`, '--transport', 'http', '--method', 'tools/list'],
          ...['--protocol-era', era, '--callback-url', callback, '--strict', '--format', 'json'],
        ],
        // It waits for somebody where nobody sits, and forgets what it was given.
        {
          onOutput: press,
          env: { HOME: home, MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'memory' },
        },
      ),
    );
    return tell(`${era} by OAuth`, finished);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function tell(how: string, { exit_code, stdout, stderr }: Finished): boolean {
  const names = toolNames(stdout);
  console.log(
    `${how}: ${exit_code === 0 ? 'pass' : `exit ${exit_code}`}, ${names.length} tools: ${names.join(', ')}`,
  );
  if (stderr.trim() !== '') console.error(stderr.trim());
  return exit_code === 0 && names.length > 0;
}

function toolNames(stdout: string): string[] {
  if (stdout.trim() === '') return [];
  const { result } = z
    .object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) })
    .parse(JSON.parse(stdout));
  return result.tools.map(tool => tool.name);
}
