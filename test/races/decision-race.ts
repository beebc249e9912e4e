import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import type pg from 'pg';
import { z } from 'zod';
import { type ActionCall, callAction } from '../support/call-action.ts';

/** A signed-in browser of the owner, without the browser. */
export interface Session {
  token: string;
  csrf: string;
}

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

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullable(),
  error: z.looseObject({ code: z.string() }).nullable(),
});
const connections = new Agent({ keepAlive: true });

/** What an answer says: the state a decision led to, or why there was none. */
export interface Said {
  status: number;
  /** `succeeded`, `denied`, … of a decision that was taken. */
  ended: string | undefined;
  code: string | undefined;
  /** The state that a decision found which came too late. */
  state: unknown;
  grant: unknown;
}

/** `POST /api/actions` as a page of ours sends it. Rejects when no whole answer came. */
export async function callAsPerson(baseUrl: string, session: Session, call: ActionCall): Promise<Said> {
  const { status, text } = await post(baseUrl, session, JSON.stringify(call));
  return said(status, envelope.parse(JSON.parse(text)));
}

/** An agent takes its own request back. */
export async function cancelAsAgent(baseUrl: string, key: string, reference: string): Promise<Said> {
  const call = { action: 'authorization.cancel_request', data: { request: reference } };
  const answer = await callAction(baseUrl, key, call);
  return said(answer.status, answer);
}

const said = (status: number, { data, error }: z.infer<typeof envelope>): Said => ({
  status,
  ended: typeof data?.status === 'string' ? data.status : undefined,
  code: error?.code,
  state: error?.state,
  grant: data?.grant,
});

function post(
  baseUrl: string,
  { token, csrf }: Session,
  body: string,
): Promise<{ status: number; text: string }> {
  const headers = {
    cookie: `deskhand_session=${token}`,
    origin: baseUrl,
    'x-csrf-token': csrf,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${baseUrl}/api/actions`,
      { method: 'POST', agent: connections, headers },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', piece => {
          text += piece;
        });
        response.once('error', reject);
        response.once('aborted', () => reject(new Error('the answer broke off')));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

const outcome = z.object({
  reference: z.string(),
  status: z.string(),
  decision: z.string().nullable(),
  visits: z.number(),
  mails: z.number(),
  entries: z.number(),
  grants: z.number(),
});
export type DecidedOutcome = z.infer<typeof outcome>;

/**
 * How requests to book stand, with what there is of them: each books a visit whose notes are its mark, mails the
 * customer, and leaves a grant when it was allowed always. One statement, so that state and effect are of one moment.
 */
export async function readOutcomes(
  database: pg.Pool | pg.Client,
  references: readonly string[],
): Promise<DecidedOutcome[]> {
  const { rows } = await database.query(
    `
    with visits as (
      select notes, count(*)::int as count from tickets group by notes
    ), mails as (
      select t.notes, count(*)::int as count
      from jobs as j
      join tickets as t on t.id = (j.payload ->> 'ticket_id')::uuid
      where j.kind = 'email'
      group by t.notes
    ), entries as (
      select changes #>> '{notes,new}' as notes, count(*)::int as count
      from audit_log
      where entity_type = 'ticket' and action = 'create' and actor_kind = 'agent'
      group by 1
    ), grants as (
      select request_id, count(*)::int as count from permission_overrides group by request_id
    )
    select r.reference, r.status, r.decision, coalesce(v.count, 0) as visits, coalesce(m.count, 0) as mails,
      coalesce(e.count, 0) as entries, coalesce(g.count, 0) as grants
    from authorization_requests as r
    left join visits as v on v.notes = r.input ->> 'notes'
    left join mails as m on m.notes = r.input ->> 'notes'
    left join entries as e on e.notes = r.input ->> 'notes'
    left join grants as g on g.request_id = r.id
    where r.reference = any ($1)
    order by r.id`,
    [[...references]],
  );
  return rows.map(row => outcome.parse(row));
}

/** Exactly one of everything when the state says that it was done, and none of anything when it does not. */
export function whatStateSays({ status, decision }: DecidedOutcome) {
  const times = status === 'succeeded' ? 1 : 0;
  const grants = status === 'succeeded' && decision === 'allow_always' ? 1 : 0;
  return { visits: times, mails: times, entries: times, grants };
}
