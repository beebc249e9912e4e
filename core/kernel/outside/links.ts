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
import type { Vault } from './seal.ts';

/** Plain sentences for somebody who is no user of ours. */
export interface LinkPage {
  title: string;
  lines: readonly string[];
}

/**
 * What a customer may do with a link of ours. Opening it shows and changes nothing (mail scanners open every link); its
 * button does it, once.
 */
export interface LinkSpec {
  purpose: string;
  /** `u`: the link is `/u/<token>`. */
  path: string;
  summary: string;
  /** The record it is about. */
  subject: string;
  /** Whether it is dead as soon as its subject is another version than the one it was made for. */
  is_bound_to_version: boolean;
  /** For how long it is good. */
  days: number;
  shows(context: ReadContext, link: Link): Promise<LinkPage & { button: string }>;
  /** What is said when it is done. */
  done: LinkPage;
  action: string;
  input(link: Link): Record<string, unknown>;
}

export const defineLink = (link: LinkSpec): LinkSpec => link;

type Made = { kernel: Kernel; context: Context };

/**
 * Makes a link and answers its id. The token is worked out of the id when the link is delivered: the database has its
 * hash, and no row, preview or log ever has the token itself.
 */
export async function makeLink({ kernel, context }: Made, link: NewLink): Promise<string> {
  const { purpose, subject_id, contact_id } = link;
  const spec = linkSpec(kernel.registry, purpose);
  const { id: organization_id } = context.organization;
  const id = newId();
  const hash = hashSecret(tokenOf(kernel.vault, organization_id, id));
  const version = spec.is_bound_to_version
    ? await versionOf(context, kernel.registry, spec, subject_id)
    : null;
  const expires_at = context.now.add({ hours: spec.days * 24 }).toString();
  await context.tx.run(sql`
    insert into customer_links (
      organization_id, id, purpose, token_hash, subject_type, subject_id, subject_version, contact_id, expires_at
    )
    values (
      ${organization_id}::uuid, ${id}::uuid, ${purpose}, decode(${hash}, 'hex'), ${spec.subject}, ${subject_id}::uuid,
      ${version}::bigint, ${contact_id}::uuid, ${expires_at}::timestamptz
    )`);
  return id;
}

/** The address of a link, for the delivery that puts it into a mail. */
export function linkAddress(kernel: Kernel, organization_id: string, purpose: string, id: string): string {
  const { path } = linkSpec(kernel.registry, purpose);
  return `${kernel.baseUrl()}/${path}/${tokenOf(kernel.vault, organization_id, id)}`;
}

/** What opening a link shows, and the call its button makes. Throws UNAUTHENTICATED for a link that is good no more. */
export function openLink(kernel: Kernel, path: string, token: string, request: RequestFacts) {
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, { via: 'link', token }, request);
    const { link } = identity;
    const spec = kernel.registry.links.get(link?.purpose ?? '');
    if (!link || spec?.path !== path) throw worthless();
    const context = readContext(kernel, tx, identity, request);
    await requireVersion(context, kernel.registry, link);
    const { action, done } = spec;
    return { page: await spec.shows(context, link), done, call: { action, data: spec.input(link) } };
  });
}

/**
 * Uses a link up, in the transaction of what it does. Throws UNAUTHENTICATED when it is used, over, for something else, or
 * when its subject has changed: whoever presses a button twice is served once.
 */
export async function useLink(
  { kernel, context }: { kernel: Kernel; context: ReadContext },
  link: Link | undefined,
  action: string,
): Promise<void> {
  if (!link || kernel.registry.links.get(link.purpose)?.action !== action) throw worthless();
  const used = await context.tx.run(sql`
    update customer_links
    set used_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${link.id}::uuid
      and used_at is null`);
  if (used === 0) throw worthless();
  await requireVersion(context, kernel.registry, link);
}

const worthless = () => new DeskhandError('UNAUTHENTICATED', 'This link is not valid (any more).');

const tokenOf = (vault: Vault, organization_id: string, id: string): string =>
  vault.sign(`link ${organization_id} ${id}`);

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

async function versionOf(context: ReadContext, registry: Registry, { subject }: LinkSpec, id: string) {
  const record = registry.records.get(subject);
  if (!record) throw new Error(`there is no record ${subject}`);
  return versioned.parse(await getRow(context, record, id)).version;
}
