import { createServer, type Server } from 'node:http';
import pg from 'pg';
import { pino } from 'pino';
import { Temporal } from 'temporal-polyfill';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import type { App } from '../../core/app.ts';
import { type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { type Business, type Done, openApp, openBright, storyTime } from '../support/business.ts';
import { connectClient, type TestClient } from '../support/mcp-clients.ts';
import { tellStory } from './story.ts';

/** A PostgreSQL on which databases may be made. */
export interface Cluster {
  /** An account that may make databases, without one. */
  admin: Omit<DatabaseAddress, 'database'>;
  /** The account of the application, where it comes in without a password; the one above otherwise. */
  app?: string;
  /** A database that is migrated already, to begin with. */
  template: string;
}

/** The office on the morning of the story, opened anew for every request. */
export interface World {
  open(): Promise<Morning>;
  close(): Promise<void>;
}

/** One copy of the business: its agent can be connected, people can act in it, and its books can be read. */
export interface Morning {
  business: Business;
  /** The agent's MCP client, over HTTP, with its own key. */
  client: TestClient;
  /** Runs an action, whatever comes of it. */
  act(caller: Caller, action: string, data: Record<string, unknown>): Promise<Outcome>;
  /** Reads as the owner. */
  read(type: string, query?: ReadQuery): Promise<Record<string, unknown>[]>;
  /** One statement without row level security. */
  sql(statement: string, values?: readonly unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
}

/** Tells the story once; each `open` answers a copy of it. `name` begins the names of the databases that are made. */
export async function openWorld(cluster: Cluster, name: string): Promise<World> {
  const story = `${name}_story`;
  await makeCopy(cluster, story, cluster.template);
  const business = await tell(cluster, story);
  let copies = 0;
  return {
    async open() {
      copies += 1;
      const database = `${name}_${copies}`;
      await makeCopy(cluster, database, story);
      try {
        return await openMorning(cluster, database, business);
      } catch (error) {
        await drop(cluster, database);
        throw error;
      }
    },
    close: () => drop(cluster, story),
  };
}

const addressOf = ({ admin, app }: Cluster, database: string): DatabaseAddress => ({
  ...admin,
  user: app ?? admin.user,
  database,
});

async function tell(cluster: Cluster, database: string): Promise<Business> {
  const db = openDatabase({ address: addressOf(cluster, database), connections: 4 });
  let now = Temporal.Instant.from(storyTime);
  const app = openApp(db, () => now);
  const done = doneBy(app);
  try {
    const business = await openBright(db, done);
    await tellStory(business, done, local => {
      now = Temporal.Instant.from(local);
    });
    return business;
  } finally {
    await db.close();
  }
}

const actBy =
  (app: App): Morning['act'] =>
  (caller, action, data) =>
    app.execute(caller, { action, data, reasoning: 'As the owner asked' }, { request_id: newId() });

const doneBy =
  (app: App): Done =>
  async (caller, action, data = {}) => {
    const outcome = await actBy(app)(caller, action, data);
    if (outcome.status !== 'done') throw new Error(`${action} was not done: ${JSON.stringify(outcome)}`);
    return outcome.data;
  };

async function openMorning(cluster: Cluster, database: string, business: Business): Promise<Morning> {
  const db = openDatabase({ address: addressOf(cluster, database), connections: 4 });
  const owner = new pg.Pool({ ...cluster.admin, database, ssl: cluster.admin.ssl ?? false, max: 1 });
  // Broken off when the copy is dropped.
  owner.on('error', () => undefined);
  const server = createServer();
  const app = openApp(db, () => Temporal.Instant.from(storyTime));
  const client = await connectAgent(server, app, business);
  const read = (caller: Caller, type: string, query: ReadQuery) =>
    app.read(caller, type, query, { request_id: newId() });
  return {
    business,
    client,
    act: actBy(app),
    read: async (type, query = {}) => (await read(business.owner, type, query)).rows,
    sql: async (statement, values = []) => (await owner.query(statement, [...values])).rows,
    async close() {
      await client.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await db.close();
      await owner.end();
      await drop(cluster, database);
    },
  };
}

async function connectAgent(server: Server, app: App, { agent }: Business): Promise<TestClient> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const logger = pino({ level: 'silent' });
  const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
  const ready = async () => true;
  server.on('request', createHttpApp({ app, logger, baseUrl: url, version: '0.0.0', ready, mcp }));
  const client = await connectClient('v2 on the newest revision', { url: `${url}/mcp`, key: agent.key });
  // A client that has seen the tools holds every answer to its schema.
  await client.list();
  return client;
}

const makeCopy = (cluster: Cluster, name: string, template: string) =>
  asAdmin(cluster, client =>
    client.query(
      `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)} strategy file_copy`,
    ),
  );

const drop = (cluster: Cluster, name: string): Promise<void> =>
  asAdmin(cluster, async client => {
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });

async function asAdmin<T>({ admin }: Cluster, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...admin, database: 'postgres', ssl: admin.ssl ?? false });
  // A connection that breaks fails the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
