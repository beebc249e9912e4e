import type { Temporal } from 'temporal-polyfill';
import { authorizations, gate, levelReader, levelsFor } from '../../authorization-queue/index.ts';
import { type App, createApp } from '../../core/app.ts';
import { catalog } from '../../core/catalog.ts';
import { stripeKey } from '../../core/checkout/secrets.ts';
import { openStripe, type StripeSettings } from '../../core/connectors/stripe/index.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import type { GivenConnectors } from '../../core/kernel/outside/connectors.ts';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import { openVault } from '../../core/kernel/outside/seal.ts';
import { secretOf } from '../../core/kernel/outside/secrets.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Workflow } from '../../core/kernel/registry/define.ts';
import type { Domain } from '../../core/kernel/registry/domain.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { searching } from '../../core/search/index.ts';
import { workflows } from '../../core/workflows/index.ts';
import { pagesOf } from '../../web-review/places.ts';

// Nothing here needs the test runner: the evaluation opens its businesses with it as well.

/** One business with its people and its agent. */
export interface Business {
  id: string;
  owner: Caller;
  agent: Caller & { via: 'key' };
  agentId: string;
  people: Record<string, { id: string; caller: Caller }>;
}

export interface OfficeOptions {
  domains?: readonly Domain[];
  workflows?: readonly Workflow[];
  /** Where people reach the installation. */
  baseUrl?: () => string;
  /** Asked in `prepare` steps; rules take its place when left out. */
  model?: LanguageModel;
  /** Where Stripe is, asked when it is; nobody has a key there when left out. */
  stripe?: () => StripeSettings;
  /** Secrets of the installation by name. */
  secrets?: Readonly<Record<string, string>>;
}

/** Runs an action that is expected to be done and answers its data. */
export type Done = (
  caller: Caller,
  action: string,
  data?: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

/** Wednesday morning in Alabama: the day on which the tests' story happens. */
export const storyTime = '2026-11-18T08:00:00-06:00';

const vault = openVault('the secret of the tests');

/** Stripe for the businesses of a database, with the keys they have set. */
export const paymentsOf = (
  db: Database,
  { stripe, secrets = {} }: Pick<OfficeOptions, 'stripe' | 'secrets'>,
): GivenConnectors['payments'] =>
  stripe &&
  (organization_id =>
    openStripe(stripe(), id => secretOf({ db, vault, secrets }, id, stripeKey.name))(organization_id));

/** The whole product on a database, going by `clock`. */
export function openApp(db: Database, clock: () => Temporal.Instant, options: OfficeOptions = {}): App {
  const domains = [...catalog, searching(levelsFor), authorizations, ...(options.domains ?? [])];
  return createApp({
    db,
    domains,
    workflows: [...workflows, ...(options.workflows ?? [])],
    pages: pagesOf(domains),
    gate,
    levels: levelReader,
    clock,
    vault,
    secrets: options.secrets ?? {},
    ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
    connectors: { model: options.model, payments: paymentsOf(db, options) },
  });
}

/** Bright Panes with Olivia the owner, Dana in the office, Theo and Tess the technicians, and its agent. */
export const openBright = (db: Database, done: Done): Promise<Business> =>
  openBusiness(db, done, {
    slug: 'bright-panes',
    name: 'Bright Panes Window Cleaning',
    domain: 'brightpanes.example',
    owner: 'Olivia Bright',
    people: { Dana: 'member', Theo: 'technician', Tess: 'technician' },
  });

export async function openBusiness(
  db: Database,
  done: Done,
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
