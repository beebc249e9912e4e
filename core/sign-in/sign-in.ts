import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import { enqueue } from '../kernel/outside/outbox.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';

/** How long a link and a session live, in minutes; a session is renewed by use (TEN-11). */
export const linkMinutes = 10;
export const sessionMinutes = 14 * 24 * 60;

// Before anybody is signed in there is no organization: these go through the narrow functions of the sessions
// migration (TEN-05).
function asNobody<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction('read write', async tx => {
    await tx.run(sql`select set_ctx(null, null, '{"kind": "system", "name": "sign-in"}'::jsonb)`);
    return work(tx);
  });
}

const made = z.object({
  made: z
    .object({
      organization_id: z.string(),
      user_id: z.string(),
      name: z.string(),
      organization_name: z.string(),
    })
    .nullable(),
});

/**
 * Makes a link that signs a person in once. Answers the token, or undefined when nobody has this address, which no
 * outsider may notice. For the command line; the page sends it by e-mail instead.
 */
export async function createSignInToken(db: Database, email: string): Promise<string | undefined> {
  return asNobody(db, async tx => (await makeToken(tx, email))?.token);
}

/**
 * Queues the mail with the link. Answers nothing and does about the same work for unknown addresses (security.md).
 */
export async function sendSignInLink(db: Database, email: string, baseUrl: string): Promise<void> {
  await asNobody(db, async tx => {
    const link = await makeToken(tx, email);
    if (!link) return;
    const { organization_id, name, organization_name } = link.member;
    const actor = { kind: 'system', name: 'sign-in', action: 'sign_in.send_link' };
    await tx.run(sql`select set_ctx(${organization_id}::uuid, null, ${JSON.stringify(actor)}::jsonb)`);
    await enqueue(tx, organization_id, newId(), {
      // Not an ordinary e-mail: whoever may read the outbox must not be able to sign in with what stands in it.
      kind: 'sign_in_email',
      payload: {
        to: email.toLowerCase(),
        from_name: organization_name,
        subject: `Sign in to ${organization_name}`,
        text: `Hello ${name},\n\nopen this page and press "Sign in":\n\n${baseUrl}/sign-in/${link.token}\n\nThe link works once, for ${linkMinutes} minutes. If you did not ask for it, do nothing.`,
      },
    });
  });
}

async function makeToken(tx: Tx, email: string) {
  const token = randomBytes(32).toString('base64url');
  const { made: member } = await tx.one(
    made,
    sql`
    select create_sign_in_token(
      ${email.trim().toLowerCase()}, decode(${hashSecret(token)}, 'hex'), now() + make_interval(mins => ${linkMinutes}::integer)
    ) as made`,
  );
  return member ? { token, member } : undefined;
}

/** Whether a link still works; uses nothing up, so a mail scanner may look (TEN-32). */
export function canRedeem(db: Database, token: string): Promise<boolean> {
  return asNobody(db, async tx => {
    const { usable } = await tx.one(
      z.object({ usable: z.boolean() }),
      sql`select peek_sign_in_token(decode(${hashSecret(token)}, 'hex')) as usable`,
    );
    return usable;
  });
}

/** Uses a link up and opens a session. Answers the session's secret, or undefined when the link does not work. */
export function redeemSignInToken(db: Database, token: string): Promise<string | undefined> {
  const session = randomBytes(32).toString('base64url');
  const csrf = randomBytes(32).toString('base64url');
  return asNobody(db, async tx => {
    const { redeemed } = await tx.one(
      z.object({ redeemed: z.record(z.string(), z.unknown()).nullable() }),
      sql`
      select redeem_sign_in_token(
        decode(${hashSecret(token)}, 'hex'), decode(${hashSecret(session)}, 'hex'), ${csrf},
        now() + make_interval(mins => ${sessionMinutes}::integer)
      ) as redeemed`,
    );
    return redeemed ? session : undefined;
  });
}

/** Lengthens a session that is in use; answers whether it still lives. */
export function renewSession(db: Database, session: string): Promise<boolean> {
  return asNobody(db, async tx => {
    const { csrf } = await tx.one(
      z.object({ csrf: z.string().nullable() }),
      sql`
      select renew_session(
        decode(${hashSecret(session)}, 'hex'), now() + make_interval(mins => ${sessionMinutes}::integer)
      ) as csrf`,
    );
    return csrf !== null;
  });
}

export async function endSession(db: Database, session: string): Promise<void> {
  await asNobody(db, tx => tx.run(sql`select end_session(decode(${hashSecret(session)}, 'hex'))`));
}

/** Signs the person of this session out everywhere: every browser of theirs, in every business. */
export async function endSessions(db: Database, session: string): Promise<void> {
  await asNobody(db, tx => tx.run(sql`select end_sessions(decode(${hashSecret(session)}, 'hex'))`));
}
