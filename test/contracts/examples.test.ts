import { describe, expect, test } from 'vitest';
import { parseInput } from '../../core/kernel/words/parse-input.ts';
import { calls } from './registered.ts';

describe('the example of every action and workflow', () => {
  for (const { id, spec, inputSchema } of calls) {
    test(`${id} is a valid input, written with the members’ own names`, () => {
      expect(spec.example).toBeDefined();
      const { example = {} } = spec;
      expect(parseInput(spec.input, inputSchema, example, {})).toMatchObject(example);
    });
  }
});
