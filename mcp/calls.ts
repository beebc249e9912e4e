import type { ClientCapabilities, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { isInputRequiredResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { closest } from 'fastest-levenshtein';
import { budgets } from '../core/kernel/words/budgets.ts';
import { answerChoosing, type FindQuestion, showsForms } from './choose.ts';
import { noteStanding } from './standing.ts';
import type { McpSession, McpTool, ToolAnswer } from './tool.ts';
import { broughtBack, pointToReview, showsLinks, type WaitingCalls } from './waiting.ts';

export interface CallOptions {
  tools: readonly McpTool[];
  /** Knows calls that wait for a person. Without it, no client is pointed to anything. */
  waiting?: WaitingCalls;
  /** Finds what a person could choose so that a call goes on. Without it, nobody is asked. */
  findQuestion?: FindQuestion;
  /** Told about defects in tools; their text never reaches the client. */
  onDefect?: (error: unknown, request_id: string) => void;
}

/** A call of a tool, however it came. */
export interface IncomingCall {
  name: string;
  args: Record<string, unknown>;
  /** What the client said it can. */
  client: ClientCapabilities | undefined;
  session: McpSession;
  authInfo: Parameters<typeof noteStanding>[0];
  /** What a client may bring back of an earlier round of the same call; undefined where it brings nothing. */
  context?: ServerContext;
}

export type AnswerCall = (call: IncomingCall) => Promise<ToolAnswer | InputRequiredResult>;

/** Answers calls of tools: the same for each era, transport and way there. Throws for a tool that does not exist. */
export function toolCalls(options: CallOptions): AnswerCall {
  const tools = new Map(options.tools.map(tool => [tool.name, tool]));
  if (tools.size !== options.tools.length) throw new Error('Two MCP tools have the same name');
  const { waiting, findQuestion, onDefect } = options;
  return async ({ name, args, client, session, authInfo, context }) => {
    const tool = tools.get(name);
    if (tool === undefined) throw unknownTool(name, tools.keys());
    const reference = waiting && broughtBack(context?.mcpReq.requestState());
    if (waiting && reference !== undefined) return waiting.lookUp(reference, session);
    const call = (filled: Record<string, unknown>) => answer(tool, filled, session, onDefect);
    const given =
      findQuestion && showsForms(client)
        ? await answerChoosing({ tool, args, session, context, find: findQuestion, call })
        : await call(args);
    if (isInputRequiredResult(given)) return given;
    noteStanding(authInfo, given);
    const waits = showsLinks(client) ? waiting?.find(given) : undefined;
    return waits ? pointToReview(waits) : given;
  };
}

/** Largest number of members and elements, and largest depth, of one call's arguments (security.md). */
const inputLimits = { elements: budgets.tool_members, depth: budgets.tool_depth } as const;

function unknownTool(name: string, known: Iterable<string>): ProtocolError {
  const valid_options = [...known];
  const got = name.slice(0, 100);
  // "lead.update" is no misspelt "send_invoice": it is run by a tool.
  const isAction = /^[a-z_]+\.[a-z_]+$/.test(got) && valid_options.includes('crm_action');
  const near = isAction ? 'crm_action' : closest(got.slice(0, budgets.compared_characters), valid_options);
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no tool "${got}". ${isAction ? `Actions are run with crm_action: action "${got}".` : `Did you mean "${near}"?`}`,
    {
      code: 'UNKNOWN_ACTION',
      got,
      did_you_mean: [near],
      valid_options,
      retryable: false,
    },
  );
}

async function answer(
  tool: McpTool,
  args: unknown,
  session: McpSession,
  onDefect: CallOptions['onDefect'],
): Promise<ToolAnswer> {
  if (isTooBig(args)) return tooBig;
  try {
    return await tool.call(args, session);
  } catch (error) {
    onDefect?.(error, session.request_id);
    return refusal({
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
      hint: `Try again${tool.annotations.readOnlyHint ? '' : ' with the same idempotency_key'}; if it happens again, tell the owner the request_id.`,
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
