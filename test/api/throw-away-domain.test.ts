import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineAction, defineView } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useHttp } from '../support/http.ts';

const kites = defineDomain({
  name: 'kite',
  summary: 'Kites, for this test only.',
  actions: [
    defineAction({
      domain: 'kite',
      name: 'create',
      summary: 'Builds a kite.',
      input: z.strictObject({ color: z.enum(['red', 'blue']) }),
      output: z.object({ id: z.string(), color: z.string() }),
      permission: { level: 'unrestricted' },
      effect: 'create',
      undo: 'none',
      run: (_context, { color }) => Promise.resolve({ id: 'K-1', color }),
    }),
    defineAction({
      domain: 'kite',
      name: 'fly_high',
      summary: 'Lets a kite fly.',
      input: z.strictObject({ kite_id: z.string(), meters: z.int().max(100) }),
      output: z.object({ kite_id: z.string(), meters: z.int() }),
      permission: { level: 'soft_limit' },
      effect: 'update',
      run: (_context, input) => Promise.resolve(input),
    }),
    defineAction({
      domain: 'kite',
      name: 'count_all',
      summary: 'Counts kites.',
      input: z.strictObject({}),
      output: z.object({ count: z.int() }),
      permission: { level: 'unrestricted' },
      effect: 'update',
      run: () => Promise.resolve({ count: 1 }),
    }),
  ],
  views: [
    defineView({
      type: 'kite_colors',
      domain: 'kite',
      summary: 'The colors kites have, and what they are mixed from.',
      row: z.object({
        id: z.string(),
        get mixed_from() {
          return z.array(color).optional();
        },
      }),
      params: z.strictObject({ bright: z.boolean().optional() }),
      run: (_context, { params }) => Promise.resolve({ rows: [{ id: params.bright ? 'red' : 'blue' }] }),
    }),
  ],
});

// A schema that refers to itself, as a tree does.
const color = z.object({
  id: z.string(),
  get mixed_from() {
    return z.array(color).optional();
  },
});

const documentShape = z.looseObject({
  paths: z.record(z.string(), z.unknown()),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

const front = useHttp({ domains: [kites] });

test('its actions and data are served without any other edit', async () => {
  const made = await front().post('/api/kite', { color: 'red' });
  expect(made).toMatchObject({ status: 200, data: { id: 'K-1', color: 'red' } });
  const flown = await front().post(
    '/api/kite/K-1/fly-high',
    { meters: 50 },
    { headers: { 'x-reasoning': encodeURIComponent('The wind is good today.') } },
  );
  expect(flown).toMatchObject({ status: 200, data: { kite_id: 'K-1', meters: 50 } });
  expect(await front().post('/api/kite/count-all')).toMatchObject({ status: 200, data: { count: 1 } });
  const general = await front().post('/api/actions', { domain: 'kite', action: 'count_all' });
  expect(general).toMatchObject({ status: 200, data: { count: 1 } });
  for (const path of ['/api/kite-colors?bright=true', '/api/data?type=kite_colors&bright=true']) {
    expect(await front().get(path)).toMatchObject({ status: 200, data: { rows: [{ id: 'red' }] } });
  }
});

test('its rules are those of every action', async () => {
  const silent = await front().post('/api/kite/K-1/fly-high', { meters: 50 });
  expect(silent).toMatchObject({ status: 422, error: { code: 'REASONING_REQUIRED' } });
  const wrong = await front().post('/api/kite', { color: 'green' });
  expect(wrong).toMatchObject({ status: 400, error: { field: 'color', valid_options: ['red', 'blue'] } });
});

test('it stands in the capabilities with its level', async () => {
  const { data } = await front().get('/api/capabilities?domain=kite');
  expect(data.domains).toMatchObject([
    {
      name: 'kite',
      actions: [{ name: 'create' }, { name: 'fly_high', level: 'soft_limit' }, { name: 'count_all' }],
      data_types: [{ type: 'kite_colors' }],
    },
  ]);
});

test('it stands in the OpenAPI document, and its schema still refers to itself', async () => {
  const response = await fetch(`${front().url}/openapi.json`);
  const { paths, components } = documentShape.parse(await response.json());
  expect(paths['/api/kite']).toMatchObject({ post: { operationId: 'kite.create' } });
  expect(paths['/api/kite/{id}/fly-high']).toMatchObject({
    post: {
      operationId: 'kite.fly_high',
      requestBody: {
        content: {
          'application/json': { schema: { properties: { meters: { maximum: 100 } }, required: ['meters'] } },
        },
      },
    },
  });
  expect(paths['/api/kite-colors']).toMatchObject({ get: { operationId: 'kite_colors.list' } });
  const row = components.schemas['kite_colors.row'];
  const text = '#/components/schemas/kite_colors.row';
  const steps = JSON.stringify(row).split(text)[1]?.split('"')[0]?.split('/').slice(1) ?? [];
  const found = steps.reduce<unknown>((at, step) => Reflect.get(Object(at), step), row);
  expect(found).toMatchObject({ properties: { mixed_from: { type: 'array' } } });
});
