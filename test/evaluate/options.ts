import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../../api/config.ts';
import { ConfigError } from '../../api/settings/values.ts';
import type { ModelSettings } from '../../core/connectors/llm/index.ts';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { officeRequests } from './requests/index.ts';
import { groups, type OfficeRequest } from './requests/request.ts';
import type { Prices } from './results.ts';

export interface Options {
  requests: readonly OfficeRequest[];
  trials: number;
  most_calls: number;
  json: boolean;
  /** Play the shortest way through every request instead of asking a model. */
  best: boolean;
  /** Where the traces of what went wrong are written. */
  out: string;
  /** Undefined: a PostgreSQL of its own in a temporary folder. */
  database?: DatabaseAddress;
  prices?: Prices;
  /** Undefined with `best`. */
  model?: ModelSettings;
}

export const usage = `npm run evaluate -- [options]: has a model do ${officeRequests.length} requests of an owner with our tools, and grades them.

LLM_BASE_URL, LLM_MODEL and LLM_API_KEY say where the model is: any OpenAI-compatible endpoint that can call tools.
  --best              no model: the shortest way through each request, and what it costs a model
  --only NAMES        groups (${Object.keys(groups).join(', ')}) or requests, with commas
  --limit N           the first N of them
  --trials K          each K times; pass^1 … pass^K
  --max-calls N       calls of tools until a request is given up (15)
  --price-in, --price-out DOLLARS   for a million tokens; or LLM_PRICE_IN and LLM_PRICE_OUT
  --out FOLDER        where the traces of what went wrong go (.tools/traces)
  --json              one JSON document instead of words
  --database URL      postgres://… of an account that may make databases; otherwise one of its own is started`;

/** A way of calling it that cannot be followed; the message says what to do. */
export class UsageError extends Error {}

const count = (name: string) =>
  z.coerce
    .number(`--${name} is a number.`)
    .int(`--${name} is a whole number.`)
    .min(1, `--${name} is at least 1.`);
const price = z.coerce
  .number('A price is a number of dollars for a million tokens, such as 0.15.')
  .min(0, 'A price is not below 0.');

/** Reads the command line and the environment. Throws UsageError with what to do next. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const values = parse(args);
  const best = values.best ?? false;
  const model = best ? undefined : readModel(env);
  const input = values['price-in'] ?? env.LLM_PRICE_IN;
  const output = values['price-out'] ?? env.LLM_PRICE_OUT;
  if ((input === undefined) !== (output === undefined)) {
    throw new UsageError('Give both prices, --price-in and --price-out, in dollars for a million tokens.');
  }
  return {
    requests: choose(values.only).slice(
      0,
      read(count('limit'), values.limit ?? String(officeRequests.length)),
    ),
    trials: read(count('trials'), values.trials ?? '1'),
    most_calls: read(count('max-calls'), values['max-calls'] ?? '15'),
    json: values.json ?? false,
    best,
    out: values.out ?? '.tools/traces',
    ...(values.database === undefined ? {} : { database: readDatabase(values.database) }),
    ...(input === undefined || output === undefined
      ? {}
      : { prices: { input: read(price, input), output: read(price, output) } }),
    ...(model ? { model } : {}),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const on = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        best: on,
        json: on,
        only: text,
        limit: text,
        trials: text,
        'max-calls': text,
        'price-in': text,
        'price-out': text,
        out: text,
        database: text,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function read<T>(schema: z.ZodType<T>, text: string): T {
  const { success, data, error } = schema.safeParse(text);
  if (!success) throw new UsageError(error.issues[0]?.message ?? 'That cannot be read.');
  return data;
}

/** Requests of the groups and names that are given, in their order; all without. */
function choose(only: string | undefined): readonly OfficeRequest[] {
  if (only === undefined) return officeRequests;
  const names = only.split(',').map(name => name.trim());
  const unknown = names.filter(
    name => !officeRequests.some(request => request.group === name || request.name === name),
  );
  if (unknown.length > 0) {
    throw new UsageError(
      `There is no group and no request ${unknown.join(', ')}. Groups: ${Object.keys(groups).join(', ')}. Requests: ${officeRequests.map(({ name }) => name).join(', ')}.`,
    );
  }
  return officeRequests.filter(({ group, name }) => names.includes(group) || names.includes(name));
}

function readModel(env: NodeJS.ProcessEnv): ModelSettings {
  const { llm } = config({
    LLM_BASE_URL: env.LLM_BASE_URL,
    LLM_MODEL: env.LLM_MODEL,
    LLM_API_KEY: env.LLM_API_KEY,
  });
  if (llm) return llm;
  throw new UsageError(
    'No model is set. Say where one is, such as\n' +
      '  LLM_BASE_URL=http://localhost:11434/v1 LLM_MODEL=qwen3 npm run evaluate\n' +
      'with LLM_API_KEY where the endpoint wants a key; or run npm run evaluate -- --best, which needs no model.',
  );
}

function readDatabase(url: string): DatabaseAddress {
  const { database } = config({ DATABASE_URL: url });
  if (database) return database;
  throw new UsageError('--database is empty; write postgres://user:password@host:5432/postgres.');
}

function config(env: NodeJS.ProcessEnv) {
  try {
    return readConfig(env);
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message) : error;
  }
}
