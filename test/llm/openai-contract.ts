import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const contract = z
  .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), schema) }) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/contracts/openai.json', import.meta.url), 'utf8')));
const { schemas } = contract.components;

// The contract leaves its objects open, and a misspelt member would pass: here every member must be one it names. What
// is only a part of something else stays open, and the whole is closed in its place.
const parts = ['ModelResponseProperties', 'CreateModelResponseProperties'];
for (const [name, part] of Object.entries(schemas)) if (!parts.includes(name)) close(part);
Object.assign(schemas.CreateChatCompletionRequest ?? {}, { unevaluatedProperties: false });

function close(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) close(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, member] of Object.entries(value)) if (name !== 'allOf') close(member);
  if ('properties' in value && !('additionalProperties' in value)) {
    Object.assign(value, { unevaluatedProperties: false });
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addFormat('unixtime', { type: 'number', validate: Number.isInteger });
ajv.addSchema(contract, 'openai');
const isBody = ajv.compile({ $ref: 'openai#/components/schemas/CreateChatCompletionRequest' });

export interface SentRequest {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: unknown;
}

const nested = z.looseObject({
  response_format: z.looseObject({ json_schema: z.looseObject({ schema }).optional() }).optional(),
  tools: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), parameters: schema }) }))
    .optional(),
});

/** What OpenAI's contract has against a request; nothing when it is as described. */
export function breachesOf({ method, path, headers, body }: SentRequest): string[] {
  if (method === 'GET' && path === '/v1/models') return [];
  if (method !== 'POST' || path !== '/v1/chat/completions') return [`there is no ${method} ${path}`];
  const { response_format, tools = [] } = nested.parse(body);
  const schemas = [response_format?.json_schema?.schema, ...tools.map(tool => tool.function.parameters)];
  return [
    ...(headers['content-type'] === 'application/json' ? [] : ['the content type is not application/json']),
    ...(isBody(body) ? [] : told('body', isBody.errors)),
    ...schemas.flatMap(part => (part === undefined || ajv.validateSchema(part) ? [] : ['no JSON Schema'])),
    // Said in the description of the contract, not in its schema.
    ...tools.flatMap(tool => (/^[\w-]{1,64}$/.test(tool.function.name) ? [] : ['no name of a function'])),
  ];
}

const told = (where: string, errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map(error => `${where}${error.instancePath} ${error.message}`);
