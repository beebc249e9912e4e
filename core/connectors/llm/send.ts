import { setTimeout as pause } from 'node:timers/promises';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { ModelQuestion, UsageMeter } from '../../kernel/outside/language-model.ts';
import { redact } from '../../kernel/words/redaction.ts';
import { type ModelSettings, openClient } from './client.ts';
import { bestForm, type Form, plainer } from './form.ts';
import { type Trouble, troubleOf } from './trouble.ts';
import { openTurns } from './turns.ts';

export type ChatMessage = OpenAI.ChatCompletionMessageParam;

/** One request of a question: the conversation so far, and what the answer has to look like. */
export interface Ask extends Pick<ModelQuestion<unknown>, 'organization_id' | 'purpose' | 'max_tokens'> {
  model: string;
  messages: readonly ChatMessage[];
  tools: readonly OpenAI.ChatCompletionFunctionTool[];
  /** No more looking up: the answer itself, as JSON of this schema. */
  closing: boolean;
  schema: Record<string, unknown>;
}

/** What the model wrote. */
export interface Reply {
  text: string;
  calls: readonly z.output<typeof toolCall>[];
  finish_reason: string;
  refusal: boolean;
  /** Counts the request, once it is known whether the reply was of use. */
  settle(isUsable: boolean): Promise<void>;
}

/** How long one question may still take, and wait between attempts, all of its requests together. */
export interface Patience {
  signal: AbortSignal;
  pauses_ms: number;
}

/** Told about every attempt that brought nothing; never what was asked or answered, no key and no address. */
export type ModelLog = (message: string, facts: Record<string, unknown>) => void;

export interface SenderOptions {
  meter: UsageMeter;
  log?: ModelLog | undefined;
  /** Waits between attempts; a test need not. */
  wait?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

export const usualTimeout_ms = 30_000;
/** Requests to the endpoint at once, from this process. */
const mostAtOnce = 4;
const mostAttempts = 3;
const firstPause_ms = 500;

const toolCall = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const tokens = z.int().min(0).max(1_000_000_000).catch(0);
const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(toolCall).nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: tokens, completion_tokens: tokens })
    .catch({ prompt_tokens: 0, completion_tokens: 0 }),
});

/**
 * Sends requests, one attempt after the other, until one brings a reply: what may pass is tried again after a pause,
 * and a form the endpoint does not take is replaced by a plainer one, which is remembered. Throws ModelFailure.
 */
export function openSender(settings: ModelSettings, { meter, log, wait = waitUntil }: SenderOptions) {
  const turns = openTurns(mostAtOnce);
  const forms = new Map<string, Form>();
  let client: Promise<OpenAI> | undefined;

  async function attempt(ask: Ask, form: Form, late: AbortSignal): Promise<Reply | Trouble> {
    client ??= openClient(settings);
    const { chat } = await client;
    const body = bodyOf(ask, form);
    const signal = AbortSignal.any([late, AbortSignal.timeout(settings.timeoutMs ?? usualTimeout_ms)]);
    const settle = await meter.claim({
      organization_id: ask.organization_id,
      purpose: ask.purpose,
      model: ask.model,
    });
    try {
      const { choices, usage } = completion.parse(await chat.completions.create(body, { signal }));
      return toReply(choices[0], isUsable => settle({ failed: !isUsable, ...usage }));
    } catch (error) {
      await settle({ failed: true, prompt_tokens: 0, completion_tokens: 0 });
      return troubleOf(error, signal.aborted);
    }
  }

  return async function send(ask: Ask, patience: Patience): Promise<Reply> {
    const key = `${ask.model} ${ask.purpose}`;
    let form = forms.get(key) ?? bestForm;
    for (let attempts = 1; ; ) {
      const reply = await turns(patience.signal, () => attempt(ask, form, patience.signal)).catch(error => {
        throw patience.signal.aborted ? troubleOf(error, true).failure : error;
      });
      if (!('failure' in reply)) {
        forms.set(key, form);
        return reply;
      }
      const { failure, passes, complaint } = reply;
      const next = complaint === undefined ? undefined : plainer(form, complaint, ask.closing);
      const pause_ms = pauseAfter(reply, attempts);
      const again = passes && attempts < mostAttempts && pause_ms <= patience.pauses_ms;
      log?.(failure.message, {
        purpose: ask.purpose,
        reason: failure.reason,
        again: again || next !== undefined,
      });
      if (next) {
        form = next;
        continue;
      }
      if (!again || patience.signal.aborted) throw failure;
      patience.pauses_ms -= pause_ms;
      attempts += 1;
      await wait(pause_ms, patience.signal);
    }
  };
}

/** As long as the endpoint asks for; else half a second, a second, a little spread, so that many do not come back at once. */
const pauseAfter = ({ wait_seconds }: Trouble, attempts: number): number =>
  Math.max(wait_seconds * 1_000, firstPause_ms * 2 ** (attempts - 1) * (0.75 + Math.random() / 4));

/** Ends early with the signal: the next attempt then finds that it is too late. */
const waitUntil = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
  pause(milliseconds, undefined, { signal }).catch(() => undefined);

function bodyOf(ask: Ask, form: Form): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { tools, closing } = ask;
  return {
    model: ask.model,
    messages: ask.messages.map(withoutNumbers),
    [form.limit]: ask.max_tokens ?? 4_000,
    ...(tools.length > 0 ? { tools: [...tools] } : {}),
    ...(tools.length > 0 && closing ? { tool_choice: 'none' } : {}),
    // Servers that write by a schema from the first letter on would never come to call a tool.
    ...(closing && form.format !== 'plain' ? { response_format: formatOf(ask, form.format) } : {}),
  };
}

function formatOf(ask: Ask, format: 'json_schema' | 'json_object') {
  if (format === 'json_object') return { type: format };
  return { type: format, json_schema: { name: 'answer', schema: ask.schema } };
}

/** Card and social security numbers leave the house no more than they are kept in it (SAN-01). */
const withoutNumbers = (message: ChatMessage): ChatMessage =>
  typeof message.content === 'string' ? { ...message, content: redact(message.content).text } : message;

function toReply(
  choice: z.output<typeof completion>['choices'][number] | undefined,
  settle: Reply['settle'],
): Reply {
  const { content, refusal, tool_calls } = choice?.message ?? {};
  return {
    text: content ?? '',
    calls: tool_calls ?? [],
    finish_reason: choice?.finish_reason ?? '',
    refusal: Boolean(refusal) || choice?.finish_reason === 'content_filter',
    settle,
  };
}
