import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelQuestion,
} from '../../kernel/outside/language-model.ts';
import type { ModelSettings } from './client.ts';
import { describeTools, lookUp, schemaOf } from './look-up.ts';
import { readAnswer } from './read-answer.ts';
import { type ChatMessage, openSender, type Patience, type SenderOptions, usualTimeout_ms } from './send.ts';

export type { ModelSettings } from './client.ts';
export { lookAtModel } from './look.ts';
export type { ModelLog } from './send.ts';

/** Rounds of look-ups before the model has to answer. */
const mostRounds = 5;
/** Between the attempts of one question, all together. */
const longestPauses_ms = 10_000;
/** A job's lease is a minute, and an agent's client waits no longer either. */
const longestQuestion_ms = 50_000;

/**
 * The model behind an OpenAI-compatible endpoint (decision 9, NOT-07). Reaches nothing before the first question. An
 * answer that does not fit its shape is sent back once with what is wrong.
 */
export function openLanguageModel(settings: ModelSettings, options: SenderOptions): LanguageModel {
  const send = openSender(settings, options);
  const patience_ms = Math.min(longestQuestion_ms, (settings.timeoutMs ?? usualTimeout_ms) * 1.5);
  return {
    async ask<T>(question: ModelQuestion<T>): Promise<ModelAnswer<T>> {
      const patience: Patience = { signal: AbortSignal.timeout(patience_ms), pauses_ms: longestPauses_ms };
      const { organization_id, purpose, max_tokens, model = settings.model, tools = [] } = question;
      const schema = schemaOf(question.answer);
      const messages = opening(question, schema);
      const offered = describeTools(tools);
      let isRepaired = false;
      for (let round = 0; ; round += 1) {
        const closing = offered.length === 0 || isRepaired || round >= mostRounds;
        const asked = { organization_id, purpose, model, messages, tools: offered, closing, schema };
        const reply = await send({ ...asked, ...(max_tokens === undefined ? {} : { max_tokens }) }, patience);
        if (!closing && reply.calls.length > 0) {
          await reply.settle(true);
          messages.push(...(await lookUp(tools, reply)));
          continue;
        }
        const reading = readAnswer(reply.text, question.answer);
        await reply.settle('answer' in reading);
        if ('answer' in reading) return { answer: reading.answer, model };
        if (reply.refusal) throw new ModelFailure('refused', 'The language model declined to answer.');
        if (isRepaired)
          throw new ModelFailure('malformed', 'The language model answered nothing usable, twice.');
        isRepaired = true;
        const problem = reply.finish_reason === 'length' ? 'it was cut off; be brief' : reading.problem;
        messages.push(...repair(reply.text, problem));
      }
    },
  };
}

/** Whatever the endpoint does about the schema, the model is told it as well: some servers take it and forget it. */
function opening(question: ModelQuestion<unknown>, schema: Record<string, unknown>): ChatMessage[] {
  const format = `Answer with one JSON object and nothing else. Leave out what you do not know. Its JSON Schema: ${JSON.stringify(schema)}`;
  const system = question.messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  return [
    { role: 'system', content: [...system, format].join('\n\n') },
    ...question.messages.filter(({ role }) => role !== 'system'),
  ];
}

const repair = (text: string, problem: string): ChatMessage[] => [
  { role: 'assistant', content: text.slice(0, 8_000) },
  {
    role: 'user',
    content: `That cannot be used: ${problem}. Answer again, with the JSON object alone.`,
  },
];
