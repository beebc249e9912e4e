import type pg from 'pg';
import { z } from 'zod';
import { type ActionAnswer, type ActionCall, callAction, type Session } from '../support/call-action.ts';

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
  return said(await callAction(baseUrl, session, call));
}

/** An agent takes its own request back. */
export async function cancelAsAgent(baseUrl: string, key: string, reference: string): Promise<Said> {
  const call = { action: 'authorization.cancel_request', data: { request: reference } };
  return said(await callAction(baseUrl, key, call));
}

const said = ({ status, data, error }: ActionAnswer): Said => ({
  status,
  ended: typeof data?.status === 'string' ? data.status : undefined,
  code: error?.code,
  state: error?.state,
  grant: data?.grant,
});

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
