import { createHash, randomBytes } from 'node:crypto';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { enqueue } from '../kernel/outside/outbox.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import {
  actFor,
  asNobody,
  deleteSession,
  deleteSessionsOf,
  findToken,
  insertToken,
  lengthenSession,
  listBusinessesOf,
  moveSession,
  type OwnBusiness,
  redeemToken,
} from './link-queries.ts';

export type { OwnBusiness } from './link-queries.ts';

/**
 * How long a link and a session live, in minutes. A session is renewed by use (TEN-11), up to thirty days after the sign-in,
 * which the database counts.
 */
export const linkMinutes = 10;
export const sessionMinutes = 14 * 24 * 60;

/** A secret nobody guesses. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The secret of the browser that asks for a link, kept in a cookie of it. */
export const newAsker = newSecret;

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
    await actFor(tx, organization_id, 'sign_in.send_link');
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
  const token = newSecret();
  const member = await insertToken(tx, {
    email: email.trim().toLowerCase(),
    token: hashSecret(token),
    asker: asker === undefined ? null : hashSecret(asker),
    code: asker === undefined ? null : hashCode(token, codeOf(asker)),
    minutes: linkMinutes,
  });
  return member ? { token, member } : undefined;
}

/** What opening a link takes in this browser; undefined when it does not work any more. Uses nothing up (TEN-32). */
export function peekLink(
  db: Database,
  token: string,
  asker: string | undefined,
): Promise<{ wants_code: boolean } | undefined> {
  return asNobody(db, async tx => {
    const link = await findToken(tx, hashSecret(token), asker === undefined ? null : hashSecret(asker));
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
  const session = newSecret();
  const shown = {
    ...(asker === undefined ? {} : { asker: hashSecret(asker) }),
    ...(code === undefined ? {} : { code: hashCode(token, code.replace(/\D/g, '')) }),
    ...(before === undefined ? {} : { before: hashSecret(before) }),
  };
  const opened = {
    hash: hashSecret(session),
    csrf_token: newSecret(),
    minutes: sessionMinutes,
    ...(user_agent === undefined ? {} : { user_agent: user_agent.slice(0, 300) }),
  };
  return asNobody(db, async tx => {
    const redeemed = await redeemToken(tx, hashSecret(token), { shown, opened });
    if (!redeemed) return undefined;
    return redeemed.wrong_code ? 'wrong code' : { session };
  });
}

/** The secret of a new session by a link of the command line, or undefined when the link does not work. */
export async function redeemSignInToken(db: Database, token: string): Promise<string | undefined> {
  const redeemed = await redeemLink(db, token);
  return typeof redeemed === 'object' ? redeemed.session : undefined;
}

/** The businesses of the person of a session; none for a session that has ended. */
export function listBusinesses(db: Database, session: string): Promise<OwnBusiness[]> {
  return asNobody(db, tx => listBusinessesOf(tx, hashSecret(session)));
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
  const renewed = newSecret();
  const to = { organization_id: organizationId, session: hashSecret(renewed), csrf_token: newSecret() };
  return asNobody(db, async tx => ((await moveSession(tx, hashSecret(session), to)) ? renewed : undefined));
}

/** Lengthens a session that is in use; answers whether it still lives. */
export const renewSession = (db: Database, session: string): Promise<boolean> =>
  asNobody(db, tx => lengthenSession(tx, hashSecret(session), sessionMinutes));

export async function endSession(db: Database, session: string): Promise<void> {
  await asNobody(db, tx => deleteSession(tx, hashSecret(session)));
}

/** Signs the person of this session out everywhere: every browser of theirs, in every business. */
export async function endSessions(db: Database, session: string): Promise<void> {
  await asNobody(db, tx => deleteSessionsOf(tx, hashSecret(session)));
}
