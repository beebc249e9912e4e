import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ref } from '../../core/kernel/records/references.ts';
import { slimJsonSchema, toolSchema } from '../../mcp/schema.ts';

describe('the schema of a tool input', () => {
  test('says each thing once: no patterns beside formats, no bounds that bind nothing', () => {
    const input = z.strictObject({
      customer: z.string().min(1).describe('Reference or name'),
      starts_at: z.iso.datetime({ offset: true }).optional(),
      quantity: z.int().min(1).max(500).default(1),
      count: z.int().optional(),
      custom_fields: z.record(z.string(), z.unknown()).optional(),
    });
    expect(toolSchema(input, 'input')).toEqual({
      type: 'object',
      properties: {
        customer: { type: 'string', minLength: 1, description: 'Reference or name' },
        starts_at: { type: 'string', format: 'date-time' },
        quantity: { type: 'integer', minimum: 1, maximum: 500, default: 1 },
        count: { type: 'integer' },
        custom_fields: { type: 'object' },
      },
      required: ['customer'],
      additionalProperties: false,
    });
  });

  test('says of what is pointed to that it is, not how long its words may be', () => {
    const input = z.strictObject({ ticket_id: ref('ticket', { fitting: 'to_bill', or_others: true }) });
    expect(toolSchema(input, 'input').properties).toEqual({ ticket_id: { type: 'string', ref: 'ticket' } });
  });

  test('leaves out a long pattern that is said in words', () => {
    const text = z.string().regex(/^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/);
    const input = z.strictObject({ said: text.meta({ description: 'local time' }), bare: text });
    expect(toolSchema(input, 'input').properties).toMatchObject({
      said: { type: 'string', description: 'local time' },
      bare: { pattern: expect.any(String) },
    });
    expect(toolSchema(input, 'input').properties).not.toHaveProperty('said.pattern');
  });

  test('keeps a pattern that stands alone', () => {
    const input = z.strictObject({ slug: z.string().regex(/^[a-z]+$/) });
    expect(toolSchema(input, 'input')).toMatchObject({ properties: { slug: { pattern: '^[a-z]+$' } } });
  });

  test('keeps members that are named like keywords, and default values that look like schemas', () => {
    const input = z.strictObject({
      pattern: z.string().optional(),
      format: z.string().optional(),
      filter: z.looseObject({}).default({ $schema: 'kept' }),
    });
    expect(toolSchema(input, 'input')).toMatchObject({
      properties: {
        pattern: { type: 'string' },
        format: { type: 'string' },
        filter: { default: { $schema: 'kept' } },
      },
    });
  });

  test('writes a choice of types so that every client takes it', () => {
    const input = z.strictObject({ value: z.union([z.string(), z.number()]) });
    expect(toolSchema(input, 'input')).toMatchObject({
      properties: { value: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    });
  });

  test('must be an object', () => {
    expect(() =>
      toolSchema(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), 'input'),
    ).toThrow('A tool input must be an object');
  });
});

describe('the schema of a tool output', () => {
  test('asks for its members or an error, and may grow', () => {
    expect(toolSchema(z.object({ ticket: z.string(), note: z.string().optional() }), 'output')).toEqual({
      type: 'object',
      properties: { ticket: { type: 'string' }, note: { type: 'string' }, error: { type: 'object' } },
      anyOf: [{ required: ['ticket'] }, { required: ['error'] }],
    });
  });

  test('asks for nothing inside of its members: answers leave out what is empty, and ids beside references', () => {
    const contact = z.object({ id: z.string(), phone: z.string().nullable() });
    expect(toolSchema(z.object({ contacts: z.array(contact) }), 'output')).toMatchObject({
      properties: {
        contacts: {
          items: {
            properties: { id: { type: 'string' }, phone: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
          },
        },
      },
      anyOf: [{ required: ['contacts'] }, { required: ['error'] }],
    });
    expect(JSON.stringify(toolSchema(z.object({ contact }), 'output'))).not.toContain('"required":["id"');
  });

  test('may be a choice between answers', () => {
    const output = z.union([z.object({ ticket: z.string() }), z.object({ slots: z.array(z.string()) })]);
    expect(toolSchema(output, 'output')).toEqual({
      type: 'object',
      properties: { error: { type: 'object' } },
      anyOf: [
        { type: 'object', properties: { ticket: { type: 'string' } }, required: ['ticket'] },
        {
          type: 'object',
          properties: { slots: { type: 'array', items: { type: 'string' } } },
          required: ['slots'],
        },
        { required: ['error'] },
      ],
    });
  });

  test('must be an object or a choice of objects', () => {
    expect(() => toolSchema(z.array(z.string()), 'output')).toThrow('A tool output must be an object');
  });
});

test('slimming twice changes nothing more', () => {
  const once = slimJsonSchema(z.toJSONSchema(z.object({ day: z.iso.date(), id: z.uuid(), n: z.int() })));
  expect(slimJsonSchema(once)).toEqual(once);
  expect(JSON.stringify(once)).not.toMatch(/pattern|\$schema|9007199254740991/);
});
