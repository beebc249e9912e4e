import { Temporal } from 'temporal-polyfill';
import { Announcements } from './kernel/database/announcements.ts';
import type { Database } from './kernel/database/db.ts';
import { newId } from './kernel/database/ids.ts';
import type { Reading } from './kernel/database/replica.ts';
import { type CountCalls, countCallsIn } from './kernel/outside/call-counts.ts';
import { type GivenConnectors, requireConnectors } from './kernel/outside/connectors.ts';
import { openFeed } from './kernel/outside/feeds.ts';
import { type NoteCall, noteCallIn } from './kernel/outside/last-calls.ts';
import { linkAddress, type OpenedLink, openLink, openLinkFile } from './kernel/outside/links.ts';
import { type Observer, unobserved } from './kernel/outside/observer.ts';
import { lockedVault, type Vault } from './kernel/outside/seal.ts';
import { type Received, receiveWebhook } from './kernel/outside/webhooks.ts';
import { authenticate } from './kernel/pipeline/authenticate.ts';
import type { Caller, Identity, RequestFacts } from './kernel/pipeline/context.ts';
import { execute } from './kernel/pipeline/execute.ts';
import type { Gate } from './kernel/pipeline/gate.ts';
import type { Call, Kernel, Outcome } from './kernel/pipeline/invocation.ts';
import { KnownCallers } from './kernel/pipeline/known-callers.ts';
import { type Asked, type ReadResult, read, readTogether } from './kernel/pipeline/read.ts';
import { readRows, type WantedRows } from './kernel/pipeline/read-rows.ts';
import { shareSearches } from './kernel/pipeline/search-turns.ts';
import { changedChannel, type WatchedRows, type Watching, watchRows } from './kernel/pipeline/watch.ts';
import type { StoredRow } from './kernel/records/record.ts';
import type { LevelReader } from './kernel/registry/capabilities.ts';
import { type Capabilities, describeCapabilities } from './kernel/registry/capabilities.ts';
import { createRegistry } from './kernel/registry/create-registry.ts';
import type { JobTools, ReadQuery, Workflow } from './kernel/registry/define.ts';
import type { Domain } from './kernel/registry/domain.ts';
import type { PageSpec } from './kernel/registry/page.ts';
import type { Registry } from './kernel/registry/registry.ts';
import { budgets } from './kernel/words/budgets.ts';
import { invalid } from './kernel/words/errors.ts';

/** The only door of the core: adapters call these and nothing else (architecture §2). */
export interface App {
  readonly registry: Registry;
  /** Runs a registered action or workflow through the pipeline. */
  execute(caller: Caller, call: Call, request: RequestFacts): Promise<Outcome>;
  /** Reads a registered view. */
  read(caller: Caller, type: string, query: ReadQuery, request: RequestFacts): Promise<ReadResult>;
  /** Reads several views together, none of them by words. */
  readTogether(caller: Caller, asked: readonly Asked[], request: RequestFacts): Promise<ReadResult[]>;
  /**
   * Watches rows of a view that can be watched, until it is stopped; those the caller may not read are left out. Throws
   * UNAUTHENTICATED, VALIDATION_ERROR for a view that cannot be watched.
   */
  watch(caller: Caller, rows: WatchedRows, request: RequestFacts): Promise<Watching>;
  /** The rows that ids or references of several records name, all of them in one go. */
  readRows(
    caller: Caller,
    wanted: WantedRows,
    request: RequestFacts,
  ): Promise<ReadonlyMap<string, readonly StoredRow[]>>;
  /** What there is and what this caller may do with it; one domain or all. */
  capabilities(caller: Caller, request: RequestFacts, domain?: string): Promise<Capabilities>;
  /** Who a credential belongs to. Throws UNAUTHENTICATED. */
  whoIs(caller: Caller, request: RequestFacts): Promise<Identity>;
  /** Takes in what a service outside sent. Throws as `receiveWebhook`. */
  receive(received: Received, request: RequestFacts): ReturnType<typeof receiveWebhook>;
  /** What a customer sees who opens a link, and the call its button makes. Throws UNAUTHENTICATED. */
  openLink(opened: OpenedLink, request: RequestFacts): ReturnType<typeof openLink>;
  /** A file behind a link. Throws UNAUTHENTICATED. */
  openLinkFile(opened: OpenedLink, name: string, request: RequestFacts): ReturnType<typeof openLinkFile>;
  /** What a feed says now. Throws UNAUTHENTICATED. */
  openFeed(path: string, token: string, request: RequestFacts): ReturnType<typeof openFeed>;
  readonly linkAddress: JobTools['linkAddress'];
  /** How often a credential has called, by all processes together. */
  readonly countCalls: CountCalls;
  /** That an agent has just called, for its owner to see. */
  readonly noteCall: NoteCall;
}

/** The name under which a call is counted: a registered one, so that no caller makes names up. */
const countedAs = (registry: Registry, action: string): string =>
  registry.workflows.has(action) ? action : (registry.called(action)?.id ?? 'unknown');

