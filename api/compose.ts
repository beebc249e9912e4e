import { setTimeout as delay } from 'node:timers/promises';
import type { Temporal } from 'temporal-polyfill';
import { authorizations, gate, levelReader, levelsFor } from '../authorization-queue/index.ts';
import { type App, createApp, executeEvents, executeForJobs, readForJobs } from '../core/app.ts';
import { catalog } from '../core/catalog.ts';
import { stripeKey } from '../core/checkout/secrets.ts';
import { openArchiveStore } from '../core/connectors/archives/store.ts';
import { openMailTransport } from '../core/connectors/email/index.ts';
import { type ModelLog, openLanguageModel } from '../core/connectors/llm/index.ts';
import { openStripe } from '../core/connectors/stripe/index.ts';
import type { WorkerOptions } from '../core/jobs/worker-options.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../core/kernel/database/db.ts';
import { migrate } from '../core/kernel/database/migrate.ts';
import { ensureDatabase } from '../core/kernel/database/postgres/database.ts';
import { reviveEmbedded, startEmbedded } from '../core/kernel/database/postgres/launcher.ts';
import { type Reading, readFromReplica } from '../core/kernel/database/replica.ts';
import type { GivenConnectors } from '../core/kernel/outside/connectors.ts';
import type { LanguageModel } from '../core/kernel/outside/language-model.ts';
import type { Observer } from '../core/kernel/outside/observer.ts';
import type { Vault } from '../core/kernel/outside/seal.ts';
import { secretOf } from '../core/kernel/outside/secrets.ts';
import { openUsageMeter } from '../core/llm/meter.ts';
import { listBusinesses } from '../core/organizations/found.ts';
import { searching } from '../core/search/index.ts';
import { workflows } from '../core/workflows/index.ts';
import { pagesOf } from '../web-review/places.ts';
import type { Config } from './config.ts';
import { explainDatabase, explainOwner } from './database-trouble.ts';
import { findVault } from './secret-key.ts';
import { readVersion } from './version.ts';
import { openWatch, type Watch } from './watch/index.ts';

/** The whole product put together on one database: what every command of the CLI and every test of a process uses. */
export interface Installation {
  app: App;
  db: Database;
  config: Config;
  /** Undefined when no endpoint is configured. */
  model: LanguageModel | undefined;
  sealing: Sealing;
  payments: GivenConnectors['payments'];
  watch: Watch;
  /** Undefined without a replica. */
  fromReplica: Reading | undefined;
  close(): Promise<void>;
}

/** What seals secrets and signs links, and the secrets of the installation itself. */
export interface Sealing {
  vault: Vault;
  secrets: Readonly<Record<string, string>>;
}

export interface OpenOptions {
  /** Connections in the pool. */
  connections?: number;
  /** Bring the schema up to date first; `serve`, `migrate` and the first command on a fresh folder do. */
  migrates?: boolean;
  /** Told when the language model does not answer; never what it was asked. */
  onModelTrouble?: ModelLog;
  /** Told when what is around the database (its replica, a collector of traces) fails, and when it is well again. */
  onTrouble?(message: string): void;
}

/** A replica may take so long to end what it reads. */
const lastWords_ms = 2_000;

/** A call waits so long for a database that has gone: a restart and its recovery take less, and callers wait for longer. */
const outagePatience_ms = 10_000;

/** Finds or starts the database, brings its schema up to date and opens the door to the core. */
export async function openInstallation(config: Config, options: OpenOptions = {}): Promise<Installation> {
  const { app: application, owner } = await findDatabase(config);
  if (options.migrates !== false) await bringUpToDate(config, owner);
  const pool = openDatabase({
    address: application,
    connections: options.connections ?? config.connections ?? 10,
    ...(config.prepares === undefined ? {} : { prepares: config.prepares }),
    patience_ms: config.patience_ms ?? outagePatience_ms,
    ...(config.database ? {} : { revive: () => reviveEmbedded({ dataDir: config.dataDir }) }),
  });
  const watch = await openWatch(pool, config.watching, options.onTrouble);
  const { db } = watch;
  const replica = config.replica && openReplica(config, config.replica, db, options);
  const close = async () => {
    await replica?.close();
    await db.close();
    await watch.close();
  };
  if (config.database)
    await tryOut(db, config.database).catch(error => close().finally(() => Promise.reject(error)));
  const model = openModel(config, db, options.onModelTrouble);
  const sealing = { vault: await findVault(config), secrets: config.secrets };
  const payments = openStripe(config.stripe, id => secretOf({ db, ...sealing }, id, stripeKey.name));
  const app = createDeskhand(
    db,
    config.baseUrl,
    { model, payments, observer: watch.observer, fromReplica: replica?.read },
    sealing,
  );
  return { app, db, config, model, sealing, payments, watch, fromReplica: replica?.read, close };
}

