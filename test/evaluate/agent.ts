import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { z } from 'zod';
import type { TestClient } from '../support/mcp-clients.ts';

/** One call of a tool with what it answered. */
export interface Made {
  tool: string;
  args: Record<string, unknown>;
  /** What a client shows the model. */
  answer: string;
  facts: unknown;
  isError: boolean;
  /** Whether it served to find out how things are called instead of doing what was asked. */
  isLookUp: boolean;
  /** o200k tokens of the answer. */
  tokens: number;
}

/** What it cost to do something. */
export interface Effort {
  calls: number;
  look_ups: number;
  answer_tokens: number;
}

const content = z.array(z.looseObject({ text: z.string().optional() }));
const refused = z.object({ error: z.object({ code: z.string() }) });

/** The refusals of a call that was made in the wrong form. */
const malformed = [
  'VALIDATION_ERROR',
  'UNKNOWN_ACTION',
  'UNKNOWN_TYPE',
  'REASONING_REQUIRED',
  'UNKNOWN_TOOL',
];

/** Calls a tool as an agent does, and weighs the answer. Never throws: what the client cannot call is a refusal, too. */
export async function make(client: TestClient, tool: string, args: Record<string, unknown>): Promise<Made> {
  try {
    const answered = await client.call(tool, args);
    const parts = content.parse(answered.content ?? []);
    const answer = parts.flatMap(({ text }) => text ?? []).join('\n');
    return weigh(tool, args, {
      answer,
      facts: answered.structuredContent,
      isError: answered.isError === true,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const facts = { error: { code: 'UNKNOWN_TOOL', message } };
    return weigh(tool, args, { answer: JSON.stringify(facts), facts, isError: true });
  }
}

function weigh(
  tool: string,
  args: Record<string, unknown>,
  told: Pick<Made, 'answer' | 'facts' | 'isError'>,
): Made {
  const { data } = refused.safeParse(told.facts);
  const isLookUp = tool === 'crm_capabilities' || (data !== undefined && malformed.includes(data.error.code));
  return { tool, args, ...told, isLookUp, tokens: encode(told.answer).length };
}

export const effortOf = (made: readonly Made[]): Effort => ({
  calls: made.length,
  look_ups: made.filter(({ isLookUp }) => isLookUp).length,
  answer_tokens: made.reduce((sum, { tokens }) => sum + tokens, 0),
});
