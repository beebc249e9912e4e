import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { authenticate } from '../pipeline/authenticate.ts';
import type { RequestFacts } from '../pipeline/context.ts';
import type { Kernel } from '../pipeline/invocation.ts';
import { DeskhandError, notFound } from '../words/errors.ts';
import { type ConnectorName, type Connectors, connectorsFor } from './connectors.ts';
import { PermanentFailure, RetryLater } from './delivery-failure.ts';
import { enqueue } from './outbox.ts';
import { secretOf } from './secrets.ts';
import { noteIncident } from './webhook-fates.ts';
import { beforeAnybody, noteStray, type Stray } from './webhook-strays.ts';

/** What a service sent, byte for byte: its signature is over exactly this. */
export interface WebhookMessage {
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

export interface WebhookEvent {
  /** The same event delivered twice has the same. */
  event_id: string;
  type: string;
  /** What it is about, in the words of the service. */
  object_id: string;
  /** What else it names that we may know it by. */
  beside?: readonly string[];
  /** The business it says it is of, by its slug. A claim, and no proof: it only says by whose key the service is asked. */
  claims?: string;
  /** ISO 8601. */
  occurred_at: string;
  /** The input of the action; undefined when nothing is to be done about events of this type. */
  data?: Record<string, unknown>;
}

/** Events a service outside tells us of, at `/api/webhooks/<provider>` (PLT-21). */
export interface WebhookSpec {
  provider: string;
  summary: string;
  /** The secret that checks the signature: of the business whose slug stands in the address, else of the installation. */
  secret: string;
  /** Answers the payload when signature and age (300 s) are right, and throws or answers undefined otherwise. */
  verify(message: WebhookMessage, secret: string): Promise<unknown>;
  /** Undefined for a payload that says nothing we know. */
  identify(payload: unknown, message: WebhookMessage): WebhookEvent | undefined;
  /** Which business an object belongs to, by what we wrote down ourselves and never by what the event says. */
  ownerOf(tx: Tx, object_id: string, beside: readonly string[]): Promise<string | undefined>;
  /**
   * What else the object of an event is called at the service, read there with the key of the business it claims to be of. Asked for
   * what nobody here has written down; whose it is then is again what `ownerOf` says.
   */
  alsoCalled?(connectors: Connectors, event: WebhookEvent): Promise<readonly string[]>;
  /** What `alsoCalled` reaches outside. */
  connectors?: readonly ConnectorName[];
  /**
   * Runs later, as a job of its own. It looks at the present state of what the event is about, because events come twice
   * and in any order.
   */
  action: string;
}

export const defineWebhook = (webhook: WebhookSpec): WebhookSpec => webhook;

/** The kind of the jobs that carry out events. */
export const webhookJob = 'webhook_event';

/** So long may an object be unknown to us because what made it is not committed yet. */
export const settling_ms = 600_000;

export interface Received {
  provider: string;
  /** The business's own address; undefined at the one of the installation. */
  slug: string | undefined;
  message: WebhookMessage;
}

/** What became of a message; `stray` is there when it is an event that is nobody's here. */
export interface Taken {
  is: 'new' | 'known' | 'ignored';
  stray?: Stray;
}

/**
 * Takes in one event: checks the signature, writes the event down once and queues its effect, in one transaction.
 * Answers whether it was new. One that is nobody's is counted, and that is all. Throws UNAUTHENTICATED alike for a wrong signature, an old message, an unknown business and
 * a missing secret, NOT_FOUND for a provider nobody registered, and UNAVAILABLE when it should come again in a while.
 */
export async function receiveWebhook(
  kernel: Kernel,
  { provider, slug, message }: Received,
  request: RequestFacts,
): Promise<Taken> {
  const spec = kernel.registry.webhooks.get(provider);
  if (!spec) throw notFound('webhook', provider);
  const addressed = slug === undefined ? undefined : await findBusiness(kernel, slug);
  if (slug !== undefined && addressed === undefined) throw unsigned();
  const secret = await secretFor(kernel, spec, addressed, request);
  const payload = secret === undefined ? undefined : await verified(spec, message, secret);
  if (payload === undefined) {
    await noteUnsigned(kernel, spec, addressed, request);
    throw unsigned();
  }
  const event = spec.identify(payload, message);
  if (!event) return { is: 'ignored' };
  const organization_id = addressed ?? (await findOwner(kernel, spec, event));
  if (organization_id !== undefined)
    return { is: await keep(kernel, { spec, event, organization_id }, request) };
  const { event_id, type: event_type } = event;
  const stray = { provider, reason: 'unknown', event_id, event_type } as const;
  await noteStray(kernel.db, stray);
  return { is: 'ignored', stray };
}

const unsigned = () =>
  new DeskhandError('UNAUTHENTICATED', 'The signature of this message is not right, or too old.', {
    hint: 'Check the signing secret of the webhook and the address it is sent to.',
  });

/** Whatever a library throws about a signature, it is wrong. */
const verified = (spec: WebhookSpec, message: WebhookMessage, secret: string): Promise<unknown> =>
  spec.verify(message, secret).catch(() => undefined);

const businesses = z.object({ id: z.string(), slug: z.string() });

const listBusinesses = ({ db }: Kernel) =>
  beforeAnybody(db, 'read only', tx => tx.many(businesses, sql`select id, slug from list_organizations()`));

const findBusiness = async (kernel: Kernel, slug: string) =>
  (await listBusinesses(kernel)).find(business => business.slug === slug)?.id;

const secretFor = async (
  kernel: Kernel,
  { secret }: WebhookSpec,
  organization_id: string | undefined,
  request: RequestFacts,
): Promise<string | undefined> =>
  organization_id === undefined ? kernel.secrets[secret] : secretOf(kernel, organization_id, secret, request);

/** Where there is one business, all is its own; among several, whose object it is. */
async function findOwner(
  kernel: Kernel,
  spec: WebhookSpec,
  event: WebhookEvent,
): Promise<string | undefined> {
  const { object_id, beside = [], occurred_at, claims } = event;
  const businesses = await listBusinesses(kernel);
  const [first, ...others] = businesses;
  if (others.length === 0) return first?.id;
  const ownerOf = (more: readonly string[]) =>
    beforeAnybody(kernel.db, 'read only', tx => spec.ownerOf(tx, object_id, [...beside, ...more]));
  const claimed = businesses.find(({ slug }) => slug === claims);
  const owner =
    (await ownerOf([])) ?? (claimed && (await ownerOf(await askedThere(kernel, { spec, event, claimed }))));
  if (owner !== undefined || Date.now() - Date.parse(occurred_at) > settling_ms) return owner;
  throw new DeskhandError('UNAVAILABLE', 'What this event is about is not known here yet.', {
    hint: 'Send it again in a while.',
  });
}

/** Asked only when nobody knows the object; while the service is away it is not known yet. */
async function askedThere(
  kernel: Kernel,
  { spec, event, claimed }: { spec: WebhookSpec; event: WebhookEvent; claimed: { id: string } },
): Promise<readonly string[]> {
  const { provider, connectors: wants, alsoCalled } = spec;
  if (!alsoCalled) return [];
  const user = { name: `the webhook ${provider}`, wants };
  try {
    return await alsoCalled(connectorsFor(user, kernel.connectors, claimed.id), event);
  } catch (error) {
    if (error instanceof RetryLater || error instanceof PermanentFailure) return [];
    throw error;
  }
}

function keep(
  kernel: Kernel,
  { spec, event, organization_id }: { spec: WebhookSpec; event: WebhookEvent; organization_id: string },
  request: RequestFacts,
): Promise<'new' | 'known'> {
  const { provider, action } = spec;
  const { event_id, type, object_id, data } = event;
  return kernel.db.transaction('read write', async tx => {
    await authenticate(tx, { via: 'system', organization_id, name: provider }, request);
    const id = newId();
    const isNew = await tx.run(sql`
      insert into webhook_events (
        organization_id, id, provider, event_id, type, object_id, processed_at, outcome, said
      )
      values (
        ${organization_id}::uuid, ${id}::uuid, ${provider}, ${event_id}, ${type}, ${object_id},
        case when ${data === undefined}::boolean then now() end,
        case when ${data === undefined}::boolean then 'skipped' end,
        case when ${data === undefined}::boolean then 'Nothing here follows from events of this type.' end
      )
      on conflict (organization_id, provider, event_id) do nothing`);
    if (isNew === 0) return 'known';
    if (data !== undefined) {
      const payload = { event: id, provider, action, data };
      await enqueue(tx, organization_id, request.request_id, { kind: webhookJob, payload, dedupe_key: id });
    }
    return 'new';
  });
}

/**
 * Writes down a message whose signature is wrong or too old, for the business it was sent to. At the address of the installation
 * nobody knows whose it would be, unless there is one business: there it is counted. When it fails the refusal still stands.
 */
async function noteUnsigned(
  kernel: Kernel,
  { provider }: WebhookSpec,
  addressed: string | undefined,
  request: RequestFacts,
): Promise<void> {
  try {
    const [first, ...others] = addressed === undefined ? await listBusinesses(kernel) : [];
    const organization_id = addressed ?? (others.length === 0 ? first?.id : undefined);
    if (organization_id === undefined) {
      await noteStray(kernel.db, { provider, reason: 'signature' });
      return;
    }
    await kernel.db.transaction('read write', async tx => {
      const { organization, actor } = await authenticate(
        tx,
        { via: 'system', organization_id, name: provider },
        request,
      );
      await noteIncident({ tx, organization, actor, request }, { provider, reason: 'signature' });
    });
  } catch {
    // The database is gone: the message is refused all the same.
  }
}
