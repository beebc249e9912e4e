import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import type { SecretBox } from '../pipeline/context.ts';
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
