import type {
  CallToolResult,
  ClientCapabilities,
  McpServerFactory,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import {
  CLIENT_CAPABILITIES_META_KEY,
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { closest } from 'fastest-levenshtein';
import { newId } from '../core/kernel/database/ids.ts';
import { budgets } from '../core/kernel/words/budgets.ts';
import { type Cards, cardCapabilities, showsCards } from './cards.ts';
import { answerChoosing, type FindQuestion, showsForms } from './choose.ts';
import { type Complete, serveCompletions } from './completion.ts';
import { ownIcon } from './icons.ts';
import { type McpPrompt, servePrompts } from './prompt.ts';
import { type McpResources, serveResources } from './resource.ts';
import { noteStanding } from './standing.ts';
import { serveSubscriptions } from './subscribe.ts';
import type { McpSession, McpTool, ToolAnswer } from './tool.ts';
import { broughtBack, pointToReview, showsLinks, type WaitingCalls } from './waiting.ts';
import type { WatchUris } from './watch.ts';

export interface McpServerOptions {
  /** Listed in this order, always. */
  tools: readonly McpTool[];
  /** What a model should know about this server before its first call; a few sentences. */
  instructions: string;
  version: string;
  /** The key of a connection that carries none itself: stdio. Over HTTP the key comes with each request. */
  credential?: string;
  /** Knows calls that wait for a person. Without it, no client is pointed to anything. */
  waiting?: WaitingCalls;
  /** Finds what a person could choose so that a call goes on. Without it, nobody is asked. */
  findQuestion?: FindQuestion;
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
  /** Told about defects in tools; their text never reaches the client. */
  onDefect?: (error: unknown, request_id: string) => void;
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
): (context: Parameters<McpServerFactory>[0]) => Server {
  const tools = new Map(options.tools.map(tool => [tool.name, tool]));
  if (tools.size !== options.tools.length) throw new Error('Two MCP tools have the same name');
  const list = { tools: options.tools.map(describeTool) };
  const { waiting, credential, onDefect, prompts, resources, cards, findQuestion, watch, complete, home } =
    options;
  const listWithCards = { tools: options.tools.map(tool => withCard(tool, cards)) };
  const capabilities = {
    tools: {},
    ...(prompts ? { prompts: {} } : {}),
    ...(resources ? { resources: {} } : {}),
    ...(cards ? cardCapabilities : {}),
    ...(complete ? { completions: {} } : {}),
  };
  const serverInfo = {
    name: 'deskhand',
    title: 'Deskhand',
    version: options.version,
    icons: [ownIcon],
    ...(home === undefined ? {} : { websiteUrl: home }),
  };
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
      const tool = tools.get(params.name);
      if (tool === undefined) throw unknownTool(params.name, tools.keys());
      const session = sessionOf(context, credential);
      const reference = waiting && broughtBack(context.mcpReq.requestState());
      if (waiting && reference !== undefined) return toResult(await waiting.lookUp(reference, session));
      const args = params.arguments ?? {};
      const call = (filled: Record<string, unknown>) => answer(tool, filled, session, onDefect);
      const given =
        findQuestion && showsForms(clientOf(context))
          ? await answerChoosing({ tool, args, session, context, find: findQuestion, call })
          : await call(args);
      if (isInputRequiredResult(given)) return given;
      noteStanding(context.http?.authInfo, given);
      const waits = showsLinks(clientOf(context)) ? waiting?.find(given) : undefined;
      return waits ? pointToReview(waits) : toResult(given);
    });
    return server;
  };
}

/** Largest number of members and elements, and largest depth, of one call's arguments (security.md). */
export const inputLimits = { elements: budgets.tool_members, depth: budgets.tool_depth } as const;

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

function unknownTool(name: string, known: Iterable<string>): ProtocolError {
  const valid_options = [...known];
  const near = closest(name.slice(0, budgets.compared_characters), valid_options);
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no tool "${name.slice(0, 100)}". Did you mean "${near}"?`,
    {
      code: 'UNKNOWN_ACTION',
      got: name.slice(0, 100),
      did_you_mean: [near],
      valid_options,
      retryable: false,
    },
  );
}

function sessionOf(context: ServerContext, credential: string | undefined): McpSession {
  const auth = context.http?.authInfo;
  const key = auth?.token ?? credential;
  if (key === undefined)
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'No key reached the server');
  const request_id = auth?.extra?.request_id;
  return {
    credential: key,
    request_id: typeof request_id === 'string' ? request_id : newId(),
    signal: context.mcpReq.signal,
    ...progressOf(context),
  };
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

async function answer(
  tool: McpTool,
  args: unknown,
  session: McpSession,
  onDefect: McpServerOptions['onDefect'],
): Promise<ToolAnswer> {
  if (isTooBig(args)) return tooBig;
  try {
    return await tool.call(args, session);
  } catch (error) {
    onDefect?.(error, session.request_id);
    return refusal({
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
      hint: 'Try again with the same idempotency_key; if it happens again, tell the owner the request_id.',
      retryable: true,
      request_id: session.request_id,
    });
  }
}

const tooBig = refusal({
  code: 'PAYLOAD_TOO_LARGE',
  message: `The arguments have more than ${inputLimits.elements} members or are nested deeper than ${inputLimits.depth}.`,
  hint: 'Send less at once, in several calls.',
  retryable: false,
});

interface Refusal {
  code: string;
  message: string;
  hint: string;
  retryable: boolean;
  request_id?: string;
}

function refusal(error: Refusal): ToolAnswer {
  return { structured: { error }, text: `${error.code}: ${error.message} ${error.hint}`, isError: true };
}

function toResult({ structured, text, isError }: ToolAnswer): CallToolResult {
  return {
    content: [{ type: 'text', text }],
    structuredContent: structured,
    ...(isError === true ? { isError } : {}),
  };
}

/** Walks level by level instead of recursively, and stops as soon as it knows. */
function isTooBig(value: unknown): boolean {
  let level: unknown[] = [value];
  let elements = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > inputLimits.depth) return true;
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      const inside: unknown[] = Object.values(node);
      elements += inside.length;
      if (elements > inputLimits.elements) return true;
      next.push(...inside);
    }
    level = next;
  }
  return false;
}
