import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type FixtureOpts, LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { breachesOf, type SentRequest } from './openai-contract.ts';

type Factory = Extract<Parameters<LLMock['on']>[1], (...request: never[]) => unknown>;
export type Says = Awaited<ReturnType<Factory>>;

/**
 * Somebody else's double of an OpenAI-compatible endpoint (aimock), behind a recorder that holds every request to the
 * contract before it lets it through. What the double cannot do, the recorder does in its place.
 */
export interface Endpoint {
  url: string;
  /** As they came in, the keys included. */
  requests: SentRequest[];
  /** The next answers of the double, one for each request; the last one again and again. */
  says(...answers: (Says | Factory)[]): void;
  /** Lets the double break every answer: not JSON, connection lost. */
  breaks(how: FixtureOpts['chaos']): void;
  /** What the recorder itself does with the next requests, before the double is asked again. */
  instead: RequestListener[];
  breaches: string[];
}

/** Opens the endpoint for the tests of a file. A request that breaks the contract fails the test that made it. */
export function useEndpoint(): () => Endpoint {
  const double = new LLMock({ port: 0 });
  const endpoint: Endpoint = {
    url: '',
    requests: [],
    instead: [],
    breaches: [],
    says(...answers) {
      const left = [...answers];
      double.clearFixtures();
      double.on({}, request => {
        const next = left.length > 1 ? left.shift() : left[0];
        if (next === undefined) throw new Error('the double has nothing to say');
        return typeof next === 'function' ? next(request) : next;
      });
    },
    breaks(chaos) {
      double.clearFixtures();
      double.on({}, { content: '{}' }, chaos === undefined ? {} : { chaos });
    },
  };
  const recorder = createServer((request, response) => void pass(endpoint, double, request, response));
  beforeAll(async () => {
    await double.start();
    await new Promise<void>(resolve => recorder.listen(0, '127.0.0.1', resolve));
    const address = recorder.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on no port');
    endpoint.url = `http://127.0.0.1:${address.port}/v1`;
  });
  beforeEach(() => endpoint.says({ content: '{}' }));
  afterEach(() => {
    const { breaches } = endpoint;
    Object.assign(endpoint, { requests: [], instead: [], breaches: [] });
    expect(breaches).toEqual([]);
  });
  afterAll(async () => {
    recorder.closeAllConnections();
    await new Promise(resolve => recorder.close(resolve));
    await double.stop();
  });
  return () => endpoint;
}

async function pass(
  endpoint: Endpoint,
  double: LLMock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  const sent = await text(request);
  const body: unknown = sent === '' ? undefined : JSON.parse(sent);
  endpoint.requests.push({ method, path: url, headers, body });
  endpoint.breaches.push(...breachesOf({ method, path: url, headers, body }));
  const own = endpoint.instead.shift();
  if (own) {
    own(request, response);
    return;
  }
  try {
    const answer = await fetch(`${double.url}${url}`, {
      method,
      ...(sent === '' ? {} : { body: sent, headers: { 'content-type': 'application/json' } }),
    });
    const wait = answer.headers.get('retry-after');
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(wait === null ? {} : { 'retry-after': wait }),
    });
    response.end(await answer.text());
  } catch {
    // The double hung up, and so does the recorder.
    response.destroy();
  }
}

/** An answer of the recorder's own. */
export const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** No answer at all. */
export const silence: RequestListener = () => undefined;

/** Begins to answer and stops in the middle, without a word. */
export const halfAnAnswer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"id": "chatcmpl-1", "choices": [{"mess');
};

const conversation = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullable() })),
});

/** Model, messages and the other members of what was sent. */
export const sentBody = (request: SentRequest | undefined) => conversation.parse(request?.body);
