import { actionsOf } from '../outside/link-page.ts';
import { withDays } from '../records/days.ts';
import { pointersOf } from '../records/pointers.ts';
import type { RecordSpec } from '../records/record.ts';
import { plainActions } from '../records/record-actions.ts';
import { recordView } from '../records/record-view.ts';
import { createReferences } from '../records/reference.ts';
import { relationsOf } from '../records/relations.ts';
import { indexedRecord } from '../search/indexed.ts';
import { mergeAliases } from '../words/parse-input.ts';
import { composedForm } from './composed.ts';
import type { Action, Several, Workflow } from './define.ts';
import type { ConstraintMeaning, Declared, Domain } from './domain.ts';
import { happeningsOf } from './happenings.ts';
import type { PageSpec } from './page.ts';
import { type Registered, registered, registeredView } from './registered.ts';
import type { RegisteredList, Registry } from './registry.ts';
import { listForm } from './several.ts';
import { timerJobs } from './timer-job.ts';
import { unknownAction, unknownType } from './wrong-name.ts';

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
