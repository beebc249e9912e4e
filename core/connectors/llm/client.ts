import type { OpenAI } from 'openai';

/** Where the model is: any OpenAI-compatible endpoint (decision 9). */
export interface ModelSettings {
  /** `https://api.openai.com/v1`, `http://localhost:11434/v1` */
  baseUrl: string;
  /** Local servers have none. */
  apiKey?: string;
  model: string;
  /** For one attempt; all of a question take at most half as long again. */
  timeoutMs?: number;
}

/**
 * The client of the `openai` package for an endpoint that need not be OpenAI's. It neither retries nor logs: requests
 * hold what customers wrote. Loaded by the first question, because most commands ask none.
 */
export async function openClient({ baseUrl, apiKey }: ModelSettings): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    // The package insists on a key; what is sent stands below.
    apiKey: apiKey ?? 'none',
    // It would also take these from the environment, where they are meant for another endpoint.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: { Authorization: apiKey === undefined ? null : `Bearer ${apiKey}` },
    maxRetries: 0,
    logLevel: 'off',
    // A redirect would carry the question to a host nobody configured: it comes back as a failure instead.
    fetch: (url, init) =>
      fetch(url, { ...init, headers: withoutExtras(new Headers(init?.headers)), redirect: 'manual' }),
  });
}

const sent = ['accept', 'authorization', 'content-type', 'user-agent'];

/** Without OPENAI_CUSTOM_HEADERS, and without facts about this machine that nobody needs. */
const withoutExtras = (headers: Headers): Headers =>
  new Headers([...headers].filter(([name]) => sent.includes(name)));
