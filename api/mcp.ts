import type { IncomingMessage } from 'node:http';
import type { App } from '../core/app.ts';
import { newId } from '../core/kernel/database/ids.ts';
import { hashSecret } from '../core/kernel/pipeline/authenticate.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import type { McpGuards, McpHandler } from '../mcp/http.ts';
import { isKey } from '../mcp/tool.ts';
import { requestIdOf, traceOf } from './http/trace.ts';
import type { Logger } from './logger.ts';
import { noteCalls } from './note-calls.ts';
import { resourceMetadataUrl } from './oauth/metadata.ts';
import { readVersion } from './version.ts';

/** A good key is not asked for again this long; every call of a tool checks it anyhow, in its own transaction. */
const remembered_ms = 30_000;

interface MountOptions {
  baseUrl: string;
  host: string;
  logger: Logger;
  /** Told whose connection a token is, by its hash; a key has no connection. */
  onToken?: (hash: string, connection_id: string) => void;
}

/** The MCP endpoint on the core; read, and its tools made, when the first agent calls (decision 074). */
export function mountMcp(app: App, options: MountOptions): McpHandler {
  let made: Promise<McpHandler> | undefined;
  return async (request, response) => {
    made ??= makeHandler(app, options);
    // A file that could not be read may be there for the next one.
    const handler = await made.catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    await handler(request, response);
  };
}

async function makeHandler(app: App, options: MountOptions): Promise<McpHandler> {
  const [{ mcpHttpHandler }, { officeOptions }] = await Promise.all([
    import('../mcp/http.ts'),
    import('../mcp/office.ts'),
  ]);
  const name = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
  return mcpHttpHandler({
    ...officeOptions(app, options.baseUrl),
    version: readVersion(),
    ...doorman(app, options),
    resource_metadata: resourceMetadataUrl(options.baseUrl),
    allowedHosts: [
      ...new Set(['localhost', '127.0.0.1', '[::1]', new URL(options.baseUrl).hostname, name(options.host)]),
    ],
    requestId: requestIdOf,
    onDefect: (error, request_id) => options.logger.error({ err: error, request_id }, 'an MCP call failed'),
  });
}

/** What stands in front of a key: a good one is remembered, and who calls with it is noted, for the owner to see. */
function doorman(app: App, options: MountOptions): Pick<McpGuards, 'authenticate' | 'forget'> {
  const { isGood, forget } = rememberKeys(app, options);
  const note = noteCalls(app);
  return {
    async authenticate(key, request) {
      const hash = hashOf(key, request);
      const good = await isGood(key, hash);
      if (good) note(key, hash);
      return good;
    },
    forget: key => forget(hashSecret(key)),
  };
}

/** Its calls have been counted by its hash already, mostly. */
function hashOf(key: string, request: IncomingMessage): string {
  const { credential } = traceOf(request);
  const isCounted = credential?.caller.via === 'key' && credential.caller.key === key;
  return isCounted ? credential.hash : hashSecret(key);
}

function rememberKeys(app: App, { onToken }: MountOptions) {
  const good = new Map<string, number>();
  const isGood = async (key: string, hash: string): Promise<boolean> => {
    const until = good.get(hash);
    if (until !== undefined && until > Date.now()) return true;
    good.delete(hash);
    try {
      const { key_id } = await app.whoIs({ via: 'key', key, or: 'token' }, { request_id: newId() });
      if (!isKey(key) && key_id !== undefined) onToken?.(hash, key_id);
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
    if (good.size > 10_000) good.clear();
    good.set(hash, Date.now() + remembered_ms);
    return true;
  };
  return { isGood, forget: (hash: string) => void good.delete(hash) };
}
