import type { Registry } from '../../core/kernel/registry/registry.ts';
import { errorCodes } from '../../core/kernel/words/errors.ts';
import { embed, reference, type Schema } from './openapi-schemas.ts';

// What operations are put together from: parameters, bodies and answers.

export type Json = Record<string, unknown>;

export const query = (name: string, schema: Schema, description: string): Json => ({
  name,
  in: 'query',
  description,
  schema,
});

export const pathId: Json = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id, reference (C-1042) or name.',
  schema: { type: 'string' },
};

const formatParameter = query(
  'format',
  { type: 'string', enum: ['json', 'csv'], default: 'json' },
  'csv answers the rows alone, with a header; the next page stands in the Link header.',
);
const fileFormat = (format: string): Json =>
  query(
    'format',
    { type: 'string', enum: ['json', 'csv', format], default: 'json' },
    `csv answers the rows alone, ${format} the file that people print.`,
  );
export const fieldsParameter = query(
  'fields',
  { type: 'string' },
  'Members of the answer, separated by commas.',
);

export const readParameters: readonly Json[] = [
  query('search', { type: 'string' }, 'Words to search for.'),
  query('filter', { type: 'string' }, 'A preset of the data type.'),
  query('sort', { type: 'string' }, 'A member; with "-" in front, descending.'),
  query('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }, 'Rows of one page.'),
  query('cursor', { type: 'string' }, 'meta.next_cursor of the page before.'),
  query('totals', { type: 'boolean' }, 'Answer what all rows come to as meta.totals.'),
  fieldsParameter,
  formatParameter,
];

export function includeParameter(includes: Readonly<Record<string, string>> = {}): Json {
  const known = Object.entries(includes).map(([name, summary]) => `${name} (${summary})`);
  const text = known.length > 0 ? ` ${known.join(', ')}.` : '';
  return query('include', { type: 'string' }, `Relations to read along, separated by commas.${text}`);
}

export function listParameters(registry: Registry, type: string): Json[] {
  const { spec, paramsSchema } = registry.view(type);
  const required: unknown[] = Array.isArray(paramsSchema.required) ? paramsSchema.required : [];
  const filters = Object.entries(paramsSchema.properties ?? {}).map(([name, schema]) => ({
    ...query(name, embed(schema, name), `Filter by ${name.replaceAll('_', ' ')}.`),
    ...(required.includes(name) ? { required: true } : {}),
  }));
  const offered = readParameters.filter(({ name }) => {
    if (name === 'search') return spec.searchable === true;
    if (name === 'filter') return Object.keys(spec.filters ?? {}).length > 0;
    if (name === 'totals') return spec.totals !== undefined;
    return name !== 'sort' || (spec.sorts ?? []).length > 0;
  });
  const { file } = spec;
  const said = file ? offered.map(one => (one === formatParameter ? fileFormat(file.format) : one)) : offered;
  return [...filters, ...said, includeParameter(spec.includes)];
}

export const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

export const writeParameters: readonly Json[] = [
  query('preview', { type: 'boolean' }, 'Tell what would change and go out, and change nothing.'),
  header('Idempotency-Key', 'The same key with the same input is answered once and done once.'),
  header('X-Reasoning', 'Why, percent-encoded; some actions of agents need it.'),
  header('X-CSRF-Token', 'For callers with a session cookie.'),
];

export const body = (schema: Schema, example: Json = {}): Json => ({
  content: {
    'application/json': {
      schema,
      ...(Object.keys(example).length > 0 ? { examples: { story: { value: example } } } : {}),
    },
  },
});

export const listOf = (row: Schema): Schema => ({
  type: 'object',
  required: ['rows'],
  properties: { rows: { type: 'array', items: row } },
});

export const answer = (description: string, data: Schema): Json => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['success', 'data', 'error', 'meta'],
        properties: {
          success: { const: true },
          data,
          error: { type: 'null' },
          meta: reference('Meta'),
        },
      },
    },
  },
});

export const refusal: Json = {
  description: `A refusal: ${Object.entries(errorCodes)
    .map(([code, { status }]) => `${code} ${status}`)
    .join(', ')}.`,
  content: { 'application/json': { schema: reference('Refusal') } },
};

/** What a read answers. */
export const responses = (data: Schema): Json => ({ 200: answer('Done.', data), default: refusal });

/** What a call answers. */
export const writeResponses = (data: Schema): Json => ({
  200: answer('Done; with preview, what would happen.', data),
  202: answer('Nothing has changed yet: it waits for the owner.', reference('Pending')),
  default: refusal,
});
