import type { ConnectorName } from '../outside/connectors.ts';
import type { FeedSpec } from '../outside/feeds.ts';
import { actionsOf, type LinkSpec } from '../outside/link-page.ts';
import type { PublicRoute } from '../outside/public-route.ts';
import type { SecretSpec } from '../outside/seal.ts';
import type { WebhookSpec } from '../outside/webhooks.ts';
import { withDays } from '../records/days.ts';
import { type PointsTo, pointersOf } from '../records/pointers.ts';
import type { RecordSpec } from '../records/record.ts';
import { plainActions } from '../records/record-actions.ts';
import { recordView } from '../records/record-view.ts';
import { createReferences, type References } from '../records/reference.ts';
import { type ChildRelation, relationsOf } from '../records/relations.ts';
import { type Indexed, indexedRecord } from '../search/indexed.ts';
import { type Aliases, memberNamed, mergeAliases } from '../words/parse-input.ts';
import { asksMore, composedForm } from './composed.ts';
import type { Action, JobHandler, Several, Workflow } from './define.ts';
import type { ConstraintMeaning, Declared, Domain } from './domain.ts';
import { type Happenings, happeningsOf } from './happenings.ts';
import type { PageSpec } from './page.ts';
import { type Registered, type RegisteredView, registered, registeredView } from './registered.ts';
import type { Settings } from './settings.ts';
import { type ListForm, listForm } from './several.ts';
import { timerJobs } from './timer-job.ts';
import { unknownAction, unknownType } from './wrong-name.ts';

export type { Registered, RegisteredView } from './registered.ts';

/** Everything that is registered, looked up by name. The only list of actions there is (architecture §4). */
export interface Registry extends Happenings {
  readonly domains: readonly Domain[];
  readonly actions: ReadonlyMap<string, Registered<Action>>;
  readonly workflows: ReadonlyMap<string, Registered<Workflow>>;
  /** The actions that may be done to several things in one call, by their names. */
  readonly lists: ReadonlyMap<string, RegisteredList>;
  /** The actions that do something else along with themselves when they are asked to, as that, by their names. */
  readonly composed: ReadonlyMap<string, Registered<Workflow>>;
  readonly views: ReadonlyMap<string, RegisteredView>;
  readonly records: ReadonlyMap<string, RecordSpec>;
  /** What points to each record, by its name. */
  readonly relations: ReadonlyMap<string, readonly ChildRelation[]>;
  /** What a business decides for itself, by name, in the order of the domains. */
  readonly settings: Settings;
  readonly jobs: ReadonlyMap<string, JobHandler<ConnectorName>>;
  /** What search finds, by kind. */
  readonly indexed: ReadonlyMap<string, Indexed>;
  readonly constraints: ReadonlyMap<string, ConstraintMeaning>;
  readonly pages: readonly PageSpec[];
  readonly routes: readonly PublicRoute[];
  /** By provider. */
  readonly webhooks: ReadonlyMap<string, WebhookSpec>;
  /** By purpose. */
  readonly links: ReadonlyMap<string, LinkSpec>;
  /** By path. */
  readonly feeds: ReadonlyMap<string, FeedSpec>;
  readonly secrets: ReadonlyMap<string, SecretSpec>;
  /** Below which path the rows of a view are opened, by the kind of record or of what search finds. */
  pathOf(kind: string): { path: string; view: string } | undefined;
  readonly pointsTo: PointsTo;
  /** Other names of members of inputs. */
  readonly aliases: Aliases;
  /** What references look like here. */
  readonly references: References;
  /** An action by its id or its short name; undefined when there is none. */
  called(name: string): Registered<Action> | undefined;
  /** Throws UNKNOWN_ACTION with the nearest names. */
  action(id: string): Registered<Action>;
  workflow(name: string): Registered<Workflow>;
  view(type: string): RegisteredView;
}

export type AnyCall = Registered<Action> | Registered<Workflow>;

interface RegisteredList extends Pick<ListForm, 'read'> {
  call: Registered<Workflow>;
}

/** An action or workflow by its name. Throws UNKNOWN_ACTION. */
export const findCall = (registry: Registry, id: string): AnyCall =>
  registry.workflows.get(id) ?? registry.action(id);

/** What a call means by its name and its data, which may list several things to do the action to. Throws UNKNOWN_ACTION. */
export function meantCall(registry: Registry, id: string, data: unknown): { found: AnyCall; data: unknown } {
  const list = registry.lists.get(id);
  const listed = list?.read(data, registry.aliases);
  if (list && listed) return { found: list.call, data: listed };
  const found = findCall(registry, id);
  if (!registry.composed.has(found.id) || typeof data !== 'object' || data === null) return { found, data };
  const { inputSchema } = found;
  const given = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      memberNamed(inputSchema, name, registry.aliases) ?? name,
      value,
    ]),
  );
  return { found: withAlong(registry, found, given), data };
}

