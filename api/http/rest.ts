import type { Action } from '../../core/kernel/registry/define.ts';
import type { Registered, Registry } from '../../core/kernel/registry/registry.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { queryMembers } from './query.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** What a route does; `member` is the input member that the id in the path stands for. */
export type Target =
  | { kind: 'actions' }
  | { kind: 'data' }
  | { kind: 'capabilities' }
  | { kind: 'view'; type: string; single: boolean }
  | { kind: 'run'; action: string; member?: string };

export interface Route {
  method: Method;
  /** `/api/contacts/:id/set-preferences` */
  path: string;
  target: Target;
}

export interface Match {
  route: Route;
  /** The path's `:id`, still percent-encoded. */
  id?: string;
}

/** Finds the route of a path below `/api`, and which methods a path has. */
export interface Matcher {
  find(method: string, segments: readonly string[]): Match | undefined;
  methods(segments: readonly string[]): string[];
}

const general: readonly Route[] = [
  { method: 'POST', path: '/api/actions', target: { kind: 'actions' } },
  { method: 'GET', path: '/api/data', target: { kind: 'data' } },
  { method: 'GET', path: '/api/capabilities', target: { kind: 'capabilities' } },
];

/**
 * Every route of the API, from the registry: the three general ones, and an alias for every data type, action and
 * workflow (PLT-45). Throws when two registrations would share a route.
 */
export function apiRoutes(registry: Registry): Route[] {
  const routes = [
    ...general,
    ...[...registry.views.values()].flatMap(({ spec }) => {
      requireFreeNames(spec.type, Object.keys(spec.params.shape));
      const path = `/api/${kebab(spec.type)}`;
      const target = { kind: 'view', type: spec.type, single: false } as const;
      const list: Route = { method: 'GET', path, target };
      const one: Route = { method: 'GET', path: `${path}/:id`, target: { ...target, single: true } };
      return spec.by_id ? [list, one] : [list];
    }),
    ...[...registry.actions.values()].flatMap(action => actionRoutes(registry, action)),
    ...[...registry.workflows.keys()].map(
      (action): Route => ({
        method: 'POST',
        path: `/api/workflows/${kebab(action)}`,
        target: { kind: 'run', action },
      }),
    ),
  ];
  const seen = new Set<string>();
  for (const { method, path } of routes) {
    if (seen.has(`${method} ${path}`)) throw new Error(`two registrations share ${method} ${path}`);
    seen.add(`${method} ${path}`);
  }
  return routes;
}

function actionRoutes(registry: Registry, { spec, id: action }: Registered<Action>): Route[] {
  const base = `/api/${kebab(collectionOf(registry, spec))}`;
  const member = `${spec.domain}_id`;
  // Not its JSON Schema, of which every start would make a hundred.
  const hasTarget = Object.hasOwn(spec.input.shape, member);
  const one = { kind: 'run', action, member } as const;
  if (!hasTarget) {
    const path = spec.name === 'create' ? base : `${base}/${kebab(spec.name)}`;
    return [{ method: 'POST', path, target: { kind: 'run', action } }];
  }
  if (spec.name === 'update') {
    return (['PATCH', 'PUT'] as const).map(method => ({ method, path: `${base}/:id`, target: one }));
  }
  if (spec.name === 'delete') return [{ method: 'DELETE', path: `${base}/:id`, target: one }];
  return [{ method: 'POST', path: `${base}/:id/${kebab(spec.name)}`, target: one }];
}

const collectionOf = (registry: Registry, { domain }: Action) =>
  registry.records.get(domain)?.plural ?? domain;

const kebab = (name: string) => name.replaceAll('_', '-');

// A filter of that name could never be given in a query.
function requireFreeNames(type: string, params: readonly string[]): void {
  const taken = params.find(name => queryMembers.some(member => member === name));
  if (taken) throw new Error(`the data type ${type} has a filter called ${taken}, which every read has`);
}

/** Looks routes up by their words, in kebab or snake spelling; no pattern is tried one after the other. */
export function createMatcher(routes: readonly Route[]): Matcher {
  const known = new Map<string, Route>();
  for (const route of routes) known.set(`${route.method} ${spell(route.path.slice('/api/'.length))}`, route);
  const find = (method: string, segments: readonly string[]): Match | undefined => {
    // Nothing is called "" or ":id"; the latter is how the patterns write any id.
    if (segments.length > 3 || segments.some(segment => segment === '' || segment === ':id'))
      return undefined;
    const [first = '', second, third] = segments;
    const start = `${method} ${spell(first)}`;
    if (second === undefined) return matched(known.get(start));
    if (third !== undefined) return matched(known.get(`${start}/:id/${spell(third)}`), second);
    return matched(known.get(`${start}/${spell(second)}`)) ?? matched(known.get(`${start}/:id`), second);
  };
  return {
    find,
    methods: segments =>
      ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].filter(method => find(method, segments) !== undefined),
  };
}

const spell = (words: string) => words.replaceAll('-', '_');

function matched(route: Route | undefined, id?: string): Match | undefined {
  if (!route) return undefined;
  return id === undefined ? { route } : { route, id };
}

/** A route that does not exist, or not with this method. */
export function noRoute(method: string, path: string, methods: readonly string[]): DeskhandError {
  const where = path.split('?', 1)[0]?.slice(0, 120) ?? '';
  if (methods.length > 0) {
    return new DeskhandError('NOT_FOUND', `${where} does not take ${method}.`, {
      valid_options: methods,
      hint: 'Reads are GET; what changes something is POST, PATCH, PUT or DELETE.',
    });
  }
  return new DeskhandError('NOT_FOUND', `There is nothing at ${where}.`, {
    hint: 'GET /openapi.json lists every address; GET /api/capabilities lists what you may do.',
  });
}
