import type { IncomingHttpHeaders } from 'node:http';
import type {
  ClientCapabilities,
  Implementation,
  McpHandlerRequestOptions,
} from '@modelcontextprotocol/server';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server';
import type { AnswerCall } from './calls.ts';
import { writeJson } from './json-writer.ts';
import { toResult } from './server.ts';
import { HttpSession, type McpTool } from './tool.ts';

// A call that needs nothing of the protocol but its frame is answered here (decision 073): a server object of the SDK, made and taken
// down for one call, and its checks of both ways, took as long as the call itself. Whatever is not exactly such a call goes to the SDK,
// which answers it, or says what is wrong with it.

/** The revision whose calls stand alone: each says whose it is, and is answered with one message. */
const revision = '2026-07-28';

/** A request that was let in. */
export interface Admitted extends McpHandlerRequestOptions {
  headers: IncomingHttpHeaders;
}

/** A web-standard handler of one MCP request whose body has been read already. */
export type McpFetch = (request: Request, admitted: Admitted) => Promise<Response>;

export interface PlainCallOptions {
  tools: readonly McpTool[];
  answerCall: AnswerCall;
  clients: KnownClients;
  serverInfo: Implementation;
}

/** The bytes of the JSON that answers a plain call; undefined for everything else. `signalOf` is asked only when somebody listens. */
export type AnswerPlainly = (
  admitted: Admitted,
  signalOf: () => AbortSignal,
) => Promise<Uint8Array> | undefined;

export function answerPlainCalls(options: PlainCallOptions): AnswerPlainly {
  const { answerCall, clients, serverInfo } = options;
  const tools = new Map(options.tools.map(tool => [tool.name, tool]));
  const meta = JSON.stringify({ [SERVER_INFO_META_KEY]: serverInfo });
  return (admitted, signalOf) => {
    const call = readCall(admitted, tools);
    const client = call && clients.find(call.meta);
    const { authInfo } = admitted;
    if (!call || !client || authInfo === undefined) return undefined;
    const { id, name, args } = call;
    const session = new HttpSession(authInfo, signalOf);
    return answerCall({ name, args, client, session, authInfo }).then(given => frame(id, given, meta));
  };
}

/** An answer in its frame. Facts that are JSON already are not written once more. */
function frame(id: string | number, given: Awaited<ReturnType<AnswerCall>>, meta: string): Uint8Array {
  const begin = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"resultType":`;
  if ('resultType' in given || given.json === undefined) {
    const { resultType = 'complete', ...result } = toResult(given);
    const members = JSON.stringify(result).slice(1, -1);
    return Buffer.from(`${begin}${JSON.stringify(resultType)},${members},"_meta":${meta}}}`);
  }
  const { json, isError } = given;
  return writeJson(writer => {
    writer.json(`${begin}"complete","content":[{"type":"text","text":"`);
    writer.inText(json);
    writer.json('"}],"structuredContent":');
    writer.bytes(json);
    writer.json(`${isError === true ? ',"isError":true' : ''},"_meta":${meta}}}`);
  });
}

/** Whether a request may be a plain call, before its body is read. */
export const mayBePlain = (headers: IncomingHttpHeaders): boolean =>
  headers['mcp-protocol-version'] === revision && headers['mcp-method'] === 'tools/call';

interface PlainCall {
  id: string | number;
  name: string;
  args: Record<string, unknown>;
  meta: Record<string, unknown>;
}

/** A call of a tool we have in the newest revision, with nothing beside it that would have to be heeded. */
function readCall(
  { headers, parsedBody }: Admitted,
  tools: ReadonlyMap<string, McpTool>,
): PlainCall | undefined {
  if (!mayBePlain(headers)) return undefined;
  if (!hasOnly(parsedBody, inMessage) || parsedBody.jsonrpc !== '2.0' || parsedBody.method !== 'tools/call')
    return undefined;
  const { id, params } = parsedBody;
  if (!isToken(id) || !hasOnly(params, inParams)) return undefined;
  const { name, arguments: args = {}, _meta: meta } = params;
  // The tools' own names are plain words: none is written in another way in the header.
  if (typeof name !== 'string' || headers['mcp-name'] !== name) return undefined;
  const tool = tools.get(name);
  if (!tool || !isObject(args) || Object.hasOwn(args, '__proto__') || !isObject(meta)) return undefined;
  if (!isHeeded(meta, tool)) return undefined;
  return { id, name, args, meta };
}

const inMessage = new Set(['jsonrpc', 'id', 'method', 'params']);
const inParams = new Set(['name', 'arguments', '_meta']);
const envelope = new Set([
  PROTOCOL_VERSION_META_KEY,
  CLIENT_INFO_META_KEY,
  CLIENT_CAPABILITIES_META_KEY,
  LOG_LEVEL_META_KEY,
]);

/** What stands beside a call is its client's own, but what asks to be told how far it is, or belongs to the protocol. */
function isHeeded(meta: Record<string, unknown>, tool: McpTool): boolean {
  const { progressToken } = meta;
  if (progressToken !== undefined && (tool.tells_progress || !isToken(progressToken))) return false;
  return Object.keys(meta).every(key => envelope.has(key) || !key.startsWith('io.modelcontextprotocol/'));
}

const isToken = (value: unknown): value is string | number =>
  typeof value === 'string' || Number.isSafeInteger(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasOnly = (value: unknown, names: ReadonlySet<string>): value is Record<string, unknown> =>
  isObject(value) && Object.keys(value).every(name => names.has(name));

const most = { clients: 500, characters: 4_000 } as const;

/**
 * What clients say of themselves with each call, word for word as the SDK has once found it right: which members it has to have is
 * said nowhere here.
 */
export class KnownClients {
  readonly #found = new Map<string, ClientCapabilities>();

  /** Remembers what came with a call that the SDK has let in. */
  note(said: object): void {
    const capabilities: ClientCapabilities | undefined = Reflect.get(said, CLIENT_CAPABILITIES_META_KEY);
    const text = textOf(said);
    if (capabilities === undefined || text.length > most.characters || this.#found.has(text)) return;
    if (this.#found.size >= most.clients) this.#found.clear();
    this.#found.set(text, capabilities);
  }

  /** What the client can; undefined for one that was not met before, or speaks another revision. */
  find(meta: Record<string, unknown>): ClientCapabilities | undefined {
    return meta[PROTOCOL_VERSION_META_KEY] === revision ? this.#found.get(textOf(meta)) : undefined;
  }
}

/** What is left out and what is empty are two things. */
const textOf = (said: object): string =>
  JSON.stringify({
    version: Reflect.get(said, PROTOCOL_VERSION_META_KEY),
    info: Reflect.get(said, CLIENT_INFO_META_KEY),
    capabilities: Reflect.get(said, CLIENT_CAPABILITIES_META_KEY),
    level: Reflect.get(said, LOG_LEVEL_META_KEY),
  });
