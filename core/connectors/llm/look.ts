import { z } from 'zod';
import { type ModelSettings, openClient } from './client.ts';
import { troubleOf } from './trouble.ts';

const listed = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * Whether the endpoint is there, takes the key and knows the model, found out without asking the model anything.
 * Answers in words; throws an error that says what to do. Neither holds the key.
 */
export async function lookAtModel(settings: ModelSettings): Promise<string> {
  const { model, baseUrl, timeoutMs = 10_000 } = settings;
  const at = `${model} at ${new URL(baseUrl).host}`;
  const signal = AbortSignal.timeout(Math.min(timeoutMs, 10_000));
  const { models } = await openClient(settings);
  const answer = await models.list({ signal }).then(
    page => listed.safeParse(page).data,
    (error: unknown) => ({ error }),
  );
  if (answer !== undefined && 'error' in answer) return explain(answer.error, signal.aborted, at);
  const names = (answer?.data ?? []).map(({ id }) => id);
  if (names.length === 0) return withoutList(at);
  if (names.some(name => isMeant(name, model))) return at;
  throw new Error(`${at} is not among its models${examples(names)}. Correct LLM_MODEL.`);
}

/** Servers that answer and have no such list are as good as others. */
function explain(error: unknown, isLate: boolean, at: string): string {
  const status = z.object({ status: z.int() }).safeParse(error).data?.status;
  if (!isLate && (status === 404 || status === 405 || status === 501)) {
    return withoutList(at);
  }
  throw new Error(`${at} cannot be asked. ${troubleOf(error, isLate).failure.message}`);
}

const withoutList = (at: string) => `${at} (it does not list its models, so this one was not looked for)`;

/** `qwen3` means `qwen3:latest` to Ollama, `gemini-2.5-flash` means `models/gemini-2.5-flash` to Google. */
const isMeant = (name: string, model: string): boolean =>
  name === model || name.startsWith(`${model}:`) || name.endsWith(`/${model}`);

/** A stranger's words on somebody's terminal: names and nothing else. */
function examples(names: readonly string[]): string {
  const plain = names.filter(name => /^[\w./:@-]{1,80}$/.test(name)).slice(0, 5);
  return plain.length === 0 ? '' : ` (it has ${plain.join(', ')}${names.length > plain.length ? ', …' : ''})`;
}
