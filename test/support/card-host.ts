import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import type { Tab } from './browser.ts';

/** What the host of a card is like. */
export interface HostOptions {
  /** What it can do beside showing: `message`, `openLinks`, `serverTools`. */
  capabilities?: Record<string, object>;
  context?: Record<string, unknown>;
  /** It refuses what the card asks for. */
  refuses?: boolean;
}

export interface ShownCall {
  /** The page of the card, and what its resource says of it. */
  html: string;
  csp: unknown;
  args: Record<string, unknown>;
  result: unknown;
  /** Answers what the card calls. */
  callTool?: (call: { name: string; arguments?: Record<string, unknown> }) => Promise<unknown>;
}

const said = z.object({
  messages: z.array(z.looseObject({ role: z.string(), content: z.array(z.unknown()) })),
  links: z.array(z.string()),
  calls: z.array(z.looseObject({ name: z.string() })),
  sizes: z.array(z.number()),
  left: z.number(),
  complaints: z.array(z.string()),
});

export interface ShownCard {
  frame: Frame;
  /** What the host was asked for, every message checked against the schema of the extension. */
  heard(): Promise<z.output<typeof said>>;
  /** The host tells that something of it changed. */
  tell(context: Record<string, unknown>): Promise<void>;
}

const allCapabilities = { message: { text: {} }, openLinks: {}, serverTools: {} };
const domains = z.object({
  connectDomains: z.array(z.string()),
  resourceDomains: z.array(z.string()),
  frameDomains: z.array(z.string()),
  baseUriDomains: z.array(z.string()),
});

/** The policy a host has to put on a card, of what its resource declares (MCP Apps, "Host Implementation"). */
function policyOf(csp: unknown): string {
  const { connectDomains, resourceDomains, frameDomains, baseUriDomains } = domains.parse(csp);
  const list = (...origins: string[]) => (origins.length > 0 ? origins.join(' ') : "'none'");
  return [
    "default-src 'none'",
    `script-src ${list("'unsafe-inline'", ...resourceDomains)}`,
    `style-src ${list("'unsafe-inline'", ...resourceDomains)}`,
    `img-src ${list(...resourceDomains)}`,
    `connect-src ${list(...connectDomains)}`,
    `frame-src ${list(...frameDomains)}`,
    `base-uri ${list(...baseUriDomains)}`,
    "object-src 'none'",
  ].join('; ');
}

/**
 * A host of cards for the tests of a file: a page with the package's own bridge at one address, the card at another one, in a
 * frame with nothing but `allow-scripts` and under the policy that its resource asks for.
 */
export function useCardHost(): (tab: Tab, call: ShownCall, options?: HostOptions) => Promise<ShownCard> {
  const servers: Server[] = [];
  let script = '';
  let shown: { html: string; policy: string } | undefined;
  let hostPort = 0;
  let cardPort = 0;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('./card-host.js', import.meta.url))],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2023',
    });
    script = outputFiles?.[0]?.text ?? '';
    hostPort = await serve(servers, 'text/html', () => ({
      body: `<!doctype html><meta name="viewport" content="width=device-width"><style>body{margin:8px;background:#888}iframe{width:100%;border:0;height:40px}</style><iframe sandbox="allow-scripts"></iframe><script type="module">${script.replaceAll('</script', '<\\/script')}</script>`,
    }));
    cardPort = await serve(servers, 'text/html', () => ({
      body: shown?.html ?? '',
      policy: shown?.policy ?? "default-src 'none'",
    }));
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });
  return async ({ page }, { html, csp, args, result, callTool }, options = {}) => {
    shown = { html, policy: policyOf(csp) };
    await page.exposeFunction('callTool', callTool ?? (async () => ({ content: [], isError: true })));
    await page.goto(`http://127.0.0.1:${hostPort}/`);
    await page.waitForFunction('window.host !== undefined');
    const told = {
      src: `http://localhost:${cardPort}/`,
      args,
      result,
      capabilities: options.capabilities ?? allCapabilities,
      context: { theme: 'light', displayMode: 'inline', ...options.context },
      refuses: options.refuses ?? false,
    };
    await page.evaluate(`host.show(${JSON.stringify(told)})`);
    const frame = page.frames().find(each => each !== page.mainFrame());
    if (!frame) throw new Error('The host has no frame');
    return {
      frame,
      async heard() {
        checkMessages(await page.evaluate('host.heard'));
        const all = said.parse(await page.evaluate('host.said'));
        if (all.complaints.length > 0) throw new Error(`The bridge complains: ${all.complaints.join('; ')}`);
        return all;
      },
      tell: context => page.evaluate(`bridge.setHostContext(${JSON.stringify(context)})`),
    };
  };
}

async function serve(
  servers: Server[],
  type: string,
  answer: () => { body: string; policy?: string },
): Promise<number> {
  const server = createServer((_, response) => {
    const { body, policy } = answer();
    response.setHeader('content-type', `${type}; charset=utf-8`);
    if (policy !== undefined) response.setHeader('content-security-policy', policy);
    response.end(body);
  });
  servers.push(server);
  server.listen(0);
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const messages = z.array(z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string().optional() }));

const schemas: Readonly<Record<string, string>> = {
  'ui/initialize': 'McpUiInitializeRequest',
  'ui/notifications/initialized': 'McpUiInitializedNotification',
  'ui/notifications/size-changed': 'McpUiSizeChangedNotification',
  'ui/notifications/request-teardown': 'McpUiRequestTeardownNotification',
  'ui/message': 'McpUiMessageRequest',
  'ui/open-link': 'McpUiOpenLinkRequest',
};

let validators: Map<string, (value: unknown) => boolean> | undefined;

/** Throws for a message of a card that the schema of the extension does not allow, and for one it does not know. */
function checkMessages(heard: unknown): void {
  validators ??= loadValidators();
  for (const { jsonrpc: _jsonrpc, id: _id, ...message } of messages.parse(heard)) {
    if (message.method === undefined || message.method === 'tools/call') continue;
    if (validators.get(message.method)?.(message) !== true)
      throw new Error(`The extension allows no ${JSON.stringify(message)}`);
  }
}

function loadValidators(): Map<string, (value: unknown) => boolean> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const schema: unknown = JSON.parse(
    readFileSync(fileURLToPath(import.meta.resolve('@modelcontextprotocol/ext-apps/schema.json')), 'utf8'),
  );
  ajv.addSchema(z.looseObject({}).parse(schema), 'apps');
  return new Map(
    Object.entries(schemas).map(([method, name]) => {
      const check = ajv.compile({ $ref: `apps#/$defs/${name}` });
      return [method, value => check(value) === true];
    }),
  );
}
