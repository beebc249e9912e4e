import type { z } from 'zod';

/** One message to a model. Text of customers belongs into `user` messages, as data, never into `system` (security.md). */
export interface ModelMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a model may ask to be looked up for it. Only reads: what a model answers is proposed and never done by itself. */
export interface ModelTool {
  name: string;
  description: string;
  input: z.ZodObject;
  run(input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface ModelQuestion<T> {
  organization_id: string;
  /** What it is asked for, as usage shows it: `note.extract`. */
  purpose: string;
  messages: readonly ModelMessage[];
  /** The shape of the answer; what does not fit it is refused. */
  answer: z.ZodType<T>;
  tools?: readonly ModelTool[];
  /** Another model of the same endpoint than the configured one. */
  model?: string;
  /** The longest answer, the model's thinking included; 4,000 when left out. */
  max_tokens?: number;
}

export interface ModelAnswer<T> {
  answer: T;
  /** The model that gave it. */
  model: string;
}

/**
 * A language model behind an OpenAI-compatible endpoint (decision 9). Asked in `prepare` steps and jobs only, never
 * inside a transaction. Throws ModelFailure, after its own retries.
 */
export interface LanguageModel {
  ask<T>(question: ModelQuestion<T>): Promise<ModelAnswer<T>>;
}

/** What became of one request. */
export interface RequestOutcome {
  /** It brought no usable answer. */
  failed: boolean;
  /** As the endpoint counts them; 0 when it does not. */
  prompt_tokens: number;
  completion_tokens: number;
}

/** Counts what asking costs, and says when it is enough for today (NOT-07). */
export interface UsageMeter {
  /**
   * Counts one request, before it is sent. Throws ModelFailure('limited') when the organization has used up those of
   * today. Answers what its outcome is told to, once.
   */
  claim(
    request: Pick<ModelQuestion<unknown>, 'organization_id' | 'purpose'> & { model: string },
  ): Promise<(outcome: RequestOutcome) => Promise<void>>;
}

/** The model gave no usable answer. The message is ours and names no key, no address and nothing the model said. */
export class ModelFailure extends Error {
  readonly reason: 'unavailable' | 'limited' | 'refused' | 'malformed' | 'withheld';
  constructor(reason: ModelFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Takes the place of the model for a call that leaves nothing: whoever asks it goes on without an answer. */
export const withheldModel: LanguageModel = {
  async ask() {
    throw new ModelFailure(
      'withheld',
      'No language model is asked for a preview, nor for what is refused or waits for the owner.',
    );
  },
};
