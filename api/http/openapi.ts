import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { jsonSchemaOf } from '../../core/kernel/words/parse-input.ts';
import { carriedMembers } from './call.ts';
import { sessionCookieName } from './credentials.ts';
import {
  answer,
  body,
  fieldsParameter,
  header,
  includeParameter,
  type Json,
  listOf,
  listParameters,
  pathId,
  query,
  readParameters,
  refusal,
  responses,
  writeParameters,
  writeResponses,
} from './openapi-parts.ts';
import { apiComponents, componentName, embed, membersOf, reference, type Schema } from './openapi-schemas.ts';
import type { Route } from './rest.ts';

export interface ApiDescription {
  openapi: '3.1.0';
  info: Json;
  servers: Json[];
  security: Json[];
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Json };
}

/**
 * The OpenAPI 3.1 document of everything that is registered (PLT-49). Generated, never written. It takes half a second of
 * work, done a piece at a time: calls that come in meanwhile are answered between.
 */
export async function describeApi(
  registry: Registry,
  routes: readonly Route[],
  options: { baseUrl: string; version: string },
): Promise<ApiDescription> {
  const paths: ApiDescription['paths'] = {
    ...openPaths,
    '/public/leads': { post: inquiryOperation(registry) },
  };
  for (const route of routes) {
    await othersFirst();
    const path = route.path.replace(':id', '{id}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(registry, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskhand',
      version: options.version,
      description:
        'Every answer is {success, data, error, meta}. What each caller may do, and when an action waits for the owner, is told by /api/capabilities.',
    },
    servers: [{ url: options.baseUrl }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      schemas: await apiComponents(registry),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'The key of an agent.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName(options.baseUrl),
          description: 'A signed-in person; changes also need the X-CSRF-Token header.',
        },
      },
    },
  };
}

function operation(registry: Registry, { method, path, target }: Route): Json {
  if (target.kind === 'actions') return actionsOperation(registry);
  if (target.kind === 'data') return dataOperation(registry);
  if (target.kind === 'capabilities') return capabilitiesOperation(registry);
  if (target.kind === 'view') {
    const { spec } = registry.view(target.type);
    const row = reference(componentName(spec.type, 'row'));
    const parameters = target.single
      ? [pathId, includeParameter(spec.includes), fieldsParameter]
      : listParameters(registry, target.type);
    return {
      operationId: `${spec.type}.${target.single ? 'get' : 'list'}`,
      tags: [spec.domain],
      summary: target.single ? `One of: ${spec.summary}` : spec.summary,
      parameters,
      responses: responses(target.single ? row : listOf(row)),
    };
  }
  const found = registry.workflows.get(target.action) ?? registry.action(target.action);
  const { spec } = found;
  const people = spec.kind === 'action' && spec.human_only === true;
  return {
    operationId: method === 'PUT' ? `${found.id}.put` : found.id,
    tags: [spec.kind === 'action' ? spec.domain : 'workflow'],
    summary: people ? `${spec.summary} For people only.` : spec.summary,
    parameters: [...(path.includes(':id') ? [pathId] : []), ...writeParameters],
    requestBody: body(
      inputFor(componentName(found.id, 'input'), found.inputSchema, target.member),
      exampleFor(spec.example, target.member),
    ),
    responses: writeResponses(reference(componentName(found.id, 'output'))),
  };
}

/** The path names the record, so the body does not. */
function inputFor(name: string, schema: Schema, member: string | undefined): Schema {
  if (member === undefined) return reference(name);
  const { properties, required, ...rest } = embed(schema, name);
  const others = Array.isArray(required) ? required.filter(item => item !== member) : [];
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(membersOf(properties)).filter(([item]) => item !== member)),
    ...(others.length > 0 ? { required: others } : {}),
  };
}

/** The example without what the path names. */
function exampleFor(example: Json = {}, member: string | undefined): Json {
  return Object.fromEntries(Object.entries(example).filter(([name]) => name !== member));
}

function actionsOperation(registry: Registry): Json {
  const { properties: carried = {} } = jsonSchemaOf(carriedMembers, 'input');
  const calls = [...registry.actions.values(), ...registry.workflows.values()].map(({ id, spec }) => ({
    type: 'object',
    title: id,
    required: ['domain', 'action'],
    properties: {
      domain: { const: spec.kind === 'action' ? spec.domain : 'workflow' },
      action: { const: spec.name },
      data: registry.lists.has(id)
        ? { anyOf: [reference(componentName(id, 'input')), reference(componentName(id, 'list'))] }
        : reference(componentName(id, 'input')),
      ...carried,
    },
    additionalProperties: false,
  }));
  return {
    operationId: 'actions',
    tags: ['api'],
    summary: 'Run any action or workflow.',
    parameters: writeParameters,
    requestBody: body({ oneOf: calls }),
    responses: writeResponses({ type: 'object' }),
  };
}

function dataOperation(registry: Registry): Json {
  const types = [...registry.views.keys()];
  return {
    operationId: 'data',
    tags: ['api'],
    summary: 'Read any data type; members not listed here are the named filters of the type.',
    parameters: [
      { ...query('type', { type: 'string', enum: types }, 'The data type.'), required: true },
      query('id', { type: 'string' }, 'One record, by id, reference or name.'),
      ...readParameters,
      includeParameter({}),
    ],
    responses: responses({ type: 'object', description: '{rows} for a list, the record itself for an id.' }),
  };
}

function capabilitiesOperation(registry: Registry): Json {
  const names = registry.domains.map(({ name }) => name);
  return {
    operationId: 'capabilities',
    tags: ['api'],
    summary: 'What there is, and what the caller may do with it.',
    parameters: [query('domain', { type: 'string', enum: names }, 'Only this domain.')],
    responses: responses({ type: 'object' }),
  };
}

/** What forms on websites send; nobody has a credential there. */
function inquiryOperation(registry: Registry): Json {
  const name = componentName('lead.submit_form', 'input');
  const { properties, ...rest } = embed(registry.action('lead.submit_form').inputSchema, name);
  const form_key = { type: 'string', description: 'The public key of the form.' };
  // Read from the header that browsers send.
  const { came_from: _page, ...fields } = membersOf(properties);
  return {
    operationId: 'public.leads',
    tags: ['api'],
    summary: 'Hand in an inquiry from a form on a website, as JSON or as the form itself sends it.',
    security: [],
    parameters: [header('X-Form-Key', 'The public key of the form, unless it is in the body.')],
    requestBody: body({ ...rest, properties: { form_key, ...fields } }),
    responses: {
      202: answer('It has arrived; whether anybody is known is not told.', {
        type: 'object',
        required: ['received'],
        properties: { received: { const: true } },
      }),
      default: refusal,
    },
  };
}

const openPath = (operationId: string, summary: string): Record<string, Json> => ({
  get: {
    operationId,
    summary,
    tags: ['api'],
    security: [],
    responses: { 200: answer('Yes.', { type: 'object' }), default: refusal },
  },
});

const openPaths: Readonly<Record<string, Record<string, Json>>> = {
  '/healthz': openPath('healthz', 'Whether the process lives.'),
  '/readyz': openPath('readyz', 'Whether calls can be served: database, schema, worker.'),
};
