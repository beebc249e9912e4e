import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll } from 'vitest';
import { authorizations, gate, levelReader, levelsFor } from '../../authorization-queue/index.ts';
import { type App, createApp } from '../../core/app.ts';
import { catalog } from '../../core/catalog.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import { openVault } from '../../core/kernel/outside/seal.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Call, Outcome } from '../../core/kernel/pipeline/invocation.ts';
import type { Domain, ReadQuery, Workflow } from '../../core/kernel/registry/define.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { searching } from '../../core/search/index.ts';
import { workflows } from '../../core/workflows/index.ts';
import { pagesOf } from '../../web-review/places.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/** One business with its people and its agent. */
export interface Business {
  id: string;
  owner: Caller;
  agent: Caller & { via: 'key' };
  agentId: string;
  people: Record<string, { id: string; caller: Caller }>;
}

type Extra = Omit<Call, 'action' | 'data'>;

/** The two businesses of every test: Bright Panes does the work, Clear View must never see any of it. */
export interface Office {
  app: App;
  db: Database;
  database: TestDatabase;
  bright: Business;
  clear: Business;
  /** Runs an action and answers its outcome. */
  act(caller: Caller, action: string, data?: Record<string, unknown>, extra?: Extra): Promise<Outcome>;
  /** Runs an action that is expected to be done and answers its data. */
  done(
    caller: Caller,
    action: string,
    data?: Record<string, unknown>,
    extra?: Extra,
  ): Promise<Record<string, unknown>>;
  read(caller: Caller, type: string, query?: ReadQuery): Promise<Record<string, unknown>[]>;
  /** Moves the clock of the business; it stands still between moves. */
  setClock(local: string): void;
}

export interface OfficeOptions {
  domains?: readonly Domain[];
  workflows?: readonly Workflow[];
  /** Where people reach the installation. */
  baseUrl?: () => string;
  /** Asked in `prepare` steps; rules take its place when left out. */
  model?: LanguageModel;
  /** Secrets of the installation by name. */
  secrets?: Readonly<Record<string, string>>;
}

/** Wednesday morning in Alabama: the day on which the tests' story happens. */
export const storyTime = '2026-11-18T08:00:00-06:00';

/** Opens the two businesses before the tests of a file and closes them after. */
export function useOffice(options: OfficeOptions = {}): () => Office {
  let office: Office | undefined;
  beforeAll(async () => {
    office = await openOffice(options);
  });
  afterAll(async () => {
    await office?.db.close();
    await office?.database.close();
  });
  return () => {
    if (!office) throw new Error('the office opens in beforeAll');
    return office;
  };
}

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  const database = await testDatabase();
  const db = openDatabase({ address: database.address });
  let now = Temporal.Instant.from(storyTime);
  const domains = [...catalog, searching(levelsFor), authorizations, ...(options.domains ?? [])];
  const app: App = createApp({
    db,
    domains,
    workflows: [...workflows, ...(options.workflows ?? [])],
    pages: pagesOf(domains),
    gate,
    levels: levelReader,
    clock: () => now,
    vault: openVault('the secret of the tests'),
    secrets: options.secrets ?? {},
    ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
    connectors: { model: options.model },
  });
  const act: Office['act'] = (caller, action, data = {}, extra = {}) =>
    app.execute(caller, { action, data, ...extra }, { request_id: newId() });
  const done: Office['done'] = async (caller, action, data, extra) => {
    const outcome = await act(caller, action, data, extra);
    if (outcome.status !== 'done') throw new Error(`${action} was not done: ${JSON.stringify(outcome)}`);
    return outcome.data;
  };
  const clear = await openBusiness(db, done, {
    slug: 'clear-view',
    name: 'Clear View Co',
    domain: 'clearview.example',
    owner: 'Carla Owner',
    people: { Cody: 'technician' },
  });
  const bright = await openBusiness(db, done, {
    slug: 'bright-panes',
    name: 'Bright Panes Window Cleaning',
    domain: 'brightpanes.example',
    owner: 'Olivia Bright',
    people: { Dana: 'member', Theo: 'technician', Tess: 'technician' },
  });
  return {
    app,
    db,
    database,
    bright,
    clear,
    act,
    done,
    read: async (caller, type, query = {}) =>
      (await app.read(caller, type, query, { request_id: newId() })).rows,
    setClock: local => {
      now = Temporal.Instant.from(local);
    },
  };
}

async function openBusiness(
  db: Database,
  done: Office['done'],
  plan: { slug: string; name: string; domain: string; owner: string; people: Record<string, string> },
): Promise<Business> {
  const { organization_id, owner_id } = await foundBusiness(db, {
    slug: plan.slug,
    name: plan.name,
    time_zone: 'America/Chicago',
    owner: { email: `${plan.owner.split(' ')[0]?.toLowerCase()}@${plan.domain}`, name: plan.owner },
  });
  const as = (user_id: string): Caller => ({ via: 'member', organization_id, user_id });
  const owner = as(owner_id);
  const people: Business['people'] = {
    [plan.owner.split(' ')[0] ?? 'Owner']: { id: owner_id, caller: owner },
  };
  for (const [name, role] of Object.entries(plan.people)) {
    const email = `${name.toLowerCase()}@${plan.domain}`;
    const { id } = await done(owner, 'member.create', { name, email, role });
    people[name] = { id: String(id), caller: as(String(id)) };
  }
  const agent = await done(owner, 'agent.create', { name: 'Office Manager' });
  const { key } = await done(owner, 'agent.create_key', { agent_id: String(agent.id) });
  return {
    id: organization_id,
    owner,
    people,
    agentId: String(agent.id),
    agent: { via: 'key', key: String(key) },
  };
}

/** The caller of a person of a business, by first name. */
export function as(business: Business, name: string): Caller {
  const person = business.people[name];
  if (!person) throw new Error(`nobody is called ${name} here`);
  return person.caller;
}
