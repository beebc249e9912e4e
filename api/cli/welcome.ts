import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { demoAgent, demoOwner, demoSlug, demoTechnician } from '../../core/demo/demo.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { createSignInToken } from '../../core/sign-in/sign-in.ts';
import type { Installation } from '../compose.ts';
import type { Config } from '../config.ts';
import { commandLine, newRequest } from './installation.ts';
import { makeKey } from './key.ts';

/**
 * What the first person to start the server wants to know: how to sign in, where the pages are, how an agent connects. Only
 * somebody who sees a terminal is shown a link and a key: what a service manager or a container prints is kept in logs,
 * which others read. They are told the commands instead.
 */
export async function welcome(
  installation: Installation,
  config: Config,
  { isNew, isSeen }: { isNew: boolean; isSeen: boolean },
): Promise<string> {
  const businesses = await listBusinesses(installation.db);
  const demo = config.demo ? businesses.find(business => business.slug === demoSlug) : undefined;
  const { baseUrl } = config;
  const lines = [
    `Deskhand is ready at ${baseUrl}`,
    '',
    ...(demo
      ? [
          ...(await demoLines(installation, config, demo.id, { isNew, isSeen })),
          ...historyLines(config, isNew),
        ]
      : ownLines(config, businesses.length)),
    `Pages     ${baseUrl}/   ${baseUrl}/contacts   ${baseUrl}/leads   ${baseUrl}/review   ${baseUrl}/capabilities`,
    `API       ${baseUrl}/openapi.json`,
    `Connect   ${baseUrl}/connect   what to paste into Claude, ChatGPT, VS Code and others`,
    `MCP       ${baseUrl}/mcp`,
    '',
  ];
  return lines.join('\n');
}

const keyFile = 'demo-agent.key';

export const stopNote = (config: Config): string =>
  config.database
    ? 'Stopped.'
    : 'Stopped. The database stays up for other commands; "deskhand db stop" ends it.';

async function demoLines(
  installation: Installation,
  config: Config,
  id: string,
  { isNew, isSeen }: { isNew: boolean; isSeen: boolean },
): Promise<string[]> {
  if (!isSeen) {
    await keyOfDemo(installation, config, id, isNew && config.database === undefined);
    return unseenLines(config);
  }
  const token = await createSignInToken(installation.db, demoOwner);
  const key = await keyOfDemo(installation, config, id, isNew);
  return [
    `Sign in as Olivia, the owner of Bright Panes (works once, for 10 minutes):`,
    `  ${config.baseUrl}/sign-in/${token}`,
    `  a new one:  ${config.command} signin-link ${demoOwner}`,
    `As Theo, a technician with a visit to close out:  ${config.command} signin-link ${demoTechnician}`,
    '',
    ...(key === undefined
      ? [`A key for your agent:  ${config.command} key create --agent "${demoAgent}" --org ${demoSlug}`]
      : ['Paste this into your MCP client:', clientBlock(config.baseUrl, key)]),
    '',
  ];
}

/** What goes on in the background after the first start. */
const historyLines = ({ demo }: Config, isNew: boolean): string[] =>
  isNew && demo === 'full'
    ? [
        'Bright Panes gets its last fourteen months in the background, within minutes (DESKHAND_DEMO=small leaves them out).',
        '',
      ]
    : [];

const unseenLines = ({ database, dataDir, command }: Config) => [
  'This is no terminal, so neither a link nor a key is printed. Where the server runs:',
  `  sign in as Olivia, the owner of Bright Panes:  ${command} signin-link ${demoOwner}`,
  ...(database ? [] : [`  the key of the demo agent:                     ${path.join(dataDir, keyFile)}`]),
  `  another key:                                   ${command} key create --agent "${demoAgent}" --org ${demoSlug}`,
  '',
];

const ownLines = ({ command }: Config, businesses: number) =>
  businesses === 0
    ? [`Found your business:  ${command} business create "Your Name" --owner you@example.com`, '']
    : [
        `Sign in:              ${command} signin-link you@example.com`,
        `A key for an agent:   ${command} key create --agent "Office Manager"`,
        '',
      ];

function clientBlock(baseUrl: string, key: string): string {
  const block = {
    mcpServers: {
      deskhand: { type: 'http', url: `${baseUrl}/mcp`, headers: { Authorization: `Bearer ${key}` } },
    },
  };
  return JSON.stringify(block, null, 2);
}

/**
 * The demo agent's key, made at the first start and kept beside the database, readable by this account only, so that
 * every start on a terminal prints the same block. Real businesses make their own keys, which are shown once and kept nowhere.
 */
async function keyOfDemo(
  installation: Installation,
  config: Config,
  id: string,
  isNew: boolean,
): Promise<string | undefined> {
  const make = () => makeKey(installation, commandLine(id), demoAgent);
  if (config.database) return isNew ? make() : undefined;
  const file = path.join(config.dataDir, keyFile);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return (await isAlive(installation, kept)) ? kept : undefined;
  const key = await make();
  // Of two servers that start at once one is the first to write; both print its key.
  await writeFile(file, key, { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return readFile(file, 'utf8');
}

/** A key that was revoked is not printed, and not silently replaced. */
function isAlive({ app }: Installation, key: string): Promise<boolean> {
  return app.whoIs({ via: 'key', key }, newRequest()).then(
    () => true,
    () => false,
  );
}