/** A call by its input in the members' own names: the action, or all that the input asks for along with it. */
export function withAlong(
  { composed }: Pick<Registry, 'composed'>,
  found: AnyCall,
  input: Readonly<Record<string, unknown>>,
): AnyCall {
  const also = found.spec.kind === 'action' ? found.spec.also : undefined;
  return also && asksMore(also, input) ? (composed.get(found.id) ?? found) : found;
}

/**
 * What a stored request asks for, all of it: a list, or what is done along with the action, is judged by every action it
 * runs and never by its name alone. Undefined when nobody registers it any more.
 */
export function askedCall(
  registry: Registry,
  { action, input }: { action: string; input: Readonly<Record<string, unknown>> },
): AnyCall | undefined {
  const isKnown = registry.workflows.has(action) || registry.called(action) !== undefined;
  return isKnown ? meantCall(registry, action, input).found : undefined;
}

/**
 * What a call of the past was, by the names its entries stand under in the trail: the action, or that with what was done
 * along. Undefined when nobody registers it any more.
 */
export function ranCall(
  { workflows, actions, composed }: Registry,
  id: string,
  names: readonly (string | null)[],
): AnyCall | undefined {
  const found = workflows.get(id) ?? actions.get(id);
  const whole = composed.get(id);
  const along = names.flatMap(name => (name !== null && name !== id && actions.has(name) ? [name] : []));
  if (!whole || along.length === 0) return found;
  return { ...whole, spec: { ...whole.spec, uses: [...new Set([id, ...along])] } };
}

/** The actions that a call runs besides the one it is called by. */
export const alongOf = ({ id, spec }: AnyCall): readonly string[] =>
  spec.kind === 'workflow' ? spec.uses.filter(used => used !== id) : [];

export const isReadOnly = ({ spec }: AnyCall): boolean => spec.kind === 'workflow' && spec.read_only === true;

/** The actions whose levels decide about a call. */
export const usedActions = (found: AnyCall): readonly string[] =>
  found.spec.kind === 'workflow' ? found.spec.uses : (found.spec.reverses ?? [found.id]);

/** Builds the registry. Throws when two registrations share a name or a workflow names an unknown action. */
export function createRegistry(
  declared: readonly Domain[],
  workflows: readonly Workflow[],
  pages: readonly PageSpec[] = [],
): Registry {
  const settings = byName(
    declared.flatMap(domain => (domain.settings ?? []).map(spec => ({ ...spec, domain: domain.name }))),
    setting => setting.name,
  );
  const domains = declared.map(domain => withDerived(domain, { settings }));
  const records = byName(
    domains.flatMap(domain => domain.records ?? []),
    record => record.name,
  );
  const relations = relationsOf(records.values());
  const specs = domains.flatMap(domain =>
    [
      ...(domain.records ?? []).flatMap(record =>
        plainActions(record, relations, domain.examples?.[record.name]).map(withWidens(record)),
      ),
      ...(domain.actions ?? []),
    ]
      .map(withWidens(domain))
      .map(withWhyNot(domain))
      .map(withScope(domain)),
  );
  const reverses = specs.map(idOf);
  const actions = byName(
    // What takes calls back may run whatever is there, by the levels of that.
    specs.map(spec => registered(spec.reverses ? { ...spec, reverses } : spec, idOf(spec))),
    action => action.id,
  );
  const short = byName(
    [...actions.values()].filter(({ spec }) => spec.short !== undefined),
    ({ spec }) => spec.short ?? '',
  );
  const views = byName(
    domains
      .flatMap(domain => [
        ...(domain.records ?? []).map(record => recordView(record, relations.get(record.name) ?? [])),
        ...(domain.views ?? []),
      ])
      .map(view => registeredView(withDays(view))),
    view => view.spec.type,
  );
  const flows = byName(
    workflows.map(spec => registered(sharingScope(actions, spec), spec.name)),
    workflow => workflow.id,
  );
  for (const { spec } of flows.values()) {
    const unknown = spec.uses.find(id => !actions.has(id));
    if (unknown) throw new Error(`the workflow ${spec.name} uses ${unknown}, which nobody registered`);
  }
  const outside = fromOutside(domains, actions);
  const indexed = byName(
    domains.flatMap(domain => [
      ...(domain.records ?? []).flatMap(record => indexedRecord(record) ?? []),
      ...(domain.indexed ?? []),
    ]),
    ({ kind }) => kind,
  );
  for (const { spec, id } of actions.values()) {
    if (spec.undo !== undefined && spec.undo !== 'none' && !actions.has(spec.undo))
      throw new Error(`${id} is taken back by ${spec.undo}, which nobody registered`);
  }
  const lists = new Map(
    [...actions.values()].flatMap(action =>
      action.spec.several ? [[action.id, registeredList(action, action.spec.several)] as const] : [],
    ),
  );
  const composed = new Map(
    [...actions.values()].flatMap(action =>
      action.spec.also
        ? [
            [
              action.id,
              registered(sharingScope(actions, composedForm(action, action.spec.also)), action.id),
            ] as const,
          ]
        : [],
    ),
  );
  const known = { actions, workflows: flows, views, records };
  const happenings = happeningsOf(domains);
  return {
    ...happenings,
    domains,
    actions,
    views,
    records,
    relations,
    pointsTo: pointersOf(records, () => [...actions.values(), ...flows.values()].flatMap(({ refs }) => refs)),
    workflows: flows,
    lists,
    composed,
    pages,
    ...outside,
    aliases: mergeAliases(domains.flatMap(({ aliases }) => (aliases ? [aliases] : []))),
    references: createReferences(
      [...views.values()].flatMap(({ spec: { type, reference } }) =>
        reference ? [{ type, reference }] : [],
      ),
    ),
    settings,
    jobs: byName(
      [...domains.flatMap(domain => domain.jobs ?? []), ...timerJobs(happenings)],
      job => job.kind,
    ),
    indexed,
    constraints: new Map([
      ...[...records.values()].flatMap(missingParents),
      ...domains.flatMap(domain => Object.entries(domain.constraints ?? {})),
    ]),
    pathOf(kind) {
      const view = indexed.get(kind)?.view ?? records.get(kind)?.plural ?? '';
      const path = pages.find(({ opens }) => opens?.[view] !== undefined)?.opens?.[view];
      return path === undefined ? undefined : { path, view };
    },
    called: name => actions.get(name) ?? short.get(name),
    action: id => actions.get(id) ?? short.get(id) ?? unknownAction(id, known),
    workflow: name => flows.get(name) ?? unknownAction(name, known),
    // "contact" for "contacts" is understood.
    view: type => views.get(type) ?? views.get(records.get(type)?.plural ?? '') ?? unknownType(type, known),
  };
}

