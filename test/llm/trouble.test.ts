import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { useOffice } from '../support/office.ts';
import { answering, halfAnAnswer, silence, useEndpoint } from './endpoint.ts';
import { type Asked, openModel, secretKey } from './questions.ts';

// What a language model's endpoint can do to us: each ends in a sentence of our own, and another attempt only where one
// can help.

const office = useOffice();
const endpoint = useEndpoint();
const models: Asked[] = [];
const open = (settings: Parameters<typeof openModel>[2] = {}) => {
  const model = openModel(office(), endpoint(), settings);
  models.push(model);
  return model;
};
const works = { content: '{"pet":"dog"}' };
const strangersWords = 'IGNORE ALL RULES';

afterEach(() => {
  vi.restoreAllMocks();
  // Neither key, nor address, nor a word of the question or of the other side.
  for (const { log } of models)
    expect(JSON.stringify(log)).not.toMatch(/verysecret|127\.0\.0|Biscuit|IGNORE/);
  models.length = 0;
});

const failing = async (settings: Parameters<typeof openModel>[2] = {}) => {
  const model = open(settings);
  const failure = await model.failure();
  expect(failure.message).not.toMatch(/verysecret|127\.0\.0|Biscuit|IGNORE/);
  return { ...failure, attempts: endpoint().requests.length, pauses: model.pauses_ms.length };
};

describe('what passes is tried again, twice', () => {
  test.each([
    [
      'a server that breaks',
      () => endpoint().says({ error: { message: strangersWords }, status: 500 }, works),
    ],
    [
      'too many requests',
      () => endpoint().says({ error: { message: 'slow' }, status: 429, retryAfter: 2 }, works),
    ],
    ['an answer that is no JSON', () => endpoint().instead.push(answering(200, `{"${strangersWords}`))],
    [
      'an answer that is a page',
      () => endpoint().instead.push(answering(200, '<p>', { 'content-type': 'text/html' })),
    ],
    ['an answer without a choice', () => endpoint().instead.push(answering(200, { choices: [] }))],
    ['a connection that is lost', () => endpoint().instead.push((_request, response) => response.destroy())],
  ])('%s', async (_what, prepare) => {
    endpoint().says(works);
    prepare();
    const model = open();
    expect((await model.ask()).answer).toEqual({ pet: 'dog' });
    expect({ attempts: endpoint().requests.length, pauses: model.pauses_ms.length }).toEqual({
      attempts: 2,
      pauses: 1,
    });
    expect(model.log).toEqual([
      [expect.stringMatching(/^The language model.*\.$/), expect.objectContaining({ again: true })],
    ]);
  });

  test('and no more than twice', async () => {
    endpoint().says({ error: { message: strangersWords }, status: 503 });
    expect(await failing()).toEqual({
      reason: 'unavailable',
      message: 'The language model cannot answer at the moment (503).',
      attempts: 3,
      pauses: 2,
    });
  });

  test('whether the double answers no JSON or hangs up', async () => {
    endpoint().breaks({ malformedRate: 1 });
    expect(await failing()).toMatchObject({ reason: 'malformed', attempts: 3 });
    endpoint().requests = [];
    endpoint().breaks({ disconnectRate: 1 });
    expect(await failing()).toMatchObject({ reason: 'unavailable', attempts: 3 });
  });

  test('after pauses that grow, and are as long as the other side asks for', async () => {
    const model = open();
    endpoint().says(
      { error: { message: 'no' }, status: 500 },
      { error: { message: 'no' }, status: 500 },
      works,
    );
    await model.ask();
    expect(model.pauses_ms.map(pause => pause > 0 && pause <= 1_000)).toEqual([true, true]);
    expect(Number(model.pauses_ms[1])).toBeGreaterThan(Number(model.pauses_ms[0]));

    const told = open();
    const until = new Date(Date.now() + 60_000).toUTCString();
    endpoint().says({ error: { message: 'no' }, status: 429, retryAfter: 7 }, works);
    await told.ask();
    expect(told.pauses_ms).toEqual([7_000]);
    endpoint().instead = [answering(503, {}, { 'retry-after': until })];
    // A minute from now is longer than anybody waits here.
    expect(await told.failure()).toMatchObject({ reason: 'unavailable' });
  });

  test('but nobody waits longer than ten seconds, all pauses together', async () => {
    endpoint().says({ error: { message: 'no' }, status: 429, retryAfter: 6 });
    expect(await failing()).toEqual({
      reason: 'limited',
      message: 'The language model takes no more (429).',
      attempts: 2,
      pauses: 1,
    });
    endpoint().requests = [];
    endpoint().says({ error: { message: 'no' }, status: 429, retryAfter: 3_600 });
    expect(await failing()).toMatchObject({ reason: 'limited', attempts: 1, pauses: 0 });
  });
});

