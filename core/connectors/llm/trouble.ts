import { z } from 'zod';
import { ModelFailure } from '../../kernel/outside/language-model.ts';
import { secondsOf } from '../retry-after.ts';

/** Why an attempt brought nothing. */
export interface Trouble {
  failure: ModelFailure;
  /** Whether another attempt may help. */
  passes: boolean;
  /** How long the endpoint wants to be left alone, in seconds; 0 when it does not say. */
  wait_seconds: number;
  /** What it has against the request, for finding a form it takes. A stranger's text: it goes nowhere else. */
  complaint?: string;
}

const answered = z.object({
  status: z.int(),
  code: z.string().nullish().catch(undefined),
  message: z.string().catch(''),
  // Named where it is asked for: to name it when the program is read reads all of fetch, 3 MB (decision 086).
  headers: z
    .custom<Headers>(value => value instanceof Headers)
    .optional()
    .catch(undefined),
});

/** What an error of the client means. `isLate`: our own patience was at its end. */
export function troubleOf(error: unknown, isLate: boolean): Trouble {
  if (isLate) return passing('unavailable', 'The language model took too long.');
  if (error instanceof SyntaxError || error instanceof z.ZodError) {
    return passing('malformed', 'The language model’s endpoint answered something unreadable.');
  }
  const known = answered.safeParse(error);
  if (!known.success) return passing('unavailable', 'The language model could not be reached.');
  const { status, code, message, headers } = known.data;
  if (status === 429) return limited(code, secondsOf(headers?.get('retry-after')));
  if (status >= 500 || [408, 409, 425].includes(status)) {
    const wait_seconds = secondsOf(headers?.get('retry-after'));
    return {
      ...passing('unavailable', `The language model cannot answer at the moment (${status}).`),
      wait_seconds,
    };
  }
  const failure = new ModelFailure(
    'refused',
    `The language model’s endpoint refused the question (${status}).${hints[status] ?? redirectHint(status)}`,
  );
  const isAboutForm = (status === 400 || status === 422) && code !== 'context_length_exceeded';
  return { failure, passes: false, wait_seconds: 0, ...(isAboutForm ? { complaint: message } : {}) };
}

const passing = (reason: ModelFailure['reason'], message: string): Trouble => ({
  failure: new ModelFailure(reason, message),
  passes: true,
  wait_seconds: 0,
});

function limited(code: string | null | undefined, wait_seconds: number): Trouble {
  // Money that is used up does not come back within seconds.
  const isSpent = code === 'insufficient_quota';
  const why = isSpent ? 'The quota at the language model is used up' : 'The language model takes no more';
  return {
    failure: new ModelFailure('limited', `${why} (429).`),
    passes: !isSpent,
    wait_seconds,
  };
}

const hints: Readonly<Record<number, string>> = {
  401: ' Check LLM_API_KEY.',
  403: ' Check LLM_API_KEY.',
  404: ' Check LLM_BASE_URL and LLM_MODEL.',
  405: ' Check LLM_BASE_URL.',
};

const redirectHint = (status: number) =>
  status >= 300 && status < 400 ? ' It wants to redirect: correct LLM_BASE_URL.' : '';