/** Its pool is as large as the other's: what is read there is not read here. */
function openReplica(
  { prepares }: Config,
  address: DatabaseAddress,
  primary: Database,
  { connections = 10, onTrouble }: OpenOptions,
) {
  const replica = openDatabase({ address, connections, ...(prepares === undefined ? {} : { prepares }) });
  const read = readFromReplica({ primary, replica, ...(onTrouble ? { onProblem: onTrouble } : {}) });
  // One that says nothing any more never hangs up either.
  const close = () => Promise.race([replica.close(), delay(lastWords_ms, undefined, { ref: false })]);
  return { read, close };
}

/** The configured language model, every request counted in this database. */
function openModel({ llm }: Config, db: Database, log: ModelLog | undefined): LanguageModel | undefined {
  if (!llm) return undefined;
  return openLanguageModel(llm, { meter: openUsageMeter(db, { onProblem: log }), log });
}

/** Opens the installation for one command and closes it after, whatever happens. */
export async function withInstallation<T>(
  config: Config,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation(config, { connections: 2 });
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

/** Brings the schema up to date; answers the files that were run. Throws with what to do about the database. */
export function bringUpToDate(config: Config, owner: DatabaseAddress): Promise<string[]> {
  return migrate(owner).catch(error => {
    throw explainOwner(error, config, owner);
  });
}

/** Another PostgreSQL may be reached for the schema and still refuse the application. */
function tryOut(db: Database, address: DatabaseAddress): Promise<unknown> {
  return listBusinesses(db).catch(error => {
    throw explainDatabase(error, 'DATABASE_URL', address);
  });
}

interface Clocked {
  fromReplica?: Reading | undefined;
  /** Told of every call. */
  observer?: Observer | undefined;
  /** What it takes for now; the system's clock when left out. */
  clock?: (() => Temporal.Instant) | undefined;
}

/**
 * The application on an open database, with everything that is registered; `baseUrl` is where people reach it. Without a
 * model, rules take its place; without a vault, secrets and links are refused; without payments, nobody pays at Stripe.
 */
export function createDeskhand(
  db: Database,
  baseUrl?: string,
  {
    model,
    payments,
    clock,
    observer,
    fromReplica,
  }: Pick<GivenConnectors, 'model' | 'payments'> & Clocked = {},
  sealing: Partial<Sealing> = {},
): App {
  const domains = [...catalog, searching(levelsFor), authorizations];
  return createApp({
    db,
    domains,
    workflows,
    pages: pagesOf(domains),
    gate,
    levels: levelReader,
    ...(baseUrl === undefined ? {} : { baseUrl: () => baseUrl }),
    ...(clock === undefined ? {} : { clock }),
    ...(observer === undefined ? {} : { observer }),
    ...(fromReplica === undefined ? {} : { fromReplica }),
    ...sealing,
    connectors: { model, payments },
  });
}

/** What deliveries reach, as the environment says. */
export const jobTools = ({ app, db, config, model, payments }: Installation): WorkerOptions['tools'] => ({
  read: readForJobs(app),
  execute: executeForJobs(app),
  executeEvent: executeEvents(app),
  linkAddress: app.linkAddress,
  connectors: {
    archives: openArchiveStore({
      db,
      owner: ownerOf(config),
      dataDir: config.dataDir,
      deskhand_version: readVersion(),
    }),
    mail: openMailTransport(config.mail),
    model,
    payments,
  },
  base_url: config.baseUrl,
});

/** Opens connections as whoever owns the schema, for what the application itself may not. */
const ownerOf = (config: Config): Pick<Database, 'connect'> => ({
  connect: async () => openDatabase({ address: (await findDatabase(config)).owner }).connect(),
});

/** The addresses of the database: for the application, and for changing the schema. */
export async function findDatabase(
  config: Config,
): Promise<{ app: DatabaseAddress; owner: DatabaseAddress }> {
  if (config.database) return { app: config.database, owner: config.ownerDatabase ?? config.database };
  const server = await startEmbedded({ dataDir: config.dataDir });
  const base = {
    host: server.host,
    port: server.port,
    ...(server.password === undefined ? {} : { password: server.password }),
  };
  const admin = { ...base, user: server.superuser, database: 'postgres' };
  await ensureDatabase(admin, 'deskhand');
  const owner = { ...base, user: server.superuser, database: 'deskhand' };
  // The socket lies in a folder only this account can open, so the application may come in as the role it needs.
  return { owner, app: server.password === undefined ? { ...owner, user: 'deskhand_app' } : owner };
}
