import type { ConnectorName } from '../outside/connectors.ts';
import { hashInput } from '../pipeline/idempotency.ts';
import type { RecordSpec } from '../records/record.ts';
import { plainActions } from '../records/record-actions.ts';
import { recordView } from '../records/record-view.ts';
import { type RefPath, refPaths } from '../records/references.ts';
import { type Indexed, indexedRecord } from '../search/indexed.ts';
import { itemsOf, type JsonSchema, jsonSchemaOf } from '../words/parse-input.ts';
import type { Action, ConstraintMeaning, Domain, JobHandler, PageSpec, View, Workflow } from './define.ts';
import { type Happenings, happeningsOf } from './happenings.ts';
import { timerJobs } from './timer-job.ts';
import { unknownAction, unknownType } from './wrong-name.ts';

/** An action or workflow with what is computed from it once. */
export interface Registered<T> {
  spec: T;
  /** `ticket.reschedule`, or the workflow's name. */
  id: string;
  inputSchema: JsonSchema;
  /** Changes when the input changes shape; stored with requests and grants. */
  schemaHash: string;
  refs: readonly RefPath[];
  /** Paths of members that hold people's free text. */
  freeText: readonly (readonly string[])[];
}

export interface RegisteredView {
  spec: View;
  paramsSchema: JsonSchema;
  refs: readonly RefPath[];
}

/** Everything that is registered, looked up by name. The only list of actions there is (architecture §4). */
export interface Registry extends Happenings {
  readonly domains: readonly Domain[];
  readonly actions: ReadonlyMap<string, Registered<Action>>;
  readonly workflows: ReadonlyMap<string, Registered<Workflow>>;
  readonly views: ReadonlyMap<string, RegisteredView>;
  readonly records: ReadonlyMap<string, RecordSpec>;
  readonly jobs: ReadonlyMap<string, JobHandler<ConnectorName>>;
  /** What search finds, by kind. */
  readonly indexed: ReadonlyMap<string, Indexed>;
  readonly constraints: ReadonlyMap<string, ConstraintMeaning>;
  readonly pages: readonly PageSpec[];
  /** Throws UNKNOWN_ACTION with the nearest names. */
  action(id: string): Registered<Action>;
  workflow(name: string): Registered<Workflow>;
  view(type: string): RegisteredView;
}

export type AnyCall = Registered<Action> | Registered<Workflow>;

/** An action or workflow by its name. Throws UNKNOWN_ACTION. */
export const findCall = (registry: Registry, id: string): AnyCall =>
  registry.workflows.get(id) ?? registry.action(id);

export const isReadOnly = ({ spec }: AnyCall): boolean => spec.kind === 'workflow' && spec.read_only === true;

/** The actions whose levels decide about a call. */
export const usedActions = (found: AnyCall): readonly string[] =>
  found.spec.kind === 'workflow' ? found.spec.uses : [found.id];

/** Builds the registry. Throws when two registrations share a name or a workflow names an unknown action. */
export function createRegistry(
  domains: readonly Domain[],
  workflows: readonly Workflow[],
  pages: readonly PageSpec[] = [],
): Registry {
  const records = byName(
    domains.flatMap(domain => domain.records ?? []),
    record => record.name,
  );
  // Two kinds with one prefix would share their numbers, and `I-7` would be either.
  byName(
    [...records.values()].flatMap(({ reference }) => (reference ? [reference.prefix] : [])),
    prefix => prefix,
  );
  const actions = byName(
    domains
      .flatMap(domain => [...(domain.records ?? []).flatMap(plainActions), ...(domain.actions ?? [])])
      .map(spec => registered(spec, `${spec.domain}.${spec.name}`)),
    action => action.id,
  );
  const views = byName(
    domains
      .flatMap(domain => [...(domain.records ?? []).map(recordView), ...(domain.views ?? [])])
      .map(registeredView),
    view => view.spec.type,
  );
  const flows = byName(
    workflows.map(spec => registered(spec, spec.name)),
    workflow => workflow.id,
  );
  for (const { spec } of flows.values()) {
    const unknown = spec.uses.find(id => !actions.has(id));
    if (unknown) throw new Error(`the workflow ${spec.name} uses ${unknown}, which nobody registered`);
  }
  const known = { actions, workflows: flows, views, records };
  const happenings = happeningsOf(domains);
  return {
    ...happenings,
    domains,
    actions,
    views,
    records,
    workflows: flows,
    pages,
    jobs: byName(
      [...domains.flatMap(domain => domain.jobs ?? []), ...timerJobs(happenings)],
      job => job.kind,
    ),
    indexed: byName(
      domains.flatMap(domain => [
        ...(domain.records ?? []).flatMap(record => indexedRecord(record) ?? []),
        ...(domain.indexed ?? []),
      ]),
      ({ kind }) => kind,
    ),
    constraints: new Map(domains.flatMap(domain => Object.entries(domain.constraints ?? {}))),
    action: id => actions.get(id) ?? unknownAction(id, known),
    workflow: name => flows.get(name) ?? unknownAction(name, known),
    // "contact" for "contacts" is understood.
    view: type => views.get(type) ?? views.get(records.get(type)?.plural ?? '') ?? unknownType(type, known),
  };
}

// The JSON Schemas are made when first asked for: a command that runs one action need not describe all of them, and a
// client on stdio waits for its start.
function registered<T extends Action | Workflow>(spec: T, id: string): Registered<T> {
  // What a `prepare` step brings waits with the input under this name.
  if ('prepared' in spec.input.shape) throw new Error(`${id} takes an input called prepared`);
  const schema = once(() => jsonSchemaOf(spec.input, 'input'));
  const hash = once(() => hashInput(schema()).slice(0, 16));
  const refs = once(() => refPaths(schema()));
  const freeText = once(() => freeTextPaths(schema()));
  return {
    spec,
    id,
    get inputSchema() {
      return schema();
    },
    get schemaHash() {
      return hash();
    },
    get refs() {
      return refs();
    },
    get freeText() {
      return freeText();
    },
  };
}

function registeredView(spec: View): RegisteredView {
  const schema = once(() => jsonSchemaOf(spec.params, 'input'));
  const refs = once(() => refPaths(schema()));
  return {
    spec,
    get paramsSchema() {
      return schema();
    },
    get refs() {
      return refs();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function freeTextPaths(schema: JsonSchema, path: readonly string[] = []): (readonly string[])[] {
  const items = itemsOf(schema);
  return [
    ...(schema.free_text === true ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      freeTextPaths(member, [...path, name]),
    ),
    ...(items ? freeTextPaths(items, [...path, '*']) : []),
  ];
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    const name = nameOf(item);
    if (map.has(name)) throw new Error(`two registrations are called ${name}`);
    map.set(name, item);
  }
  return map;
}
