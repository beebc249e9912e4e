import { createHash, createHmac } from 'node:crypto';
import type { ClientCapabilities, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { acceptedContent, createRequestStateCodec, inputRequired } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { McpSession, McpTool, ToolAnswer } from './tool.ts';

// Where a client can ask its user, a person chooses which of several is meant, and the call goes on with it in the same breath. Nothing
// is ever approved here: what is chosen fills one member of the call, which the agent could have filled itself.

/** What a person may choose: one of several values of one member of the call. */
export interface Question {
  /** A sentence for a person. */
  message: string;
  /** What is chosen: `Contact`. */
  title: string;
  /** The member that the choice fills, from the arguments down. */
  at: readonly string[];
  options: readonly { value: string; title: string }[];
  /** The first answer was kept under the call's idempotency_key: what goes on is a call of its own. */
  is_kept: boolean;
}

/** Finds questions in answers; the tools know, the protocol does not. */
export type FindQuestion = (tool: McpTool, args: unknown, answer: ToolAnswer) => Question | undefined;

/** Whether the client asks its user with a form; one that says nothing of how does. */
export const showsForms = (client: ClientCapabilities | undefined): boolean =>
  client?.elicitation !== undefined &&
  (client.elicitation.form !== undefined || client.elicitation.url === undefined);

/** Rounds of questions about one call; after these its answer stands as it is. */
const mostRounds = 3;

/** The name of the one member of the form, and of the request. */
const name = 'choice';
/** What somebody chooses who means none of what is offered. */
const none = 'none of these';
const form = z.object({ [name]: z.string().max(200) });

const chosenMember = z.object({ at: z.array(z.string()), value: z.string(), is_kept: z.boolean() });
const kept = z.object({
  /** What was chosen before. */
  chosen: z.array(chosenMember),
  /** What this round offers. */
  at: z.array(z.string()),
  is_kept: z.boolean(),
  values: z.array(z.string()),
});
type Chosen = z.output<typeof chosenMember>;

export interface Round {
  tool: McpTool;
  args: Record<string, unknown>;
  session: McpSession;
  /** Undefined where the client can have brought nothing back. */
  context: ServerContext | undefined;
  find: FindQuestion;
  call: (args: Record<string, unknown>) => Promise<ToolAnswer>;
}

/**
 * Answers a call; where several things may be meant, asks first. Between the rounds nothing is open: what was offered and chosen
 * comes back with the client, sealed with the key of its agent for this tool and these arguments, and only one of what was offered
 * is taken. Whoever declines gets the answer that a client without forms gets.
 */
export async function answerChoosing(round: Round): Promise<ToolAnswer | InputRequiredResult> {
  const { tool, args, find, call, context } = round;
  const brought = context?.mcpReq.requestState();
  const seal = sealOf(round);
  let chosen: Chosen[] = [];
  if (context && typeof brought === 'string') {
    const before = await opened(seal, brought, context);
    const choice = acceptedContent(context.mcpReq.inputResponses, name, form)?.[name];
    if (before === undefined || (choice !== undefined && choice !== none && !before.values.includes(choice)))
      return strangeChoice;
    chosen = before.chosen;
    if (choice === undefined || choice === none) return call(withChoices(args, chosen));
    const { at, is_kept } = before;
    chosen = [...chosen, { at, value: choice, is_kept }];
  }
  const filled = withChoices(args, chosen);
  const answer = await call(filled);
  const question = chosen.length < mostRounds ? find(tool, filled, answer) : undefined;
  if (question === undefined) return answer;
  const { at, is_kept, options } = question;
  const values = options.map(({ value }) => value);
  return inputRequired({
    inputRequests: { [name]: inputRequired.elicit(formOf(question)) },
    requestState: await seal.mint({ chosen, at: [...at], is_kept, values }),
  });
}

const formOf = ({ message, title, options }: Question) => ({
  message,
  requestedSchema: {
    type: 'object' as const,
    properties: {
      [name]: {
        type: 'string' as const,
        title,
        oneOf: [
          ...options.map(option => ({ const: option.value, title: option.title })),
          { const: none, title: 'None of these' },
        ],
      },
    },
    required: [name],
  },
});

// The key of the agent makes the seal: every process of the installation can open it, nobody with another key can.
function sealOf({ tool, args, session }: Round) {
  const call = createHash('sha256').update(JSON.stringify(args)).digest('hex');
  const key = createHmac('sha256', session.credential).update(`choice ${tool.name} ${call}`).digest();
  return createRequestStateCodec<z.output<typeof kept>>({ key });
}

async function opened(seal: ReturnType<typeof sealOf>, brought: string, context: ServerContext) {
  try {
    return kept.safeParse(await seal.verify(brought, context)).data;
  } catch {
    return undefined;
  }
}

const strange = {
  code: 'VALIDATION_ERROR',
  message: 'What was chosen is not one of what this call offered, or was offered too long ago.',
  field: name,
  hint: 'Nothing was done. Make the call again without it.',
  retryable: false,
};
const strangeChoice: ToolAnswer = {
  structured: { error: strange },
  text: JSON.stringify({ error: strange }),
  isError: true,
};

/** The arguments with what was chosen; a key under which an answer is kept already becomes one of its own for each choice. */
function withChoices(args: Record<string, unknown>, chosen: readonly Chosen[]): Record<string, unknown> {
  return chosen.reduce((filled, { at, value, is_kept }) => {
    const next = filledAt(filled, at, value);
    const key = next.idempotency_key;
    if (!is_kept || typeof key !== 'string') return next;
    const own = createHash('sha256').update(`${key} ${value}`).digest('hex');
    return { ...next, idempotency_key: `chosen ${own}` };
  }, args);
}

function filledAt(
  members: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: string,
): Record<string, unknown> {
  if (rest.length === 0) return { ...members, [first]: value };
  const inner: unknown = members[first];
  const below = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  return { ...members, [first]: filledAt(below, rest, value) };
}
