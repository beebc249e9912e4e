import { setImmediate as othersFirst } from 'node:timers/promises';
import { z } from 'zod';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { errorCodes } from '../../core/kernel/words/errors.ts';

/** JSON Schema of the 2020-12 draft, which OpenAPI 3.1 uses as it is. */
export type Schema = Record<string, unknown>;

export const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const componentName = (of: string, part: 'input' | 'list' | 'output' | 'row'): string =>
  `${of}.${part}`;

/** The schemas that operations point to: inputs, outputs and rows of everything registered, and the envelope's parts. */
export async function apiComponents(registry: Registry): Promise<Record<string, Schema>> {
  const components: Record<string, Schema> = { ...shared };
  const add = (name: string, schema: Schema) => {
    components[name] = embed(schema, name);
  };
  for (const { id, inputSchema, spec } of [...registry.actions.values(), ...registry.workflows.values()]) {
    await othersFirst();
    add(componentName(id, 'input'), inputSchema);
    add(componentName(id, 'output'), outputSchema(spec.output));
    const list = registry.lists.get(id);
    if (list) add(componentName(id, 'list'), list.call.inputSchema);
  }
  for (const { spec } of registry.views.values()) {
    await othersFirst();
    // `fields` chooses members and `include` adds some, so none of them is certain to be there.
    const { required: _required, properties, ...row } = outputSchema(spec.row);
    const included = Object.entries(spec.includes ?? {}).map(([name, description]) => [
      name,
      { description },
    ]);
    add(componentName(spec.type, 'row'), {
      ...row,
      properties: { ...membersOf(properties), ...Object.fromEntries(included) },
    });
  }
  return components;
}

/**
 * A JSON Schema as part of the document: its own `$ref`s point into the document, and our marks for the pipeline become
 * words.
 */
export function embed(schema: Schema, name: string): Schema {
  const { $schema: _schema, ...rest } = schema;
  return JSON.parse(
    JSON.stringify(rest, (member, value: unknown) => {
      if (member === '$ref' && typeof value === 'string' && !value.startsWith('#/components/')) {
        return value.replace('#', `#/components/schemas/${name}`);
      }
      return isMarked(value) ? inWords(value) : value;
    }),
  );
}

const outputSchema = (schema: z.ZodType): Schema => ({
  ...z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }),
});

/** The members of a JSON Schema of an object. */
export const membersOf = (properties: unknown): Record<string, unknown> =>
  typeof properties === 'object' && properties !== null ? { ...properties } : {};

interface Marked {
  ref?: unknown;
  text_kind?: unknown;
}

const isMarked = (value: unknown): value is Marked =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  ((Object.hasOwn(value, 'ref') && typeof Reflect.get(value, 'ref') === 'string') ||
    Reflect.get(value, 'text_kind') !== undefined);

function inWords({ ref, text_kind: _marked, ...rest }: Marked): object {
  return ref === undefined ? rest : { description: `Id, reference or name of a ${String(ref)}.`, ...rest };
}

const shared: Readonly<Record<string, Schema>> = {
  Meta: {
    type: 'object',
    required: ['timestamp', 'request_id'],
    properties: {
      timestamp: { type: 'string', format: 'date-time' },
      request_id: { type: 'string', format: 'uuid' },
      warnings: { type: 'array', items: { type: 'string' } },
      next_cursor: { type: 'string', description: 'Send it as cursor to read on.' },
      totals: { type: 'object', description: 'How many rows there are in all and what they come to.' },
      undo: {
        type: 'string',
        description: 'Takes it back as of in audit.undo; "none: " and why when nothing does.',
      },
      replayed: { type: 'boolean', description: 'The answer of the first call with this idempotency key.' },
    },
  },
  Error: {
    type: 'object',
    required: ['code', 'message', 'retryable', 'type', 'title', 'status', 'detail'],
    properties: {
      code: { type: 'string', enum: Object.keys(errorCodes) },
      message: { type: 'string' },
      field: { type: 'string', description: 'Path of the offending member.' },
      got: { description: 'What was received there.' },
      valid_options: { type: 'array' },
      did_you_mean: { type: 'array', items: { type: 'string' } },
      hint: { type: 'string', description: 'What to do next.' },
      retryable: { type: 'boolean', description: 'Whether the very same call can succeed later.' },
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
    },
  },
  Refusal: {
    type: 'object',
    required: ['success', 'data', 'error', 'meta'],
    properties: {
      success: { const: false },
      data: { type: 'null' },
      error: reference('Error'),
      meta: reference('Meta'),
    },
  },
  Pending: {
    type: 'object',
    required: ['status', 'request'],
    properties: {
      status: { const: 'pending_authorization' },
      request: { type: 'string', description: 'Reference of the request: R-12.' },
      rule: { type: 'string' },
      reason: { type: 'string' },
      expires_at: { type: 'string', format: 'date-time' },
      hint: { type: 'string' },
    },
  },
};
