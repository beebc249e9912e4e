import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ModelLog, type ModelSettings, openLanguageModel } from '../../core/connectors/llm/index.ts';
import { ModelFailure, type ModelQuestion } from '../../core/kernel/outside/language-model.ts';
import { openUsageMeter } from '../../core/llm/meter.ts';
import { type Office, storyTime } from '../support/office.ts';
import type { Endpoint } from './endpoint.ts';

/** What the tests ask for. */
export const petAnswer = z.strictObject({ pet: z.string(), name: z.string().optional() });

/** A key that must never be seen again. */
export const secretKey = 'sk-verysecret-0123456789';

/** A model, what it said to the log, and how long it wanted to pause, in milliseconds; nobody waits. */
export interface Asked {
  log: [string, Record<string, unknown>][];
  pauses_ms: number[];
  ask(question?: Partial<ModelQuestion<unknown>>): Promise<{ answer: unknown; model: string }>;
  /** Why there is no answer. A question that is answered fails the test. */
  failure(question?: Partial<ModelQuestion<unknown>>): Promise<{ reason: string; message: string }>;
}

/** The model at an endpoint, counted in the database of Bright Panes. An empty key is none. */
export function openModel(
  office: Office,
  endpoint: Endpoint,
  { apiKey = secretKey, ...settings }: Partial<ModelSettings> = {},
  now = storyTime,
): Asked {
  const log: Asked['log'] = [];
  const pauses_ms: number[] = [];
  const tell: ModelLog = (message, facts) => log.push([message, facts]);
  const model = openLanguageModel(
    {
      baseUrl: endpoint.url,
      model: 'qwen3',
      timeoutMs: 20_000,
      ...(apiKey === '' ? {} : { apiKey }),
      ...settings,
    },
    {
      meter: openUsageMeter(office.db, { clock: () => Temporal.Instant.from(now), onProblem: tell }),
      log: tell,
      wait: milliseconds => Promise.resolve(pauses_ms.push(milliseconds)),
    },
  );
  const asked: Asked = {
    log,
    pauses_ms,
    ask: question =>
      model.ask<unknown>({
        organization_id: office.bright.id,
        purpose: 'note.extract',
        messages: [
          { role: 'system', content: 'Say which pet it is.' },
          { role: 'user', content: 'Dog named Biscuit' },
        ],
        answer: petAnswer,
        ...question,
      }),
    async failure(question) {
      try {
        const answer = await asked.ask(question);
        throw new Error(`the model was expected to fail, and answered ${JSON.stringify(answer)}`);
      } catch (error) {
        if (!(error instanceof ModelFailure)) throw error;
        return { reason: error.reason, message: error.message };
      }
    },
  };
  return asked;
}

/** What was counted for a business, as its owner reads it. */
export const usageOf = (office: Office, params: Record<string, unknown> = {}, business = office.bright) =>
  office.read(business.owner, 'llm_usage', { params });
