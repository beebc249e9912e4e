import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { scopes } from './scopes.ts';

/** Why a connection ended: by a person, by the program, or because a stolen code or token was shown. */
export const endings = ['ended', 'client', 'code_replayed', 'token_replayed'] as const;
export type Ending = (typeof endings)[number];

export const connectionRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  client_name: z.string(),
  /** Where the program goes back to after it was allowed; `localhost` for one on a computer. */
  redirect_host: z.string(),
  /** Whether its description stands at an address of its own. */
  is_verified: z.boolean(),
  scope: z.enum(scopes),
  allowed_by: z.string(),
  last_used_at: z.string().nullable(),
  expires_at: z.string(),
  ended_at: z.string().nullable(),
  ended_because: z.enum(endings).nullable(),
  created_at: z.string(),
});
export type Connection = z.infer<typeof connectionRow>;

/** How long a connection lives that is not used, in days. */
export const livesDays = 30;

export interface NewConnection {
  id: string;
  agent_id: string;
  client_id: string;
  client_name: string;
  redirect_host: string;
  is_verified: boolean;
  scope: string;
  allowed_by: string;
}

export function insertConnection(context: ReadContext, made: NewConnection): Promise<Connection> {
  return context.tx.one(
    connectionRow,
    sql`
    insert into connections (
      organization_id, id, agent_id, client_id, client_name, redirect_host, is_verified, scope, allowed_by, expires_at
    )
    values (
      ${context.organization.id}::uuid, ${made.id}::uuid, ${made.agent_id}::uuid, ${made.client_id},
      ${made.client_name}, ${made.redirect_host}, ${made.is_verified}::boolean, ${made.scope},
      ${made.allowed_by}::uuid, now() + make_interval(days => ${livesDays}::integer)
    )
    returning id, agent_id, client_name, redirect_host, is_verified, scope, allowed_by, last_used_at, expires_at,
      ended_at, ended_because, created_at`,
  );
}

/** Ends a living connection; undefined when there is none by this id. */
export function endConnection(context: ReadContext, id: string, because: Ending) {
  return context.tx.maybe(
    connectionRow,
    sql`
    update connections
    set ended_at = now(), ended_because = ${because}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and ended_at is null
    returning id, agent_id, client_name, redirect_host, is_verified, scope, allowed_by, last_used_at, expires_at,
      ended_at, ended_because, created_at`,
  );
}

/** Ends whatever is connected as an agent, or by a person. */
export async function endConnectionsOf(
  context: ReadContext,
  { agent_id = null, allowed_by = null }: { agent_id?: string | null; allowed_by?: string | null },
): Promise<void> {
  await context.tx.run(sql`
    update connections
    set ended_at = now(), ended_because = 'ended'
    where organization_id = ${context.organization.id}::uuid
      and (agent_id = ${agent_id}::uuid or allowed_by = ${allowed_by}::uuid)
      and ended_at is null`);
}
