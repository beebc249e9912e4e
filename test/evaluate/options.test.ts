import { describe, expect, test } from 'vitest';
import { readOptions, UsageError } from './options.ts';
import { officeRequests } from './requests/index.ts';

const model = { LLM_BASE_URL: 'http://localhost:11434/v1', LLM_MODEL: 'qwen3' };

/** What is said about a call that cannot be followed. */
function complaint(args: readonly string[], env: NodeJS.ProcessEnv = model): string {
  try {
    readOptions(args, env);
    return 'none';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe('npm run evaluate', () => {
  test('asks everything once of the model that is set', () => {
    const options = readOptions([], model);
    expect(options).toMatchObject({
      trials: 1,
      most_calls: 15,
      json: false,
      best: false,
      out: '.tools/traces',
    });
    expect(options.requests).toEqual(officeRequests);
    expect(options.model).toMatchObject({ baseUrl: 'http://localhost:11434/v1', model: 'qwen3' });
  });

  test('says how to set a model when none is, and that --best needs none', () => {
    expect(complaint([], {})).toMatch(/LLM_BASE_URL=http.*LLM_MODEL=[\s\S]*--best, which needs no model/);
    expect(readOptions(['--best'], {})).toMatchObject({ best: true });
  });

  test.each([
    ['a model without its address', [], { LLM_MODEL: 'qwen3' }, /LLM_BASE_URL/],
    ['an address without a model', [], { LLM_BASE_URL: 'http://localhost:1/v1' }, /LLM_MODEL/],
    ['an option there is not', ['--onyl', 'money'], model, /--onyl[\s\S]*--only NAMES/],
    ['a group there is not', ['--only', 'monny'], model, /no group and no request monny.*money/],
    ['no number of tries', ['--trials', 'many'], model, /--trials is a number/],
    ['no try at all', ['--trials', '0'], model, /--trials is at least 1/],
    ['one price of two', ['--price-in', '0.15'], model, /both prices/],
    ['a price that is none', ['--price-in', 'cheap', '--price-out', '1'], model, /0\.15/],
    ['a database that is none', ['--database', 'mysql://here'], model, /postgres:\/\//],
  ] as const)('says what is wrong with %s', (_what, args, env, says) => {
    expect(complaint(args, env)).toMatch(says);
  });

  test('takes groups and single requests, a few of them, several times', () => {
    const { requests, trials } = readOptions(
      ['--only', 'money,who-hung-up', '--limit', '3', '--trials', '4'],
      model,
    );
    expect(requests.map(({ group }) => group)).toEqual(['looking-up', 'money', 'money']);
    expect(trials).toBe(4);
  });

  test('takes prices from the environment, too', () => {
    const { prices } = readOptions([], { ...model, LLM_PRICE_IN: '0.15', LLM_PRICE_OUT: '0.6' });
    expect(prices).toEqual({ input: 0.15, output: 0.6 });
  });
});
