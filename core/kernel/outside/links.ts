import { z } from 'zod';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { authenticate, hashSecret } from '../pipeline/authenticate.ts';
import type { Context, Link, NewLink, ReadContext, RequestFacts } from '../pipeline/context.ts';
import type { Kernel } from '../pipeline/invocation.ts';
import { readContext } from '../pipeline/read-context.ts';
import { getRow } from '../records/record-queries.ts';
import type { Registry } from '../registry/registry.ts';
import { DeskhandError } from '../words/errors.ts';
import { actionsOf, deedOf, type LinkFile, type LinkSpec, type SaidByLink } from './link-page.ts';
import type { Vault } from './seal.ts';

export { defineLink, type LinkSpec } from './link-page.ts';

type Made = { kernel: Kernel; context: Context };

/**
 * Makes a link and answers its id. The token is worked out of the id when the link is delivered: the database has its
 * hash, and no row, preview or log ever has the token itself.
 */
export async function makeLink({ kernel, context }: Made, link: NewLink): Promise<string> {
  const { purpose, subject_id, contact_id, company_id = null } = link;
  const spec = linkSpec(kernel.registry, purpose);
  const { id: organization_id } = context.organization;
  const known = spec.is_shared ? await findLink(context, spec, link) : undefined;
  if (known !== undefined) return known;
  const id = newId();
  const hash = hashSecret(tokenOf(kernel.vault, organization_id, id));
  const version = spec.is_bound_to_version
    ? await versionOf(context, kernel.registry, spec, subject_id)
    : null;
  await context.tx.run(sql`
    insert into customer_links (
      organization_id, id, purpose, token_hash, subject_type, subject_id, subject_version, contact_id,
      company_id, expires_at
    )
    values (
      ${organization_id}::uuid, ${id}::uuid, ${purpose}, decode(${hash}, 'hex'), ${spec.subject}, ${subject_id}::uuid,
      ${version}::bigint, ${contact_id}::uuid,
      -- By the clock that will say whether it is over.
      ${company_id}::uuid, now() + make_interval(days => ${spec.days}::integer)
    )`);
  return id;
}

/** So much of its time a link still has that is given out once more: as long as somebody may leave a mail lying. */
const leastLeft = 0.25;

/**
 * The link there is of a subject whose links are shared, its id; undefined where none was made, or little of its time is left. The
 * same one for everybody who asks.
 */