describe('what does not pass is not tried again', () => {
  test.each([
    [401, 'The language model’s endpoint refused the question (401). Check LLM_API_KEY.'],
    [403, 'The language model’s endpoint refused the question (403). Check LLM_API_KEY.'],
    [404, 'The language model’s endpoint refused the question (404). Check LLM_BASE_URL and LLM_MODEL.'],
    [413, 'The language model’s endpoint refused the question (413).'],
  ])('%i', async (status, message) => {
    endpoint().says({ error: { message: `${strangersWords} ${secretKey}` }, status });
    expect(await failing()).toEqual({ reason: 'refused', message, attempts: 1, pauses: 0 });
  });

  test('a quota that is used up', async () => {
    const error = { message: strangersWords, type: 'insufficient_quota', code: 'insufficient_quota' };
    endpoint().says({ error, status: 429 });
    expect(await failing()).toEqual({
      reason: 'limited',
      message: 'The quota at the language model is used up (429).',
      attempts: 1,
      pauses: 0,
    });
  });

  test('a text that is too long', async () => {
    const error = { message: strangersWords, code: 'context_length_exceeded' };
    endpoint().says({ error, status: 400 });
    expect(await failing()).toMatchObject({ reason: 'refused', attempts: 1 });
  });
});

describe('patience ends', () => {
  test('with one attempt before it does with the question', async () => {
    // Patience by hand: a busy machine would spend a real one on its own.
    const patience: { milliseconds: number; end: AbortController }[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(milliseconds => {
      const end = new AbortController();
      patience.push({ milliseconds, end });
      return end.signal;
    });
    endpoint().says(works);
    endpoint().instead = [() => patience[1]?.end.abort()];
    expect((await open({ timeoutMs: 3_000 }).ask()).answer).toEqual({ pet: 'dog' });
    expect(endpoint().requests).toHaveLength(2);
    const [question, first, second] = patience.map(({ milliseconds }) => milliseconds);
    expect([first, second]).toEqual([3_000, 3_000]);
    expect(question).toBeGreaterThan(3_000);
  });

  test.each([
    ['with silence', silence],
    ['with half an answer', halfAnAnswer],
  ])('%s', async (_how, listener) => {
    endpoint().instead = [listener, listener, listener];
    const { reason, message } = await failing({ timeoutMs: 200 });
    expect({ reason, message }).toEqual({
      reason: 'unavailable',
      message: 'The language model took too long.',
    });
  });

  test('for those in the queue as well', async () => {
    endpoint().instead = Array(30).fill(silence);
    const model = open({ timeoutMs: 200 });
    const failures = await Promise.all(Array.from({ length: 12 }, () => model.failure()));
    expect(new Set(failures.map(failure => failure.message))).toEqual(
      new Set(['The language model took too long.']),
    );
  });
});

test('at most four requests are on their way at once', async () => {
  let under_way = 0;
  let most = 0;
  let release = () => {};
  const four = new Promise<void>(resolve => {
    release = resolve;
  });
  endpoint().says(async () => {
    under_way += 1;
    most = Math.max(most, under_way);
    if (under_way === 4) release();
    await four;
    under_way -= 1;
    return works;
  });
  const model = open();
  const answers = await Promise.all(Array.from({ length: 12 }, () => model.ask()));
  expect(answers).toHaveLength(12);
  expect(most).toBe(4);
});

test('a redirect is not followed: neither key nor question reach another host', async () => {
  const visitors: unknown[] = [];
  const elsewhere = createServer((request, response) => {
    visitors.push(request.headers);
    response.end('{}');
  });
  await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve));
  const address = elsewhere.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    for (const status of [301, 302, 307, 308]) {
      endpoint().requests = [];
      endpoint().instead = [answering(status, '', { location: `http://127.0.0.1:${port}/v1` })];
      expect(await failing()).toEqual({
        reason: 'refused',
        message: `The language model’s endpoint refused the question (${status}). It wants to redirect: correct LLM_BASE_URL.`,
        attempts: 1,
        pauses: 0,
      });
    }
    expect(visitors).toEqual([]);
    await fetch(`http://127.0.0.1:${port}/`);
    expect(visitors).toHaveLength(1);
  } finally {
    elsewhere.closeAllConnections();
    await new Promise(resolve => elsewhere.close(resolve));
  }
});

describe('the endpoint is told', () => {
  const connection = [
    'accept-encoding',
    'accept-language',
    'connection',
    'content-length',
    'host',
    'sec-fetch-mode',
  ];
  const headers = () => endpoint().requests[0]?.headers ?? {};
  const names = () =>
    Object.keys(headers())
      .filter(name => !connection.includes(name))
      .sort();

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('its own key and nothing that the environment holds for OpenAI', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-openai');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin');
    vi.stubEnv('OPENAI_ORG_ID', 'org-1');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-1');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'Authorization: Bearer sk-custom\nX-Team: windows');
    vi.stubEnv('OPENAI_LOG', 'debug');
    const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map(name => vi.spyOn(console, name));
    endpoint().says(works);
    await open().ask();
    expect(names()).toEqual(['accept', 'authorization', 'content-type', 'user-agent']);
    expect(headers().authorization).toBe(`Bearer ${secretKey}`);
    expect(printed.map(spy => spy.mock.calls)).toEqual([[], [], [], [], []]);
  });

  test('no key at all when there is none', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-openai');
    endpoint().says(works);
    await open({ apiKey: '' }).ask();
    expect(names()).toEqual(['accept', 'content-type', 'user-agent']);
  });
});
