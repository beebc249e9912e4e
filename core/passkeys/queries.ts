import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { challengeMinutes, passkeyRow } from './record.ts';

const credential = z.object({ id: z.string(), transports: z.array(z.string()) });

/** The credentials of whoever is acting, for telling the browser which will do and which are there already. */
export function listCredentials(context: ReadContext) {
  return context.tx.many(
    credential,
    sql`
    select credential_id as id, transports
    from passkeys
    where organization_id = ${context.organization.id}::uuid
      and member_id = ${context.actor.id}::uuid
    order by passkeys.id desc`,
  );
}

const lockedPasskey = z.object({ id: z.string(), public_key: z.string(), counter: z.number() });

/** One passkey of whoever is acting, locked: two answers of one device are counted one after the other. */
export function lockCredential(context: ReadContext, credentialId: string) {
  return context.tx.maybe(
    lockedPasskey,
    sql`
    select id, encode(public_key, 'base64') as public_key, counter
    from passkeys
    where organization_id = ${context.organization.id}::uuid
      and member_id = ${context.actor.id}::uuid
      and credential_id = ${credentialId}
    for update`,
  );
}

export function insertPasskey(
  context: ReadContext,
  passkey: {
    id: string;
    name: string;
    credential_id: string;
    public_key: string;
    counter: number;
    transports: readonly string[];
  },
) {
  return context.tx.one(
    passkeyRow,
    sql`
    insert into passkeys (organization_id, id, member_id, name, credential_id, public_key, counter, transports)
    values (
      ${context.organization.id}::uuid, ${passkey.id}::uuid, ${context.actor.id}::uuid, ${passkey.name},
      ${passkey.credential_id}, decode(${passkey.public_key}, 'base64'), ${passkey.counter}::bigint,
      ${[...passkey.transports]}::text[]
    )
    returning id, name, last_used_at, created_at`,
  );
}

/** Writes down that a passkey has signed. */
export async function countUse(context: ReadContext, id: string, counter: number): Promise<void> {
  await context.tx.run(sql`
    update passkeys
    set counter = ${counter}::bigint, last_used_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`);
}

/** Removes a passkey of whoever is acting; undefined when they have none with this id. */
export function deletePasskey(context: ReadContext, id: string) {
  return context.tx.maybe(
    z.object({ id: z.string(), name: z.string() }),
    sql`
    delete from passkeys
    where organization_id = ${context.organization.id}::uuid
      and member_id = ${context.actor.id}::uuid
      and id = ${id}::uuid
    returning id, name`,
  );
}

/** Remembers what the device of whoever is acting is asked to sign, and forgets what nobody can answer any more. */
export async function insertChallenge(context: Context, challenge: string, purpose: string): Promise<void> {
  await context.tx.run(sql`
    delete from passkey_challenges
    where organization_id = ${context.organization.id}::uuid
      and expires_at <= now()`);
  await context.tx.run(sql`
    insert into passkey_challenges (organization_id, challenge, member_id, session, purpose, expires_at)
    values (
      ${context.organization.id}::uuid, ${challenge}, ${context.actor.id}::uuid, ${context.session ?? null}, ${purpose},
      now() + make_interval(mins => ${challengeMinutes}::integer)
    )`);
}

/** Uses a challenge up. False when this person was not asked it in this session for this purpose, or too long ago. */
export async function takeChallenge(context: Context, challenge: string, purpose: string): Promise<boolean> {
  const taken = await context.tx.run(sql`
    delete from passkey_challenges
    where organization_id = ${context.organization.id}::uuid
      and challenge = ${challenge}
      and member_id = ${context.actor.id}::uuid
      and session is not distinct from ${context.session ?? null}
      and purpose = ${purpose}
      and expires_at > now()`);
  return taken === 1;
}