/** How jobs read: the machine itself, inside one organization. */
export const readForJobs =
  (app: App): JobTools['read'] =>
  async (organization_id, type, query) => {
    const caller: Caller = { via: 'system', organization_id, name: 'worker' };
    return (await app.read(caller, type, query, { request_id: newId() })).rows;
  };

/** How jobs change things: the machine itself, inside one organization, through the same pipeline. */
export const executeForJobs =
  (app: App): JobTools['execute'] =>
  (organization_id, call) =>
    app.execute({ via: 'system', organization_id, name: 'worker' }, call, { request_id: newId() });

/** How jobs carry out events: as the service that told us, and once. */
export const executeEvents =
  (app: App): JobTools['executeEvent'] =>
  (event, call) =>
    app.execute({ via: 'webhook', ...event }, call, { request_id: newId() });

export interface AppOptions {
  db: Database;
  domains: readonly Domain[];
  workflows: readonly Workflow[];
  /** The pages of the web, so that search knows them. */
  pages?: readonly PageSpec[];
  gate: Gate;
  levels: LevelReader;
  /** The time as the business sees it; the system's clock when left out. */
  clock?: () => Temporal.Instant;
  /** Where people reach the installation, without a slash at the end; this machine when left out. */
  baseUrl?: () => string;
  /** Seals secrets and signs links; without one, both are refused. */
  vault?: Vault;
  /** Secrets of the installation by name. */
  secrets?: Readonly<Record<string, string>>;
  /** What `prepare` steps reach outside; a model that is undefined is one nobody has set up (decision 9). */
  connectors?: GivenConnectors;
  /** Reads views that may come from a replica. */
  fromReplica?: Reading;
  /** Told of every call; nobody when left out. */
  observer?: Observer;
}

export function createApp(options: AppOptions): App {
  const registry = createRegistry(options.domains, options.workflows, options.pages);
  const { connectors = {}, observer = unobserved } = options;
  const calls = [...registry.actions.values(), ...registry.workflows.values()];
  requireConnectors(
    calls.map(({ id, spec }) => ({ name: id, wants: spec.connectors })),
    connectors,
  );
  const kernel: Kernel = {
    db: options.db,
    registry,
    gate: options.gate,
    clock: options.clock ?? (() => Temporal.Now.instant()),
    baseUrl: options.baseUrl ?? (() => 'http://localhost:3000'),
    vault: options.vault ?? lockedVault,
    secrets: options.secrets ?? {},
    connectors,
    searches: shareSearches(),
    known: new KnownCallers(),
    fromReplica: options.fromReplica,
  };
  const identify = (caller: Caller, request: RequestFacts, actions: readonly string[]) =>
    options.db.transaction('read only', tx => authenticate(tx, caller, request, { actions }));
  const announcements = new Announcements(options.db, changedChannel);
  return {
    registry,
    execute: (caller, call, request) =>
      observer.around(
        {
          kind: 'action',
          name: countedAs(registry, call.action),
          via: caller.via,
          request_id: request.request_id,
        },
        () => execute(kernel, caller, call, request),
        ({ status, replayed }) => (replayed ? 'replayed' : status),
      ),
    read: (caller, type, query, request) =>
      observer.around(
        {
          kind: 'view',
          name: registry.views.has(type) ? type : 'unknown',
          via: caller.via,
          request_id: request.request_id,
        },
        () => read(kernel, caller, { type, query }, request),
        () => 'done',
      ),
    readTogether: (caller, asked, request) =>
      observer.around(
        { kind: 'view', name: 'together', via: caller.via, request_id: request.request_id },
        () => readTogether(kernel, caller, asked, request),
        () => 'done',
      ),
    async watch(caller, rows, request) {
      const { watched, type } = registry.view(rows.type).spec;
      if (!watched) throw invalid('type', `${type} cannot be watched.`);
      const fields = ['reference', watched.member];
      return watchRows(rows, {
        watched,
        announcements,
        every_ms: budgets.watch_ms,
        identify: facts => identify(caller, facts, []),
        // Each look is a call of its own.
        read: id =>
          read(kernel, caller, { type, query: { id, fields } }, { ...request, request_id: newId() }),
      });
    },
    readRows: (caller, wanted, request) => readRows(kernel, caller, wanted, request),
    receive: (received, request) => receiveWebhook(kernel, received, request),
    openLink: (opened, request) => openLink(kernel, opened, request),
    openLinkFile: (opened, name, request) => openLinkFile(kernel, opened, name, request),
    openFeed: (path, token, request) => openFeed(kernel, path, token, request),
    linkAddress: (organization_id, purpose, id) => linkAddress(kernel, organization_id, purpose, id),
    countCalls: countCallsIn(options.db),
    noteCall: noteCallIn(options.db),
    whoIs: (caller, request) => identify(caller, request, []),
    async capabilities(caller, request, domain) {
      const identity = await identify(caller, request, [...registry.actions.keys()]);
      return describeCapabilities(registry, options.levels, identity, domain);
    },
  };
}
