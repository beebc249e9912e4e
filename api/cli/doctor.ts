import pg from 'pg';
import { z } from 'zod';
import { stripeKey, stripeWebhookSecret } from '../../core/checkout/secrets.ts';
import { lookAtModel } from '../../core/connectors/llm/index.ts';
import { readSizes, type Sizes } from '../../core/jobs/size-queries.ts';
import { lookAtDataFolder } from '../../core/kernel/database/postgres/data-folder.ts';
import { embeddedStatus } from '../../core/kernel/database/postgres/launcher.ts';
import { unopenedSecrets } from '../../core/kernel/outside/secrets.ts';
import { listStrays } from '../../core/kernel/outside/webhook-strays.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { findDatabase, type Installation, withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { explainOwner } from '../database-trouble.ts';
import { describeIndexes, describeReplica, hasSchema } from './database-looks.ts';
import { firstOf, newRequest } from './installation.ts';
import { sentenceOf } from './sentence.ts';
import { describeWork, sizesAsText } from './sizes.ts';

/** One thing looked at: what was found, or an error that says what to do. Answers whether it is well. */
type Look = (name: string, finding: () => Promise<string>) => Promise<boolean>;

/** `deskhand doctor`: looks at everything that can stop a start, says what is wrong, exits 1 when something is. */
export async function doctor(read: () => Config): Promise<void> {
  let config: Config | undefined;
  let wrong = 0;
  const look: Look = async (name, finding) => {
    try {
      console.log(`ok     ${name}: ${await finding()}`);
      return true;
    } catch (error) {
      wrong += 1;
      console.log(`WRONG  ${name}: ${sentenceOf(error)}`);
      return false;
    }
  };
  await look('Node.js', async () => checkNode());
  await look('environment', async () => {
    config = read();
    return `${config.baseUrl}, ${config.database ? 'DATABASE_URL' : `embedded database in ${config.dataDir}`}`;
  });
  if (config) await lookAt(config, look);
  console.log(wrong === 0 ? 'Everything looks well.' : `${wrong} thing${wrong === 1 ? '' : 's'} to mend.`);
  if (wrong > 0) process.exitCode = 1;
}

async function lookAt(config: Config, look: Look): Promise<void> {
  await look('data folder', async () => {
    const isThere = await lookAtDataFolder(config.dataDir);
    const found = isThere
      ? `${config.dataDir} can be written`
      : `${config.dataDir} is made when it is needed`;
    if (config.database) return found;
    const status = await embeddedStatus(config.dataDir);
    return `${found}; database ${status.running ? 'running' : 'not running'}`;
  });
  await look('language model', async () =>
    config.llm ? lookAtModel(config.llm) : 'none; rules take its place (LLM_BASE_URL and LLM_MODEL name one)',
  );
  await look('payments', async () => describePayments(config));
  if (!(await look('database', () => describeDatabase(config)))) return;
  let isEmpty = false;
  const isUpToDate = await look('schema and businesses', async () => {
    isEmpty = config.database !== undefined && !(await hasSchema(config));
    return isEmpty ? 'none yet; the first start makes the schema' : describeBusinesses(config);
  });
  if (isEmpty || !isUpToDate) return;
  const { replica } = config;
  if (replica) await look('replica', () => describeReplica(config, replica));
  await look('secrets', () => withInstallation(config, describeSecrets));
  await look('deletions', () => withInstallation(config, describeDeletions));
  await lookAtSizes(config, look);
  await look('indexes', () => withInstallation(config, describeIndexes));
  await look('messages of services', () => withInstallation(config, describeStrays));
}

const describeBusinesses = (config: Config): Promise<string> =>
  withInstallation(config, async ({ db }) => {
    const names = (await listBusinesses(db)).map(business => business.slug);
    return names.length === 0 ? 'up to date; no business yet' : `up to date; ${firstOf(names)}`;
  });

async function lookAtSizes(config: Config, look: Look): Promise<void> {
  let sizes: Sizes | undefined;
  await look('sizes', async () => {
    sizes = await withInstallation(config, ({ db }) => readSizes(db));
    return sizesAsText(sizes);
  });
  const known = sizes;
  if (known) await look('work in the background', async () => describeWork(known));
}

