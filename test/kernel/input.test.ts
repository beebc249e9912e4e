import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { registry } from '../contracts/registered.ts';

const schema = z.strictObject({
  contact_id: z.string().min(1),
  duration_minutes: z.int().min(5).optional(),
  unit_price_cents: z.int().optional(),
  is_price_estimated: z.boolean().optional(),
  status: z.enum(['active', 'inactive']).optional(),
  tags: z.array(z.string()).optional(),
  lines: z.array(z.strictObject({ service_id: z.string(), quantity: z.number().optional() })).optional(),
  custom_fields: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
const json = jsonSchemaOf(schema, 'input');
const parse = (input: unknown) => parseInput(schema, json, input, { aliases: registry.aliases });

function refused(input: unknown) {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof DeskhandError) return { code: error.code, message: error.message, ...error.details };
    throw error;
  }
  throw new Error('the input was taken');
}

describe('what is meant is understood', () => {
  const jane = { contact_id: 'Jane' };

  test.each<[string, unknown, Record<string, unknown>]>([
    ['a number in quotation marks', { ...jane, duration_minutes: '60' }, { duration_minutes: 60 }],
    ['yes and no in quotation marks', { ...jane, is_price_estimated: 'True' }, { is_price_estimated: true }],
    ['one of a few words, however it is written', { ...jane, status: ' Active' }, { status: 'active' }],
    ['camel case', { contactId: 'Jane', durationMinutes: 60 }, { duration_minutes: 60 }],
    [
      'the words of other systems',
      { customer: 'Jane', duration: 60, price: 5 },
      { duration_minutes: 60, unit_price_cents: 500 },
    ],
    ['one thing where a list is wanted', { ...jane, tags: 'rental' }, { tags: ['rental'] }],
    [
      'a name where an object is wanted',
      { ...jane, services: 'Screens' },
      { lines: [{ service_id: 'Screens' }] },
    ],
    [
      'a list of names',
      { ...jane, lines: ['A', { service: 'B', quantity: '2' }] },
      { lines: [{ service_id: 'A' }, { service_id: 'B', quantity: 2 }] },
    ],
    ['members without a value', { ...jane, duration_minutes: null, tags: undefined }, {}],
    ['a number where text is wanted', { contact_id: 4711 }, { contact_id: '4711' }],
  ])('%s', (_what, input, more) => {
    expect(parse(input)).toEqual({ ...jane, ...more });
  });

  test('the members of a free table keep their names, whatever these are', () => {
    const fields = { contactId: 'x', price: 1, constructor: 'y' };
    expect(parse({ ...jane, custom_fields: fields })).toEqual({ ...jane, custom_fields: fields });
  });

  test('and what could mean two things is not guessed', () => {
    expect(refused({ ...jane, is_price_estimated: 1 })).toMatchObject({ field: 'is_price_estimated' });
    expect(refused({ ...jane, duration_minutes: 'an hour' })).toMatchObject({
      field: 'duration_minutes',
      got: 'an hour',
    });
    expect(refused({ ...jane, duration_minutes: '1e3' })).toMatchObject({ field: 'duration_minutes' });
  });
});

describe('what is not understood is refused', () => {
  test('a member nobody knows is answered with the nearest and all others', () => {
    expect(refused({ contact_id: 'Jane', durationminutes: 60 })).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'There is no "durationminutes" here.',
      field: 'durationminutes',
      did_you_mean: ['duration_minutes'],
      valid_options: Object.keys(schema.shape),
    });
    expect(
      refused({ contact_id: 'Jane', lines: [{ service_id: 'S-1', amount: 2, quantitty: 3 }] }),
    ).toMatchObject({
      field: 'lines.0.amount',
      problems: [
        { field: 'lines.0.amount', message: 'There is no "amount" here.' },
        { field: 'lines.0.quantitty', message: 'There is no "quantitty" here.' },
      ],
    });
  });

  test('a value out of the list is answered with the list', () => {
    expect(refused({ contact_id: 'Jane', status: 'activ' })).toMatchObject({
      field: 'status',
      got: 'activ',
      valid_options: ['active', 'inactive'],
      did_you_mean: ['active', 'inactive'],
    });
  });

  test.each<[unknown, string]>([
    [{ status: 'activ' }, '"status" has to be active or inactive.'],
    [{ duration_minutes: 'an hour' }, '"duration_minutes" has to be a whole number.'],
    [{ duration_minutes: 4 }, '"duration_minutes" has to be at least 5.'],
    [{ is_price_estimated: 'perhaps' }, '"is_price_estimated" has to be true or false.'],
    [{ contact_id: '' }, '"contact_id" cannot be empty.'],
    [{ lines: [{ service_id: {} }] }, '"lines.0.service_id" has to be text.'],
    [{ custom_fields: 'a' }, '"custom_fields" has to be an object with members.'],
  ])('what is wrong is said in plain words: %j', (wrong, message) => {
    expect(refused({ contact_id: 'Jane', ...Object(wrong) })).toMatchObject({ message });
  });

  test('what is missing because its name was misspelt is said once, by the nearest name', () => {
    expect(refused({ contct_id: 'Jane', status: 'open' })).toMatchObject({
      message: 'There is no "contct_id" here.',
      did_you_mean: ['contact_id'],
      problems: [
        { field: 'contct_id', did_you_mean: ['contact_id'] },
        { field: 'status', message: '"status" has to be active or inactive.' },
      ],
    });
    // What is far from everything is missing as before.
    expect(refused({ zzz: 'Jane' })).toMatchObject({ field: 'contact_id', problems: [{}, { field: 'zzz' }] });
  });

  test('what is missing is named', () => {
    expect(refused({})).toEqual({
      code: 'VALIDATION_ERROR',
      message: '"contact_id" is missing.',
      field: 'contact_id',
    });
    expect(refused({ contact_id: '' })).toMatchObject({ field: 'contact_id', got: '' });
  });

  test('names that mean something to JavaScript are members like any other', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const input = JSON.parse(`{"contact_id": "Jane", "${name}": {"polluted": true}}`);
      expect(refused(input)).toMatchObject({ code: 'VALIDATION_ERROR', field: name });
    }
    expect({}).not.toHaveProperty('polluted');
  });

  test('long input is not echoed in full', () => {
    const refusal = refused({ contact_id: 'Jane', ['x'.repeat(500)]: 1, status: 'y'.repeat(500) });
    expect(JSON.stringify(refusal).length).toBeLessThan(1500);
  });
});

test('days of the week are understood as people write them, and a word that is none is still refused', () => {
  const days = z.strictObject({ days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])) });
  const read = (words: unknown) =>
    parseInput(days, jsonSchemaOf(days, 'input'), { days: words }, { aliases: registry.aliases });
  expect(read(['Tuesday', 'thurs', ' Sat', 'mon', 'Sundays'])).toEqual({
    days: ['tue', 'thu', 'sat', 'mon', 'sun'],
  });
  expect(read('Friday')).toEqual({ days: ['fri'] });
  for (const word of ['t', 'today', 'Tuesdaily']) expect(() => read([word])).toThrow('has to be mon');
});