export async function findLink(
  context: ReadContext,
  { purpose, days }: Pick<LinkSpec, 'purpose' | 'days'>,
  { subject_id }: Pick<NewLink, 'subject_id'> & Partial<NewLink>,
): Promise<string | undefined> {
  const found = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from customer_links
    where organization_id = ${context.organization.id}::uuid
      and purpose = ${purpose}
      and subject_id = ${subject_id}::uuid
      and used_at is null
      and expires_at > now() + make_interval(days => ${Math.ceil(days * leastLeft)}::integer)
    order by id
    limit 1`,
  );
  return found?.id;
}

/** The address of a link, for the delivery that puts it into a mail. */
export function linkAddress(kernel: Kernel, organization_id: string, purpose: string, id: string): string {
  const { path } = linkSpec(kernel.registry, purpose);
  return `${kernel.baseUrl()}/${path}/${tokenOf(kernel.vault, organization_id, id)}`;
}

/**
 * What opening a link shows, and the call its button makes with what was said. Throws UNAUTHENTICATED for a link that is good
 * no more.
 */
export function openLink(kernel: Kernel, opened: OpenedLink, request: RequestFacts) {
  return withLink(kernel, opened, request, async ({ context, link, spec }) => {
    const { said = {}, asked = {} } = opened;
    const { action, done, input } = deedOf(spec, said);
    return {
      page: await spec.shows(context, link, asked),
      done,
      call: { action, data: input(link, said) },
    };
  });
}

/** A file behind a link. Throws UNAUTHENTICATED for a link that is good no more, and where there is no such file. */
export function openLinkFile(kernel: Kernel, opened: OpenedLink, name: string, request: RequestFacts) {
  return withLink(kernel, opened, request, async ({ context, link, spec }): Promise<LinkFile> => {
    const { files = {} } = spec;
    const find = Object.hasOwn(files, name) ? files[name] : undefined;
    const address = linkAddress(kernel, context.organization.id, spec.purpose, link.id);
    const file = await find?.(context, link, address);
    if (!file) throw worthless();
    return file;
  });
}

function withLink<T>(
  kernel: Kernel,
  { path, token }: OpenedLink,
  request: RequestFacts,
  use: (found: { context: ReadContext; link: Link; spec: LinkSpec }) => Promise<T>,
): Promise<T> {
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, { via: 'link', token }, request);
    const { link } = identity;
    const spec = kernel.registry.links.get(link?.purpose ?? '');
    if (!link || spec?.path !== path) throw worthless();
    const context = readContext(kernel, tx, { identity, request });
    await requireVersion(context, kernel.registry, link);
    return use({ context, link, spec });
  });
}

/** A link as somebody came by it, and what they said there. */
export interface OpenedLink {
  path: string;
  token: string;
  said?: SaidByLink;
  /** What stands behind the address. */
  asked?: SaidByLink;
}

/**
 * Uses a link up, in the transaction of what it does, unless it stays good. Throws UNAUTHENTICATED when it is used, over, for
 * something else, or when its subject has changed: whoever presses a button twice is served once.
 */
export async function useLink(
  { kernel, context }: { kernel: Kernel; context: ReadContext },
  link: Link | undefined,
  action: string,
): Promise<void> {
  const spec = kernel.registry.links.get(link?.purpose ?? '');
  if (!link || !spec || !actionsOf(spec).includes(action)) throw worthless();
  if (!spec.stays_good) await markUsed(context, link);
  await requireVersion(context, kernel.registry, link);
}

async function markUsed(context: ReadContext, link: Link): Promise<void> {
  const used = await context.tx.run(sql`
    update customer_links
    set used_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${link.id}::uuid
      and used_at is null`);
  if (used === 0) throw worthless();
}

/** Gives the links of one customer to another, all of them or those named; answers which. A link that was sent stays good. */
export async function moveLinks(
  context: ReadContext,
  fromId: string,
  toId: string,
  ids?: readonly string[],
): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    update customer_links
    set contact_id = ${toId}::uuid,
      subject_id = case when subject_id = ${fromId}::uuid then ${toId}::uuid else subject_id end
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${fromId}::uuid
      and (${ids === undefined}::boolean or id = any (${[...(ids ?? [])]}::uuid[]))
    returning id`,
  );
  return rows.map(({ id }) => id);
}

/** Whether a customer has used a link of this kind since a moment. */
export async function wasLinkUsed(
  context: ReadContext,
  { purpose, contact_id, since }: { purpose: string; contact_id: string; since: string },
): Promise<boolean> {
  const { used } = await context.tx.one(
    z.object({ used: z.boolean() }),
    sql`
    select exists (
      select
      from customer_links
      where organization_id = ${context.organization.id}::uuid
        and contact_id = ${contact_id}::uuid
        and purpose = ${purpose}
        and used_at >= ${since}::timestamptz
    ) as used`,
  );
  return used;
}

const worthless = () => new DeskhandError('UNAUTHENTICATED', 'This link is not valid (any more).');

const tokenOf = (vault: Vault, organization_id: string, id: string): string =>
  vault.sign(`link ${organization_id} ${id}`);

/** The hash by which a link is found, in hexadecimal digits: that of a restored link is of the key it is now signed with. */
export const hashOfLink = (vault: Vault, organization_id: string, id: string): string =>
  hashSecret(tokenOf(vault, organization_id, id));

function linkSpec(registry: Registry, purpose: string): LinkSpec {
  const spec = registry.links.get(purpose);
  if (!spec) throw new Error(`nobody registered links for ${purpose}`);
  return spec;
}

async function requireVersion(context: ReadContext, registry: Registry, link: Link): Promise<void> {
  if (link.subject_version === null) return;
  const spec = linkSpec(registry, link.purpose);
  const version = await versionOf(context, registry, spec, link.subject_id).catch(() => undefined);
  if (version !== link.subject_version) throw worthless();
}

const versioned = z.object({ version: z.number() });

async function versionOf(context: ReadContext, registry: Registry, spec: LinkSpec, id: string) {
  const record = registry.records.get(spec.subject);
  if (!record) throw new Error(`there is no record ${spec.subject}`);
  // A link may be about what its maker does not see: the visit of a colleague that a technician books at the door.
  const row = await getRow(context, { ...record, restrict: () => undefined }, id);
  return spec.versionOf ? spec.versionOf(row) : versioned.parse(row).version;
}
