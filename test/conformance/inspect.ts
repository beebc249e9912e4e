import { z } from 'zod';
import { nodeVersion, runPackage } from './npx.ts';
import { withServer } from './whole-server.ts';

/**
 * `npm run inspect`: the MCP Inspector reads the real tool list in both eras and checks with `--strict` that every client
 * can take its schemas. Starts a server of its own on an empty folder, or uses the one MCP_URL and MCP_KEY name. Exits 1
 * when a check fails.
 */

const inspector = '@modelcontextprotocol/inspector@2.12.0';

const { MCP_URL, MCP_KEY } = process.env;
if (MCP_URL !== undefined && MCP_KEY !== undefined) await inspectBoth(MCP_URL, MCP_KEY);
else await withServer(({ url, key }) => inspectBoth(`${url}/mcp`, key));

async function inspectBoth(address: string, credential: string): Promise<void> {
  let ok = true;
  for (const era of ['legacy', 'modern']) ok = (await inspect(address, credential, era)) && ok;
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
  const names = toolNames(stdout);
  console.log(
    `${era}: ${exit_code === 0 ? 'pass' : `exit ${exit_code}`}, ${names.length} tools: ${names.join(', ')}`,
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
