import type {
  CallToolResult,
  ClientCapabilities,
  Implementation,
  InputRequiredResult,
  McpServerFactory,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { newId } from '../core/kernel/database/ids.ts';
import { type AnswerCall, type CallOptions, toolCalls } from './calls.ts';
import { type Cards, cardCapabilities, showsCards } from './cards.ts';
import { type Complete, serveCompletions } from './completion.ts';
import { ownIcon } from './icons.ts';
import type { KnownClients } from './plain-calls.ts';
import { type McpPrompt, servePrompts } from './prompt.ts';
import { type McpResources, serveResources } from './resource.ts';
import { serveSubscriptions } from './subscribe.ts';
import { HttpSession, type McpSession, type McpTool, type ToolAnswer } from './tool.ts';
import type { WatchUris } from './watch.ts';

export interface McpServerOptions extends CallOptions {
  /** What a model should know about this server before its first call; a few sentences. */
  instructions: string;
  version: string;
  /** The key of a connection that carries none itself: stdio. Over HTTP the key comes with each request. */
  credential?: string;
  /** Small pages that show answers to a person, for clients that show them. */
  cards?: Cards;
  /** Routines a person can start by name. */
  prompts?: readonly McpPrompt[];
  /** What can be read by address. */
  resources?: McpResources;
  /** What arguments of prompts and addresses are completed with. */
  complete?: Readonly<Record<string, Complete>>;
  /** Where the pages are, for hosts that lead a person there. */
  home?: string;
  /** Watches what is behind addresses, for clients that listen. */
  watch?: WatchUris;
}

/** What a server shares with what answers beside it. */
export interface Beside {
  answerCall?: AnswerCall;
  /** Told which clients it has let in. */
  clients?: KnownClients;
}

/**
 * A factory of protocol servers for `createMcpHandler` and `serveStdio`: one fresh server per request or connection, so
 * nothing of one caller can reach another. What is the same for all, the tool list, is made once.
 *
 * The low-level server is used on purpose: tools bring finished JSON Schemas and check their input themselves, so the
 * SDK neither converts schemas per request nor validates a second time. The limit that the high-level server calls
 * `maxToolInputElements` is kept here.
 */
export function createMcpServerFactory(
  options: McpServerOptions,
  { answerCall = toolCalls(options), clients }: Beside = {},
): (context: Parameters<McpServerFactory>[0]) => Server {
  const list = { tools: options.tools.map(describeTool) };
  const { credential, onDefect, prompts, resources, cards, watch, complete } = options;
  const listWithCards = { tools: options.tools.map(tool => withCard(tool, cards)) };
  const capabilities = {
    tools: {},
    ...(prompts ? { prompts: {} } : {}),
    ...(resources ? { resources: {} } : {}),
    ...(cards ? cardCapabilities : {}),
    ...(complete ? { completions: {} } : {}),
  };
  const serverInfo = serverInfoOf(options);
  const listening = { ...capabilities, resources: { subscribe: true } };

  return ({ requestInfo, era }) => {
    // Of the older revisions only a connection that stays can be told of anything.
    const canListen = watch !== undefined && (era === 'modern' || requestInfo === undefined);
    const server = new Server(serverInfo, {
      capabilities: canListen ? listening : capabilities,
      instructions: options.instructions,
      cacheHints,
    });
    // The newest revision says with each request what its client can; the older ones said it once.
    const clientOf = ({ mcpReq }: ServerContext): ClientCapabilities | undefined =>
      Reflect.get(mcpReq.envelope ?? {}, CLIENT_CAPABILITIES_META_KEY) ?? server.getClientCapabilities();
    // On the newest revision a request names its method beside the body, and the SDK has compared both: a server for one
    // call need not be made ready for others.
    const only = requestInfo?.headers.get('mcp-method') ?? undefined;
    const serves = (method: string) => only === undefined || only === method;
    if (serves('tools/list')) {
      server.setRequestHandler('tools/list', (_, context) =>
        cards && showsCards(clientOf(context)) ? listWithCards : list,
      );
    }
    if (prompts && (only === undefined || only.startsWith('prompts/'))) servePrompts(server, prompts, serves);
    if ((cards || resources) && (only === undefined || only.startsWith('resources/'))) {
      const served = {
        // The cards are there for clients that can show them.
        cards: (context: ServerContext) => (cards && showsCards(clientOf(context)) ? cards.resources : []),
        readCard: (uri: string) => cards?.read(uri),
        resources,
        sessionOf: (context: ServerContext) => sessionOf(context, credential),
        onDefect,
      };
      serveResources(server, served, serves);
    }
    if (complete && serves('completion/complete')) {
      const sessionIn = (context: ServerContext) => sessionOf(context, credential);
      serveCompletions(server, { prompts, resources, complete, sessionOf: sessionIn, onDefect });
    }
    if (canListen && era === 'legacy')
      serveSubscriptions(server, { watch, sessionOf: context => sessionOf(context, credential) });
    if (!serves('tools/call')) return server;
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const { envelope } = context.mcpReq;
      if (envelope) clients?.note(envelope);
      return toResult(
        await answerCall({
          name: params.name,
          args: params.arguments ?? {},
          client: clientOf(context),
          session: sessionOf(context, credential),
          authInfo: context.http?.authInfo,
          context,
        }),
      );
    });
    return server;
  };
}

/** Who answers, as the protocol says it. */
export const serverInfoOf = ({
  version,
  home,
}: Pick<McpServerOptions, 'version' | 'home'>): Implementation => ({
  name: 'deskhand',
  title: 'Deskhand',
  version,
  icons: [ownIcon],
  ...(home === undefined ? {} : { websiteUrl: home }),
});

// The lists only change with a new version of the software; a minute keeps a client from asking before every call.
const cacheHints = {
  'tools/list': { ttlMs: 60_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 60_000, cacheScope: 'private' },
  'server/discover': { ttlMs: 60_000, cacheScope: 'private' },
} as const;

function describeTool(tool: McpTool): Tool {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return { name, title, description, inputSchema, outputSchema, annotations: { ...annotations } };
}

const withCard = (tool: McpTool, cards: Cards | undefined): Tool =>
  tool.card === undefined || !cards
    ? describeTool(tool)
    : { ...describeTool(tool), _meta: cards.metaOf(tool.card) };

function sessionOf(context: ServerContext, credential: string | undefined): McpSession {
  const auth = context.http?.authInfo;
  const { signal } = context.mcpReq;
  if (auth) return new HttpSession(auth, () => signal, progressOf(context).progress);
  if (credential !== undefined) return { credential, request_id: newId(), signal, ...progressOf(context) };
  throw new ProtocolError(ProtocolErrorCode.InternalError, 'No key reached the server');
}

/** A client that gave a token hears how far its call is; one that is gone by then misses nothing. */
function progressOf({ mcpReq }: ServerContext): Pick<McpSession, 'progress'> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return {};
  return {
    progress: (progress, total, message) => {
      const params = { progressToken, progress, total, message };
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
  };
}

/** As the protocol has it; what asks a person something is so already. */
export function toResult(given: ToolAnswer | InputRequiredResult): CallToolResult | InputRequiredResult {
  if ('resultType' in given) return given;
  const { structured, text, isError } = given;
  return {
    content: [{ type: 'text', text }],
    structuredContent: structured,
    ...(isError === true ? { isError } : {}),
  };
}
