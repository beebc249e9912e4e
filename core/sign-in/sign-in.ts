import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import { enqueue } from '../kernel/outside/outbox.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';

/**
 * How long a link and a session live, in minutes. A session is renewed by use (TEN-11), up to thirty days after the sign-in,
 * which the database counts.
 */
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
      organizations: z.array(z.string()),
    })
    .nullable(),
});

/** The secret of the browser that asks for a link, kept in a cookie of it. */
export const newAsker = (): string => randomBytes(32).toString('base64url');

/** The code that browser shows: six digits that follow from its secret, and that nobody else can know. */
export const codeOf = (asker: string): string =>
  String(createHash('sha256').update(`code of ${asker}`).digest().readUIntBE(0, 6) % 1_000_000).padStart(
    6,
    '0',
  );

/** Of little use to whoever reads the table: the link itself goes into it. */
const hashCode = (token: string, code: string): string => hashSecret(`${token} ${code}`);

/**
 * Makes a link that signs a person in once, and ends the older ones. Answers the token, or undefined when nobody has this
 * address, which no outsider may notice. For the command line, where whoever reads the link may use it in any browser; the
 * page sends it by e-mail instead.
 */
export async function createSignInToken(db: Database, email: string): Promise<string | undefined> {
  return asNobody(db, async tx => (await makeToken(tx, email, undefined))?.token);
}

/**
 * Queues the mail with the link, for the browser with this secret. Answers nothing and does about the same work for unknown
 * addresses (security.md).
 */
export async function sendSignInLink(
  db: Database,
  email: string,
  baseUrl: string,
  asker: string = newAsker(),
): Promise<void> {
  await asNobody(db, async tx => {
    const link = await makeToken(tx, email, asker);
    if (!link) return;
    const { organization_id, name, organizations } = link.member;
    const [first = 'Deskhand'] = organizations;
    const actor = { kind: 'system', name: 'sign-in', action: 'sign_in.send_link' };
    await tx.run(sql`select set_ctx(${organization_id}::uuid, null, ${JSON.stringify(actor)}::jsonb)`);
    await enqueue(tx, organization_id, newId(), {
      // Not an ordinary e-mail: whoever may read the outbox must not be able to sign in with what stands in it.
      kind: 'sign_in_email',
      payload: {
        to: email.toLowerCase(),
        from_name: first,
        subject: `Sign in to ${organizations.join(' or ')}`,
        text: `Hello ${name},\n\nopen this page and press "Sign in":\n\n${baseUrl}/sign-in/${link.token}\n\nThe link works once, for ${linkMinutes} minutes. On another device than the one you asked on it wants the code that is shown there. If you did not ask for it, do nothing, and give nobody the link.`,
      },
    });
  });
}

async function makeToken(tx: Tx, email: string, asker: string | undefined) {
  const token = randomBytes(32).toString('base64url');
  const askerHash = asker === undefined ? null : hashSecret(asker);
  const codeHash = asker === undefined ? null : hashCode(token, codeOf(asker));
  const { made: member } = await tx.one(
    made,
    sql`
    select create_sign_in_token(
      ${email.trim().toLowerCase()}, decode(${hashSecret(token)}, 'hex'), decode(${askerHash}::text, 'hex'),
      decode(${codeHash}::text, 'hex'), now() + make_interval(mins => ${linkMinutes}::integer)
    ) as made`,
  );
  return member ? { token, member } : undefined;
}

/** What opening a link takes in this browser; undefined when it does not work any more. Uses nothing up (TEN-32). */
export function peekLink(
  db: Database,
  token: string,
  asker: string | undefined,
): Promise<{ wants_code: boolean } | undefined> {
  return asNobody(db, async tx => {
    const { link } = await tx.one(
      z.object({ link: z.object({ wants_code: z.boolean() }).nullable() }),
      sql`
      select peek_sign_in_token(
        decode(${hashSecret(token)}, 'hex'), decode(${asker === undefined ? null : hashSecret(asker)}::text, 'hex')
      ) as link`,
    );
    return link ?? undefined;
  });
}

/** What a browser shows when it uses a link. */
export interface Shown {
  /** The secret of the browser that asked. */
  asker?: string | undefined;
  /** The code it shows, when this is another one. */
  code?: string | undefined;
  /** The session this browser had before, which ends. */
  before?: string | undefined;
  user_agent?: string | undefined;
}

/**
 * Uses a link up and opens a session. Answers the session's secret, `wrong code` when this is not the browser that asked and
 * its code was not given (five times; then the link is gone), or undefined when the link does not work.
 */
export function redeemLink(
  db: Database,
  token: string,
  { asker, code, before, user_agent }: Shown = {},
): Promise<{ session: string } | 'wrong code' | undefined> {
  const session = randomBytes(32).toString('base64url');
  const shown = {
    ...(asker === undefined ? {} : { asker: hashSecret(asker) }),
    ...(code === undefined ? {} : { code: hashCode(token, code.replace(/\D/g, '')) }),
    ...(before === undefined ? {} : { before: hashSecret(before) }),
  };
  const opened = {
    hash: hashSecret(session),
    csrf_token: randomBytes(32).toString('base64url'),
    minutes: sessionMinutes,
    ...(user_agent === undefined ? {} : { user_agent: user_agent.slice(0, 300) }),
  };
  return asNobody(db, async tx => {
    const { redeemed } = await tx.one(
      z.object({ redeemed: z.object({ wrong_code: z.boolean() }).nullable() }),
      sql`
      select redeem_sign_in_token(
        decode(${hashSecret(token)}, 'hex'), ${JSON.stringify(shown)}::jsonb, ${JSON.stringify(opened)}::jsonb
      ) as redeemed`,
    );
    if (!redeemed) return undefined;
    return redeemed.wrong_code ? 'wrong code' : { session };
  });
}

/** The secret of a new session by a link of the command line, or undefined when the link does not work. */
export async function redeemSignInToken(db: Database, token: string): Promise<string | undefined> {
  const redeemed = await redeemLink(db, token);
  return typeof redeemed === 'object' ? redeemed.session : undefined;
}

const business = z.object({ id: z.string(), name: z.string(), is_open: z.boolean() });
export type OwnBusiness = z.infer<typeof business>;

/** The businesses of the person of a session; none for a session that has ended. */
export function listBusinesses(db: Database, session: string): Promise<OwnBusiness[]> {
  return asNobody(db, tx =>
    tx.many(
      business,
      sql`select id, name, is_open from session_businesses(decode(${hashSecret(session)}, 'hex')) order by name, id`,
    ),
  );
}

/**
 * Opens one of somebody's businesses. Answers the session's new secret, or undefined when it is none of theirs: the old
 * secret and every form made with it are good for nothing then.
 */
export function openBusiness(
  db: Database,
  session: string,
  organizationId: string,
): Promise<string | undefined> {
  const renewed = randomBytes(32).toString('base64url');
  const csrf = randomBytes(32).toString('base64url');
  return asNobody(db, async tx => {
    const { opened } = await tx.one(
      z.object({ opened: z.boolean() }),
      sql`
      select open_business(
        decode(${hashSecret(session)}, 'hex'), ${organizationId}::uuid, decode(${hashSecret(renewed)}, 'hex'), ${csrf}
      ) as opened`,
    );
    return opened ? renewed : undefined;
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
