import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import type { Metrics } from '../watch/metrics.ts';
import type { Answers } from './envelope.ts';

/** What was looked at, and how it stands: `{database: 'ok', schema: 'behind'}`. */
export type Checks = Readonly<Record<string, string>>;

export interface HealthOptions {
  /** Whether calls can be served now; `checks` says what stands in the way. */
  ready(): Promise<boolean | Checks>;
  /** Counted by this process, for whoever shows the token. */
  metrics?: Pick<Metrics, 'content_type' | 'text'> | undefined;
  metricsToken?: string | undefined;
}

/**
 * `/healthz`: the process lives. `/readyz`: it can serve calls. `/metrics`: what it has counted, when there is a token and the
 * caller shows it; else the address is not there. Being on the same machine opens nothing: behind a proxy everybody is. False
 * when it is another address.
 */
export function serveHealth(
  options: HealthOptions,
  answers: Answers,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const { url, method } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    if (url === '/healthz') answers.data(request, response, { status: 'alive' });
    else if (url === '/readyz') answerReady(options, answers, request, response);
    else if (url === '/metrics' && options.metrics) answerMetrics(options, answers, request, response);
    else return false;
    return true;
  };
}

function answerReady(
  { ready }: HealthOptions,
  answers: Answers,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const refuse = (checks: Checks) => answers.refuse(request, response, notReady(checks));
  ready().then(
    found => {
      const checks = typeof found === 'object' ? found : { database: found ? 'ok' : 'down' };
      if (Object.values(checks).some(state => state !== 'ok')) return refuse(checks);
      answers.data(request, response, {
        status: 'ready',
        ...(typeof found === 'object' ? { checks } : {}),
      });
    },
    () => refuse({ database: 'down' }),
  );
}

const sentences: Readonly<Record<string, string>> = {
  database: 'The database cannot be reached right now.',
  schema: 'The schema of the database is older than this version: run deskhand migrate.',
  worker: 'The worker of this process has stopped looking for jobs.',
};

function notReady(checks: Checks): DeskhandError {
  const [name = ''] = Object.entries(checks).find(([, state]) => state !== 'ok') ?? [];
  return new DeskhandError('UNAVAILABLE', sentences[name] ?? 'This process is not ready.', { checks });
}

function answerMetrics(
  { metrics, metricsToken }: HealthOptions,
  answers: Answers,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const shown = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!metrics || metricsToken === undefined || shown === undefined || !isSame(shown, metricsToken)) {
    const refusal = new DeskhandError(
      'UNAUTHENTICATED',
      'What is measured is shown to whoever has METRICS_TOKEN.',
      {
        hint: 'Send it as Authorization: Bearer.',
      },
    );
    answers.refuse(request, response, refusal);
    return;
  }
  metrics.text().then(
    text => {
      response.setHeader('content-type', metrics.content_type);
      response.setHeader('cache-control', 'no-store');
      response.end(request.method === 'HEAD' ? undefined : text);
    },
    (error: unknown) => answers.refuse(request, response, error),
  );
}

// By their hashes, which are alike in length: how long it takes tells nothing of the token.
const isSame = (a: string, b: string): boolean => timingSafeEqual(hash(a), hash(b));
const hash = (text: string) => createHash('sha256').update(text).digest();
