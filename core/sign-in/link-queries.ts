import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { sql } from '../kernel/database/sql.ts';

// Before anybody is signed in there is no organization: all of this goes through the narrow functions of the sessions
// migration (TEN-05). Secrets come hashed, in hexadecimal.

/** A transaction of nobody's. */
export function asNobody<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction('read write', async tx => {
    await setActor(tx, null, { kind: 'system', name: 'sign-in' });
    return work(tx);
  });
}

/** What follows is done for a business, by the sign-in itself. */
export const actFor = (tx: Tx, organizationId: string, action: string) =>
  setActor(tx, organizationId, { kind: 'system', name: 'sign-in', action });

const setActor = (tx: Tx, organizationId: string | null, actor: Record<string, string>) =>
  tx.run(sql`select set_ctx(${organizationId}::uuid, null, ${JSON.stringify(actor)}::jsonb)`);

const member = z.object({
  organization_id: z.string(),
  user_id: z.string(),
  name: z.string(),
  organizations: z.array(z.string()),
});

/** A link of its own. `asker`: the browser that asked for it; `code`: what that browser shows. */
interface NewToken {
  email: string;
  token: string;
  asker: string | null;
  code: string | null;
  minutes: number;
}

/** Keeps a new link and ends the older ones; answers whose it is, null when nobody has this address. */
export async function insertToken(tx: Tx, { email, token, asker, code, minutes }: NewToken) {
  const { made } = await tx.one(
    z.object({ made: member.nullable() }),
    sql`
    select create_sign_in_token(
      ${email}, decode(${token}, 'hex'), decode(${asker}::text, 'hex'), decode(${code}::text, 'hex'),
      now() + make_interval(mins => ${minutes}::integer)
    ) as made`,
  );
  return made;
}

/** What using a link takes in the browser `asker`; null when it does not work. */
export async function findToken(tx: Tx, token: string, asker: string | null) {
  const { link } = await tx.one(
    z.object({ link: z.object({ wants_code: z.boolean() }).nullable() }),
    sql`select peek_sign_in_token(decode(${token}, 'hex'), decode(${asker}::text, 'hex')) as link`,
  );
  return link;
}

/** Uses a link up and opens a session, unless the browser shows the wrong code; null when it does not work. */
export async function redeemToken(
  tx: Tx,
  token: string,
  { shown, opened }: { shown: Record<string, string>; opened: Record<string, string | number> },
) {
  const { redeemed } = await tx.one(
    z.object({ redeemed: z.object({ wrong_code: z.boolean() }).nullable() }),
    sql`
    select redeem_sign_in_token(
      decode(${token}, 'hex'), ${JSON.stringify(shown)}::jsonb, ${JSON.stringify(opened)}::jsonb
    ) as redeemed`,
  );
  return redeemed;
}

const business = z.object({ id: z.string(), name: z.string(), is_open: z.boolean() });
export type OwnBusiness = z.infer<typeof business>;

/** The businesses of the person of a session. */
export const listBusinessesOf = (tx: Tx, session: string): Promise<OwnBusiness[]> =>
  tx.many(
    business,
    sql`select id, name, is_open from session_businesses(decode(${session}, 'hex')) order by name, id`,
  );

/** Opens one of them under a new secret; answers whether it is one of them. */
export async function moveSession(
  tx: Tx,
  session: string,
  to: { organization_id: string; session: string; csrf_token: string },
): Promise<boolean> {
  const { opened } = await tx.one(
    z.object({ opened: z.boolean() }),
    sql`
    select open_business(
      decode(${session}, 'hex'), ${to.organization_id}::uuid, decode(${to.session}, 'hex'), ${to.csrf_token}
    ) as opened`,
  );
  return opened;
}

/** Lengthens a session; answers whether it still lives. */
export async function lengthenSession(tx: Tx, session: string, minutes: number): Promise<boolean> {
  const { csrf } = await tx.one(
    z.object({ csrf: z.string().nullable() }),
    sql`select renew_session(decode(${session}, 'hex'), now() + make_interval(mins => ${minutes}::integer)) as csrf`,
  );
  return csrf !== null;
}

/** Ends a session. */
export const deleteSession = (tx: Tx, session: string) =>
  tx.run(sql`select end_session(decode(${session}, 'hex'))`);

/** Ends every session of the person of one. */
export const deleteSessionsOf = (tx: Tx, session: string) =>
  tx.run(sql`select end_sessions(decode(${session}, 'hex'))`);
