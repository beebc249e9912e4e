import { APIError, type OpenAI } from 'openai';
import { z } from 'zod';
import type { TestClient } from '../support/mcp-clients.ts';
import { type Made, make } from './agent.ts';

/** How a conversation ended. */
export type End =
  | { how: 'answered'; reply: string }
  | { how: 'call limit'; reply: string }
  /** The model is at fault, not the agent: nothing can be said about the request. */
  | { how: 'outage'; reply: string; trouble: string };

export interface Talk {
  end: End;
  made: Made[];
  /** As the endpoint counted them; 0 when it does not. */
  tokens: { input: number; output: number };
}

export interface Talking {
  openai: OpenAI;
  model: string;
  client: TestClient;
  words: string;
  /** Calls of tools after which the request is given up. */
  most_calls: number;
}

type Messages = OpenAI.ChatCompletionMessageParam[];

const tool = z.looseObject({
  name: z.string(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
});

/** What whoever writes with an agent would tell it, besides what the server says of itself. */
const opening = (instructions: string | undefined): string =>
  [
    instructions ?? '',
    'You write with Olivia, the owner of Bright Panes Window Cleaning. It is Wednesday, 2026-11-18, 08:00 in Alabama.',
    'Do what she asks with your tools, all of it and nothing else, and then answer her in a few plain sentences: what was done, what waits for her, what could not be done.',
    'Ask back only when you cannot know what is meant.',
  ].join('\n');

/** Lets a model do what is asked with our tools and nothing else, until it answers in words or calls too often. */
export async function talk({ openai, model, client, words, most_calls }: Talking): Promise<Talk> {
  const tools = z
    .array(tool)
    .parse(await client.list())
    .map(({ name, description = '', inputSchema }) => ({
      type: 'function' as const,
      function: { name, description, parameters: inputSchema },
    }));
  const messages: Messages = [
    { role: 'system', content: opening(client.instructions) },
    { role: 'user', content: words },
  ];
  const made: Made[] = [];
  const tokens = { input: 0, output: 0 };
  for (;;) {
    const asked = await ask(openai, { model, messages, tools });
    if ('trouble' in asked)
      return { end: { how: 'outage', reply: '', trouble: asked.trouble }, made, tokens };
    const { message, usage } = asked;
    tokens.input += usage?.prompt_tokens ?? 0;
    tokens.output += usage?.completion_tokens ?? 0;
    const calls = message.tool_calls ?? [];
    const reply = message.content ?? '';
    if (calls.length === 0) return { end: { how: 'answered', reply }, made, tokens };
    messages.push(message);
    for (const call of calls) {
      if (made.length >= most_calls) return { end: { how: 'call limit', reply }, made, tokens };
      const one = await makeCall(client, call);
      made.push(one);
      messages.push({ role: 'tool', tool_call_id: call.id, content: one.answer });
    }
  }
}

type Asked =
  | { message: OpenAI.ChatCompletionMessage; usage: OpenAI.CompletionUsage | undefined }
  | { trouble: string };

async function ask(
  openai: OpenAI,
  request: { model: string; messages: Messages; tools: OpenAI.ChatCompletionTool[] },
): Promise<Asked> {
  try {
    const { choices, usage } = await openai.chat.completions.create(request);
    const message = choices?.[0]?.message;
    return message ? { message, usage } : { trouble: 'The model answered without a message.' };
  } catch (error) {
    if (error instanceof APIError) return { trouble: troubleOf(error) };
    if (error instanceof SyntaxError) return { trouble: 'What the model answered is not JSON.' };
    throw error;
  }
}

function troubleOf(error: APIError): string {
  const next: Record<number, string> = {
    401: 'Check LLM_API_KEY.',
    403: 'Check LLM_API_KEY and what it may use.',
    404: 'Check LLM_MODEL, and that LLM_BASE_URL ends where the API begins, often with /v1.',
    429: 'It takes no more requests for now; wait, or use --limit.',
  };
  const said = `The model answered ${error.status ?? 'nothing'}: ${error.message}.`;
  const hint = next[error.status ?? 0] ?? (error.status === undefined ? 'Check LLM_BASE_URL.' : '');
  return `${said} ${hint}`.trim();
}

const input = z.record(z.string(), z.unknown());

/** What the model wrote need not be JSON, and then costs it a call. */
async function makeCall(client: TestClient, call: OpenAI.ChatCompletionMessageToolCall): Promise<Made> {
  if (call.type !== 'function') return make(client, call.type, {});
  const { name, arguments: written } = call.function;
  const args = input.safeParse(parse(written === '' ? '{}' : written));
  if (args.success) return make(client, name, args.data);
  const message = `The arguments of ${name} are not a JSON object; send them again.`;
  const answer = JSON.stringify({ error: { code: 'VALIDATION_ERROR', message } });
  return {
    tool: name,
    args: { written },
    answer,
    facts: undefined,
    isError: true,
    isLookUp: true,
    tokens: 0,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
