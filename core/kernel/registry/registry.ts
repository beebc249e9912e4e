import type { ConnectorName } from '../outside/connectors.ts';
import type { FeedSpec } from '../outside/feeds.ts';
import type { LinkSpec } from '../outside/link-page.ts';
import type { PublicRoute } from '../outside/public-route.ts';
import type { SecretSpec } from '../outside/seal.ts';
import type { WebhookSpec } from '../outside/webhooks.ts';
import type { PointsTo } from '../records/pointers.ts';
import type { RecordSpec } from '../records/record.ts';
import type { References } from '../records/reference.ts';
import type { ChildRelation } from '../records/relations.ts';
import type { Indexed } from '../search/indexed.ts';
import { type Aliases, memberNamed } from '../words/parse-input.ts';
import { asksMore } from './composed.ts';
import type { Action, JobHandler, Workflow } from './define.ts';
import type { ConstraintMeaning, Domain } from './domain.ts';
import type { Happenings } from './happenings.ts';
import type { PageSpec } from './page.ts';
import type { Registered, RegisteredView } from './registered.ts';
import type { Settings } from './settings.ts';
import type { ListForm } from './several.ts';

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

export interface RegisteredList extends Pick<ListForm, 'read'> {
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
