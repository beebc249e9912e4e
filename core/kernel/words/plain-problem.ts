import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a value, for people and agents: `has to be at least 5`. Goes behind the name of the member, whose JSON
 * type is `type`.
 */
export function plainProblem(issue: Issue, type: unknown): string {
  // A schema that says it better itself keeps its words.
  if (!/^(Invalid|Too (big|small))\b/.test(issue.message)) return `is not right: ${issue.message}`;
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${kinds[type === 'integer' ? 'int' : issue.expected] ?? 'something else'}`;
    case 'invalid_value':
      return `has to be ${orOf(issue.values.map(String))}`;
    case 'too_big':
      return limitOf(issue.origin, 'most', Number(issue.maximum));
    case 'too_small':
      return limitOf(issue.origin, 'least', Number(issue.minimum));
    case 'invalid_format':
      return formats[issue.format] ?? 'is not written the way it has to be';
    default:
      return 'cannot be this';
  }
}

const kinds: Readonly<Partial<Record<string, string>>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object with members',
  record: 'an object with members',
  string: 'text',
};

const formats: Readonly<Partial<Record<string, string>>> = {
  date: 'has to be a day such as 2026-12-01',
  datetime: 'has to be a time such as 2026-12-01T09:00:00Z',
  email: 'is not an e-mail address',
  url: 'is not a web address',
  uuid: 'is not an id',
};

/** `customer, prospect or partner`; of many the first few, for all of them stand in `valid_options`. */
function orOf(options: readonly string[]): string {
  const most = 8;
  if (options.length > most) return `one of ${options.slice(0, most).join(', ')}, …`;
  const last = options.at(-1) ?? '';
  return options.length < 2 ? last : `${options.slice(0, -1).join(', ')} or ${last}`;
}

function limitOf(origin: string, side: 'most' | 'least', limit: number): string {
  if (origin === 'string') {
    if (side === 'least' && limit <= 1) return 'cannot be empty';
    return `has to have at ${side} ${limit} characters`;
  }
  if (origin === 'array' || origin === 'set')
    return `has to have at ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `has to be at ${side} ${limit}`;
}