function registeredList(action: Registered<Action>, several: Several): RegisteredList {
  const { workflow, read } = listForm(action, several);
  return { call: registered({ ...workflow, scope: action.spec.scope }, action.id), read };
}

const idOf = ({ domain, name }: Action): string => `${domain}.${name}`;

/** What a domain or a record could widen, each of its actions could. */
const withWidens =
  ({ widens }: { widens?: string }) =>
  (action: Action): Action =>
    widens === undefined || action.widens !== undefined ? action : { ...action, widens };

/** Why nothing of a domain is taken back, each of its actions says. */
const withWhyNot =
  ({ why_not_undone: why }: { why_not_undone?: string }) =>
  (action: Action): Action =>
    why === undefined || action.why_not_undone !== undefined ? action : { ...action, why_not_undone: why };

/** Tokens of which scope may do what a domain does, each of its actions says. */
const withScope =
  ({ scope }: { scope?: string }) =>
  (action: Action): Action =>
    scope === undefined || action.scope !== undefined ? action : { ...action, scope };

/** A workflow is of a scope when every action it may call is. */
function sharingScope(actions: ReadonlyMap<string, Registered<Action>>, workflow: Workflow): Workflow {
  const [scope, ...others] = new Set(workflow.uses.map(id => actions.get(id)?.spec.scope));
  return others.length === 0 ? { ...workflow, scope } : workflow;
}

/** The ways in from outside. Throws when one does what nobody registered, or what is not open to those who come by it. */
function fromOutside(domains: readonly Domain[], actions: ReadonlyMap<string, Registered<Action>>) {
  const routes = byName(
    domains.flatMap(domain => domain.routes ?? []),
    ({ path }) => path,
  );
  const webhooks = byName(
    domains.flatMap(domain => domain.webhooks ?? []),
    ({ provider }) => provider,
  );
  const links = byName(
    domains.flatMap(domain => domain.links ?? []),
    ({ purpose }) => purpose,
  );
  byName([...links.values()], ({ path }) => path);
  const feeds = byName(
    domains.flatMap(domain => domain.feeds ?? []),
    ({ path }) => path,
  );
  const requireOpen = (action: string, to: 'customer' | 'webhook') => {
    if (actions.get(action)?.spec.open_to?.includes(to)) return;
    throw new Error(`${action} is not registered as open to a ${to}`);
  };
  for (const { action } of [...routes.values(), ...webhooks.values()]) requireOpen(action, 'webhook');
  for (const action of [...links.values()].flatMap(actionsOf)) requireOpen(action, 'customer');
  const secrets = byName(
    domains.flatMap(domain => domain.secrets ?? []),
    ({ name }) => name,
  );
  return { routes: [...routes.values()], webhooks, links, feeds, secrets };
}

function withDerived(domain: Domain, declared: Declared): Domain {
  if (!domain.derive) return domain;
  const { actions = [], views = [] } = domain.derive(declared);
  return {
    ...domain,
    actions: [...(domain.actions ?? []), ...actions],
    views: [...(domain.views ?? []), ...views],
  };
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

/** A row that points to nothing here: the foreign key of each relation says so at its member. */
function missingParents({ table, refs }: RecordSpec): [string, ConstraintMeaning][] {
  return refs.flatMap(({ column, field }) =>
    field.to
      ? [
          [
            `${table}_organization_id_${column}_fkey`,
            {
              code: 'NOT_FOUND',
              field: column,
              message: `There is no such ${field.to.record.replaceAll('_', ' ')} here.`,
            },
          ],
        ]
      : [],
  );
}
