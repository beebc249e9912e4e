import { ConfigError, isHere } from './values.ts';

/** Any OpenAI-compatible endpoint (decision 9). None is guessed: what customers wrote goes nowhere nobody named. */
export function readLlm({ LLM_BASE_URL, LLM_API_KEY, LLM_MODEL, LLM_TIMEOUT_SECONDS }: NodeJS.ProcessEnv) {
  if (!LLM_BASE_URL) {
    const alone = LLM_API_KEY ? 'LLM_API_KEY' : LLM_MODEL ? 'LLM_MODEL' : undefined;
    if (alone === undefined) return undefined;
    throw new ConfigError(
      `${alone} is set without LLM_BASE_URL; say where the language model is, such as LLM_BASE_URL=https://api.openai.com/v1.`,
    );
  }
  const baseUrl = readLlmUrl(LLM_BASE_URL, Boolean(LLM_API_KEY));
  if (LLM_API_KEY && !/^[\x21-\x7e]+$/.test(LLM_API_KEY)) {
    throw new ConfigError('LLM_API_KEY has characters no key has; copy it once more, without quotes.');
  }
  if (!LLM_MODEL) {
    throw new ConfigError(
      'LLM_BASE_URL is set without LLM_MODEL; name the model, such as LLM_MODEL=qwen3:8b.',
    );
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(LLM_MODEL)) {
    throw new ConfigError(
      'LLM_MODEL has characters no name has; write it as the endpoint lists it, without quotes.',
    );
  }
  const timeoutMs = readSeconds(LLM_TIMEOUT_SECONDS || '30') * 1_000;
  return { baseUrl, ...(LLM_API_KEY ? { apiKey: LLM_API_KEY } : {}), model: LLM_MODEL, timeoutMs };
}

function readLlmUrl(text: string, hasKey: boolean): string {
  const url = URL.parse(text);
  const shape = 'write it as https://api.openai.com/v1 or http://localhost:11434/v1';
  const isWhole = url?.pathname.endsWith('/completions');
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || isWhole) {
    throw new ConfigError(`LLM_BASE_URL is no address of a language model; ${shape}.`);
  }
  if (url.username || url.password) {
    throw new ConfigError(`LLM_BASE_URL has a login in it; ${shape}, and put the key into LLM_API_KEY.`);
  }
  if (hasKey && url.protocol === 'http:' && !isHere(url.hostname)) {
    throw new ConfigError(
      'LLM_BASE_URL is no https:// address, and LLM_API_KEY would travel in clear; use https://, or leave the key out.',
    );
  }
  return text.replace(/\/+$/, '');
}

/** Fifty at most: a job that takes a minute is begun by another worker, and an agent's client gives up by then. */
function readSeconds(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 50) return Number(text);
  throw new ConfigError(`LLM_TIMEOUT_SECONDS is "${text}"; use a number from 1 to 50, such as 30.`);
}
