import { describe, expect, test } from 'vitest';
import { readConfig } from '../../api/config.ts';
import { ConfigError } from '../../api/settings/values.ts';

const llmOf = (env: Record<string, string>) => readConfig(env).llm;
const LLM_BASE_URL = 'https://llm.example.com/v1';
const LLM_MODEL = 'qwen3:8b';

describe('the language model is', () => {
  test('none when nothing is said', () => {
    expect(llmOf({})).toBeUndefined();
    expect(
      llmOf({ LLM_BASE_URL: '', LLM_API_KEY: '', LLM_MODEL: '', LLM_TIMEOUT_SECONDS: '' }),
    ).toBeUndefined();
  });

  test('the one that is named, with its key', () => {
    expect(llmOf({ LLM_BASE_URL: `${LLM_BASE_URL}/`, LLM_API_KEY: 'sk-1', LLM_MODEL })).toEqual({
      baseUrl: LLM_BASE_URL,
      apiKey: 'sk-1',
      model: 'qwen3:8b',
      timeoutMs: 30_000,
    });
  });

  test.each([
    ['on this machine, with a key', { LLM_BASE_URL: 'http://localhost:11434/v1', LLM_API_KEY: 'sk-1' }],
    ['on this machine by number', { LLM_BASE_URL: 'http://[::1]:11434/v1', LLM_API_KEY: 'sk-1' }],
    ['in the office, without a key', { LLM_BASE_URL: 'http://192.168.1.20:8000/v1' }],
  ])('one in clear %s', (_where, env) => {
    expect(llmOf({ ...env, LLM_MODEL })).toMatchObject({ baseUrl: env.LLM_BASE_URL });
  });

  test('waited for as long as is said', () => {
    expect(llmOf({ LLM_BASE_URL, LLM_MODEL, LLM_TIMEOUT_SECONDS: '45' })).toMatchObject({
      timeoutMs: 45_000,
    });
  });
});

describe('a setting that cannot be used says what to do, and repeats no secret', () => {
  const given = { LLM_BASE_URL, LLM_MODEL };
  test.each<[Record<string, string>, RegExp]>([
    [
      { LLM_MODEL },
      /^LLM_MODEL is set without LLM_BASE_URL; .* LLM_BASE_URL=https:\/\/api\.openai\.com\/v1\.$/,
    ],
    [{ LLM_API_KEY: 'sk-secret', LLM_MODEL }, /^LLM_API_KEY is set without LLM_BASE_URL; /],
    [
      { LLM_BASE_URL },
      /^LLM_BASE_URL is set without LLM_MODEL; name the model, such as LLM_MODEL=qwen3:8b\.$/,
    ],
    [
      { ...given, LLM_BASE_URL: 'localhost:11434' },
      /^LLM_BASE_URL is no address of a language model; write it as /,
    ],
    [
      { ...given, LLM_BASE_URL: 'ftp://secret.example.com' },
      /^LLM_BASE_URL is no address of a language model; /,
    ],
    [
      { ...given, LLM_BASE_URL: `${LLM_BASE_URL}?key=secret` },
      /^LLM_BASE_URL is no address of a language model; /,
    ],
    [
      { ...given, LLM_BASE_URL: `${LLM_BASE_URL}/chat/completions` },
      /^LLM_BASE_URL is no address of a language model; write it as https:\/\/api\.openai\.com\/v1 or /,
    ],
    [
      { ...given, LLM_BASE_URL: 'https://me:secret@llm.example.com/v1' },
      /^LLM_BASE_URL has a login in it; .* LLM_API_KEY\.$/,
    ],
    [
      { ...given, LLM_BASE_URL: 'http://llm.example.com/v1', LLM_API_KEY: 'sk-secret' },
      /^LLM_BASE_URL is no https:\/\/ address, and LLM_API_KEY would travel in clear; /,
    ],
    [{ ...given, LLM_API_KEY: 'sk secret' }, /^LLM_API_KEY has characters no key has; /],
    [{ ...given, LLM_MODEL: '"qwen3 8b"' }, /^LLM_MODEL has characters no name has; /],
    [
      { ...given, LLM_TIMEOUT_SECONDS: '0' },
      /^LLM_TIMEOUT_SECONDS is "0"; use a number from 1 to 50, such as 30\.$/,
    ],
    [{ ...given, LLM_TIMEOUT_SECONDS: '60' }, /^LLM_TIMEOUT_SECONDS is "60"; /],
    [{ ...given, LLM_TIMEOUT_SECONDS: '1e1' }, /^LLM_TIMEOUT_SECONDS is "1e1"; /],
  ])('%o', (env, says) => {
    const read = () => llmOf(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(says);
    expect(read).not.toThrow(/secret/);
  });
});