/** After a restore, or with another DESKHAND_SECRET, what was sealed before does not open any more. */
async function describeSecrets({ db, sealing: { vault } }: Installation): Promise<string> {
  const closed: string[] = [];
  for (const { id, slug } of await listBusinesses(db))
    for (const name of await unopenedSecrets({ db, vault }, id)) closed.push(`${name} of ${slug}`);
  if (closed.length === 0) return 'all that are set can be opened';
  throw new Error(
    `${closed.join(', ')} cannot be opened with the key of this installation; set each once more on the page /settings/secrets.`,
  );
}

const deletion = z.object({ delete_at: z.string(), trouble: z.string().nullable() });

/** Businesses that are to be deleted, and what stood in the way of one whose day has come. */
async function describeDeletions({ db, app }: Installation): Promise<string> {
  const waiting: string[] = [];
  for (const { id: organization_id, slug } of await listBusinesses(db)) {
    const caller: Caller = { via: 'system', organization_id, name: 'command line' };
    const { rows } = await app.read(caller, 'business_deletion', {}, newRequest());
    for (const { delete_at, trouble } of z.array(deletion).parse(rows)) {
      if (trouble !== null) throw new Error(`${slug} should be deleted, and could not be: ${trouble}`);
      waiting.push(`${slug} on ${delete_at.slice(0, 10)}`);
    }
  }
  return waiting.length === 0 ? 'none is asked for' : waiting.join(', ');
}

const strayWords = {
  signature: 'whose signature is wrong or too old',
  unknown: 'about what no business here knows',
} as const;

/** What came to the addresses for all businesses and is nobody's; somebody else's system may share an account with us. */
async function describeStrays({ db }: Installation): Promise<string> {
  const strays = await listStrays(db);
  if (strays.length === 0) return 'none that is of no business here';
  return strays
    .map(({ provider, reason, count, event_id, event_type, last_at }) => {
      const last = event_id === null ? '' : ` ${event_id} (${event_type})`;
      return `${count} of ${provider} ${strayWords[reason]}, the last${last} on ${last_at.slice(0, 10)}`;
    })
    .join('; ');
}

/** Whether bills can be paid online, as far as the environment says; what each business has set lies sealed. */
function describePayments({ secrets, stripe }: Config): string {
  const place = stripe.baseUrl === undefined ? '' : ` at ${stripe.baseUrl}`;
  const isHeard = secrets[stripeWebhookSecret.name] !== undefined;
  const unheard = isHeard
    ? ''
    : '; without STRIPE_WEBHOOK_SECRET a business hears what was paid only by its own secret stripe_webhook';
  return secrets[stripeKey.name] !== undefined
    ? `Stripe${place}, for every business without a key of its own${unheard}`
    : `no key of Stripe for all (STRIPE_SECRET_KEY); a business that sets its own can be paid online${place}`;
}

function checkNode(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return process.version;
  throw new Error(`${process.version} is too old; install Node.js 20.19 or newer.`);
}

async function describeDatabase(config: Config): Promise<string> {
  const { owner } = await findDatabase(config);
  const client = new pg.Client({
    ...owner,
    ssl: owner.ssl ? { rejectUnauthorized: true } : false,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ number: string; name: string; may_change: boolean | null }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as name,
        (select pg_has_role(oid, 'member') from pg_roles where rolname = 'deskhand_owner') as may_change`,
    );
    const version = rows[0];
    if (!version || Number(version.number) < 150000) {
      throw new Error(`PostgreSQL ${version?.name ?? '?'} is too old; use 15 or newer.`);
    }
    const few =
      version.may_change === false
        ? `; "${owner.user}" may not change the schema, so upgrades and backups want a DATABASE_OWNER_URL`
        : '';
    return `PostgreSQL ${version.name}${few}`;
  } catch (error) {
    throw explainOwner(error, config, owner);
  } finally {
    await client.end();
  }
}
