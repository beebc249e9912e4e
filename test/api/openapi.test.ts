import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { useHttp } from '../support/http.ts';

const front = useHttp();

const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['query', 'path', 'header']),
        description: z.string(),
        required: z.boolean().optional(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z
    .strictObject({
      content: z.strictObject({
        'application/json': z.strictObject({
          schema: z.looseObject({}),
          examples: z.record(z.string(), z.strictObject({ value: z.looseObject({}) })).optional(),
        }),
      }),
    })
    .optional(),
  responses: z.record(
    z.string().regex(/^(\d{3}|default)$/),
    z.looseObject({ description: z.string(), content: z.looseObject({ 'application/json': z.unknown() }) }),
  ),
});

const openApi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})),
    securitySchemes: z.strictObject({
      key: z.looseObject({ type: z.literal('http') }),
      session: z.looseObject({ type: z.literal('apiKey') }),
    }),
  }),
});

let raw: unknown;
let document: z.infer<typeof openApi>;

beforeAll(async () => {
  const response = await fetch(`${front().url}/openapi.json`);
  expect(response.status).toBe(200);
  raw = await response.json();
  document = openApi.parse(raw);
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, value]) => ({ path, method, ...operation.parse(value) })),
  );

test('nobody needs a key to read it, and it is OpenAPI 3.1 in its structure', () => {
  expect(operations().length).toBeGreaterThan(60);
  expect(document.servers).toEqual([{ url: front().url }]);
});

test('every reference in it leads somewhere', () => {
  const references: string[] = [];
  JSON.stringify(raw, (name, value: unknown) => {
    if (name === '$ref' && typeof value === 'string') references.push(value);
    return value;
  });
  expect(references.length).toBeGreaterThan(100);
  for (const reference of new Set(references)) {
    const found = reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((at, step) => (typeof at === 'object' && at ? Reflect.get(at, step) : undefined), raw);
    expect(found, reference).toBeTypeOf('object');
  }
});

test('every operation has a name of its own and declares the parameters of its path', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, parameters = [] } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
    const declared = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name);
    expect(declared, path).toEqual(inPath);
    const names = parameters.map(parameter => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size, path).toBe(names.length);
  }
});

test('every action, data type and workflow is in it', () => {
  const { registry } = front().office.app;
  const ids = operations().map(({ operationId }) => operationId);
  expect(ids).toEqual(
    expect.arrayContaining([
      ...registry.actions.keys(),
      ...registry.workflows.keys(),
      ...[...registry.views.keys()].map(type => `${type}.list`),
    ]),
  );
  const booking = document.paths['/api/tickets']?.post?.requestBody?.content['application/json'];
  expect(booking?.examples?.story?.value).toEqual(registry.action('ticket.create').spec.example);
  const body = JSON.stringify(document.paths['/api/actions']?.post?.requestBody);
  for (const id of registry.actions.keys()) expect(body).toContain(`#/components/schemas/${id}.input`);
});

test('what the server does is what the document says', async () => {
  const created = await front().post('/api/contacts', { full_name: 'Documented Dora' });
  expect(document.paths['/api/contacts']?.post?.operationId).toBe('contact.create');
  const output = z
    .looseObject({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) })
    .parse(document.components.schemas['contact.create.output']);
  expect(Object.keys(created.data).sort()).toEqual(Object.keys(output.properties).sort());
  expect(Object.keys(created.data)).toEqual(expect.arrayContaining(output.required));
  expect(document.paths['/api/contacts/{id}/set-preferences']?.post?.parameters?.[0]).toMatchObject({
    name: 'id',
    in: 'path',
    required: true,
  });
});
