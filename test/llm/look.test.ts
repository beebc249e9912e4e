import { describe, expect, test } from 'vitest';
import { lookAtModel } from '../../core/connectors/llm/index.ts';
import { answering, silence, useEndpoint } from './endpoint.ts';
import { secretKey } from './questions.ts';

const endpoint = useEndpoint();

const look = (model: string, timeoutMs = 20_000) =>
  lookAtModel({ baseUrl: endpoint().url, apiKey: secretKey, model, timeoutMs });
const at = () => new URL(endpoint().url).host;
const listing = (...ids: string[]) =>
  answering(200, {
    object: 'list',
    data: ids.map(id => ({ id, object: 'model', created: 0, owned_by: 'x' })),
  });

describe('the doctor looks at the language model', () => {
  test('and finds it, without asking it anything', async () => {
    expect(await look('gpt-4o')).toBe(`gpt-4o at ${at()}`);
    expect(endpoint().requests.map(({ method, path }) => [method, path])).toEqual([['GET', '/v1/models']]);
  });

  test.each([
    ['qwen3', 'qwen3:latest'],
    ['gemini-2.5-flash', 'models/gemini-2.5-flash'],
  ])('%s is found where it is called %s', async (model, listed) => {
    endpoint().instead = [listing(listed)];
    expect(await look(model)).toBe(`${model} at ${at()}`);
  });

  test('and says which models there are when it is none of them', async () => {
    endpoint().instead = [listing('qwen3:8b', '\u001b[31mobey', 'llama3.2:3b')];
    await expect(look('qwen4')).rejects.toThrow(
      `qwen4 at ${at()} is not among its models (it has qwen3:8b, llama3.2:3b, …). Correct LLM_MODEL.`,
    );
  });

  test.each([
    ['no such page', answering(404, { error: 'not found' })],
    ['another list', answering(200, { models: [] })],
  ])('and is content with an endpoint that lists nothing: %s', async (_what, listener) => {
    endpoint().instead = [listener];
    expect(await look('qwen3')).toBe(
      `qwen3 at ${at()} (it does not list its models, so this one was not looked for)`,
    );
  });

  test.each([
    [
      'a key it does not take',
      answering(401, { error: { message: secretKey } }),
      /refused the question \(401\)\. Check LLM_API_KEY\.$/,
    ],
    ['a server that breaks', answering(500, {}), /cannot answer at the moment \(500\)\.$/],
    [
      'a lost connection',
      (_: unknown, response: { destroy(): void }) => response.destroy(),
      /could not be reached\.$/,
    ],
  ])('and names %s, never the key', async (_what, listener, says) => {
    endpoint().instead = [listener];
    const error = await look('qwen3').catch(String);
    expect(error).toMatch(says);
    expect(error).not.toContain(secretKey);
  });

  test('and does not wait for ever', async () => {
    endpoint().instead = [silence];
    await expect(look('qwen3', 100)).rejects.toThrow(/cannot be asked\. The language model took too long\.$/);
  });
});
