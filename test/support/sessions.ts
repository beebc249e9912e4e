import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Session } from './call-action.ts';

/** Signs a member in so many times, past the sign-in page: each session has calls per minute of its own. */
export async function openSessions(
  database: pg.Pool | pg.Client,
  organizationId: string,
  memberId: string,
  count: number,
): Promise<Session[]> {
  const sessions = Array.from({ length: count }, () => ({
    token: randomBytes(32).toString('base64url'),
    csrf: randomBytes(16).toString('base64url'),
  }));
  for (const { token, csrf } of sessions) {
    await database.query(
      `insert into sessions (token_hash, user_id, organization_id, csrf_token, expires_at)
      values ($1, $2, $3, $4, now() + interval '1 day')`,
      [createHash('sha256').update(token).digest(), memberId, organizationId, csrf],
    );
  }
  return sessions;
}
