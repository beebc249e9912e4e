import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { ModelTool } from '../../kernel/outside/language-model.ts';
import { DeskhandError } from '../../kernel/words/errors.ts';
import { asData } from './prompt.ts';
import { parseJson } from './read-answer.ts';
import type { ChatMessage, Reply } from './send.ts';

/** The most a look-up may bring into the conversation, in characters. */
const longest = 20_000;
const mostCalls = 8;

/** The tools as the endpoint is told of them. */
export const describeTools = (tools: readonly ModelTool[]): OpenAI.ChatCompletionFunctionTool[] =>
  tools.map(({ name, description, input }) => ({
    type: 'function',
    function: { name, description, parameters: schemaOf(input) },
  }));

/** JSON Schema of what a model has to write. */
export function schemaOf(shape: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  return schema;
}

/** Runs what the model asked for; answers the conversation's next messages. */
export async function lookUp(tools: readonly ModelTool[], { text, calls }: Reply): Promise<ChatMessage[]> {
  const asked = calls.slice(0, mostCalls);
  const messages: ChatMessage[] = [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      tool_calls: asked.map(call => ({ id: call.id, type: 'function', function: call.function })),
    },
  ];
  for (const { id, function: wanted } of asked) {
    const result = asData(await runTool(tools, wanted.name, wanted.arguments));
    const content = result.length > longest ? asData({ error: 'That is too much; ask for less.' }) : result;
    messages.push({ role: 'tool', tool_call_id: id, content });
  }
  return messages;
}

/** A model that asks in a wrong way is told so, as an agent would be. A defect of ours is a defect. */
async function runTool(
  tools: readonly ModelTool[],
  name: string,
  text: string,
): Promise<Record<string, unknown>> {
  const tool = tools.find(candidate => candidate.name === name);
  if (!tool) return { error: `There is no such tool; there are ${tools.map(one => one.name).join(', ')}.` };
  const input = tool.input.safeParse(parseJson(text));
  if (!input.success) return { error: z.prettifyError(input.error).slice(0, 500) };
  try {
    return await tool.run(input.data);
  } catch (error) {
    if (error instanceof DeskhandError) return { error: error.message };
    throw error;
  }
}
