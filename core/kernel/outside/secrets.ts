import { z } from 'zod';
import type { Database, Tx } from '../database/db.ts';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { authenticate } from '../pipeline/authenticate.ts';
import type { RequestFacts, SecretBox } from '../pipeline/context.ts';
import type { Kernel } from '../pipeline/invocation.ts';
import type { Vault } from './seal.ts';

const sealedRow = z.object({ id: z.string(), sealed: z.string() });

/** Binds what is sealed to its place: the row of another business, or of another secret, does not open here. */
const about = (organization_id: string, name: string) => `secret ${organization_id} ${name}`;

/** A secret of the business the transaction acts in; undefined when it has none of this name. */
export async function findSecret(
  tx: Tx,
  vault: Vault,
  organization_id: string,
  name: string,
): Promise<string | undefined> {
  const row = await tx.maybe(
    sealedRow,
    sql`
    select id, sealed
    from secrets
    where organization_id = ${organization_id}::uuid
      and name = ${name}`,
  );
  return row && vault.open(row.sealed, about(organization_id, name));
}

/** What opens the box of a business from outside its transactions. */
export interface Keeper {
  db: Database;
  vault: Vault;
  /** Secrets of the installation by name, for businesses that have none of their own. */
  secrets: Readonly<Record<string, string>>;
}

/** A secret of a business, else that of the installation; undefined where there is neither. */
export async function secretOf(
  { db, vault, secrets }: Keeper,
  organization_id: string,
  name: string,
  request: RequestFacts = { request_id: newId() },
): Promise<string | undefined> {
  const own = await db.transaction('read only', async tx => {
    await authenticate(tx, { via: 'system', organization_id, name: 'secrets' }, request);
    return findSecret(tx, vault, organization_id, name);
  });
  return own ?? secrets[name];
}

/** Secrets of a business that were sealed with another key, by name: whoever has the value sets it once more. */
export function unopenedSecrets(
  { db, vault }: Pick<Keeper, 'db' | 'vault'>,
  organization_id: string,
  request: RequestFacts = { request_id: newId() },
): Promise<string[]> {
  return db.transaction('read only', async tx => {
    await authenticate(tx, { via: 'system', organization_id, name: 'secrets' }, request);
    const rows = await tx.many(
      z.object({ name: z.string() }),
      sql`
      select name
      from secrets
      where organization_id = ${organization_id}::uuid
        and split_part(sealed, '.', 1) <> ${vault.key_id}
      order by name`,
    );
    return rows.map(({ name }) => name);
  });
}

/** Whether a business has a secret of its own, or the installation has one for it; opens nothing. */
export async function hasSecret(
  { secrets }: Pick<Keeper, 'secrets'>,
  tx: Tx,
  organization_id: string,
  name: string,
): Promise<boolean> {
  if (secrets[name] !== undefined) return true;
  const { is_set } = await tx.one(
    z.object({ is_set: z.boolean() }),
    sql`
    select exists (
      select
      from secrets
      where organization_id = ${organization_id}::uuid
        and name = ${name}
    ) as is_set`,
  );
  return is_set;
}

/** What an action may do with the secrets of its business. */
export const secretBox = (
  { vault, registry }: Kernel,
  tx: Tx,
  { organization_id, set_by }: { organization_id: string; set_by: string },
): SecretBox => ({
  known: registry.secrets,
  keep: (name, value) => keepSecret(tx, vault, { organization_id, set_by, name, value }),
  forget: name => forgetSecret(tx, organization_id, name),
});

/** Seals a secret of a business in place of an earlier one. Answers the id it is known by in the audit log. */
async function keepSecret(
  tx: Tx,
  vault: Vault,
  {
    organization_id,
    set_by,
    name,
    value,
  }: { organization_id: string; set_by: string; name: string; value: string },
): Promise<string> {
  const sealed = vault.seal(value, about(organization_id, name));
  const { id } = await tx.one(
    sealedRow,
    sql`
    insert into secrets (organization_id, id, name, sealed, set_by)
    values (${organization_id}::uuid, ${newId()}::uuid, ${name}, ${sealed}, ${set_by})
    on conflict (organization_id, name) do update
    set sealed = excluded.sealed, set_at = now(), set_by = excluded.set_by
    returning id, sealed`,
  );
  return id;
}

/** Forgets a secret of a business; undefined when there is none. */
async function forgetSecret(tx: Tx, organization_id: string, name: string): Promise<string | undefined> {
  const row = await tx.maybe(
    sealedRow,
    sql`
    delete from secrets
    where organization_id = ${organization_id}::uuid
      and name = ${name}
    returning id, sealed`,
  );
  return row?.id;
}
