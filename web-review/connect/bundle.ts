import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

/** Where the build lays what runs on other machines (`api/build/bridge.ts`). */
const built = path.join(packageRoot, 'dist/mcp/static');

/** The program that carries messages between a client on this computer and a Deskhand somewhere else: one file for Node.js. */
export const readBridge = (): Promise<Buffer> => readFile(path.join(built, 'deskhand-mcp.mjs'));

const readVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8'))).version;

/**
 * What the bundle says of itself: how it is started and what the host asks its person for. The key is kept by the host, out of
 * sight. With `address` the host need not ask where Deskhand is: the answer stands there already.
 */
export function bundleManifest(address?: string) {
  return {
    manifest_version: '0.3',
    name: 'deskhand',
    display_name: 'Deskhand',
    version: readVersion(),
    description: 'Your office: customers, visits, inquiries and bills.',
    long_description:
      'Finds customers, books and moves visits, takes in inquiries and sends bills in your Deskhand. What cannot be taken back waits until you allow it there.',
    author: { name: 'Deskhand' },
    icon: 'icon.png',
    server: {
      type: 'node',
      entry_point: 'server/deskhand-mcp.mjs',
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/server/deskhand-mcp.mjs`],
        env: { DESKHAND_URL: `\${user_config.address}`, DESKHAND_KEY: `\${user_config.key}` },
      },
    },
    tools_generated: true,
    prompts_generated: true,
    keywords: ['crm', 'scheduling', 'invoices'],
    license: 'MIT',
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.3.0' } },
    user_config: {
      address: {
        type: 'string',
        title: 'Address of your Deskhand',
        description: 'As your browser shows it, such as https://crm.example.com',
        required: true,
        ...(address === undefined ? {} : { default: address }),
      },
      key: {
        type: 'string',
        title: 'Key of the assistant',
        description: 'Made in Deskhand under Assistants; it begins with dh_',
        required: true,
        sensitive: true,
      },
    },
  };
}

/** The bundle (`.mcpb`) for desktop hosts: the manifest, the program, the icon. */
export async function makeBundle(address?: string): Promise<Buffer> {
  const zip = new ZipFile();
  // The same bundle every time: what it is signed or compared by must not move with the clock.
  const mtime = new Date('2026-01-01T00:00:00Z');
  zip.addBuffer(Buffer.from(JSON.stringify(bundleManifest(address), null, 2)), 'manifest.json', { mtime });
  zip.addBuffer(await readBridge(), 'server/deskhand-mcp.mjs', { mtime });
  zip.addBuffer(await readFile(path.join(built, 'icon.png')), 'icon.png', { mtime });
  zip.end();
  return buffer(zip.outputStream);
}
