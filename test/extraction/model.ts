import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelMessage,
  type ModelQuestion,
} from '../../core/kernel/outside/language-model.ts';

/** A model that says what a test wants it to say; it stands where the client of a real one stands. */
export interface ScriptedModel extends LanguageModel {
  /** What it is asked, in order. */
  asked: { organization_id: string; purpose: string; messages: readonly ModelMessage[] }[];
  /** What it answers from now on: JSON, as it comes from a model, or a failure; at once or in a while. */
  says: (text: string) => unknown;
}

/** As with the client of a real model, an answer that does not fit the question is a failure. */
export function scriptedModel(): ScriptedModel {
  const model: ScriptedModel = {
    asked: [],
    says: () => ({}),
    async ask<T>({ organization_id, purpose, messages, answer }: ModelQuestion<T>): Promise<ModelAnswer<T>> {
      model.asked.push({ organization_id, purpose, messages });
      const said = await model.says(messages.at(-1)?.content ?? '');
      if (said instanceof Error) throw said;
      const read = answer.safeParse(said);
      if (!read.success)
        throw new ModelFailure('malformed', 'The language model answered nothing usable, twice.');
      return { answer: read.data, model: 'test-model' };
    },
  };
  return model;
}

export const unavailable = () => new ModelFailure('unavailable', 'The language model cannot be reached.');
