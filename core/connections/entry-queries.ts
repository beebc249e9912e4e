import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { sql } from '../kernel/database/sql.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import { livesDays } from './queries.ts';

// What the authorization server keeps, before any business is known: through the narrow functions of the migration. Ids are secrets
// and come here hashed, in hexadecimal.

/** The business and the connection something belongs to. */
export interface Owned {
  organization_id: string;
  connection_id: string;
}

export interface NewEntry {
  kind: string;
  id: string;
  /** Without its id. */
  payload: Record<string, unknown>;
  grant?: string | undefined;
  owned?: Owned | undefined;
  scope?: string | undefined;
  lives_seconds: number;
}

const found = z.object({
  payload: z.record(z.string(), z.unknown()),
  organization_id: z.string().nullable(),
  connection_id: z.string().nullable(),
  /** Seconds since 1970. */
  consumed: z.number().nullable(),
});
export type FoundEntry = z.infer<typeof found>;

/** Keeps one, in place of an earlier one of this id. What it belongs to stays. */
export const keepEntry = (db: Database, entry: NewEntry): Promise<void> =>
  asNobody(db, 'read write', async tx => {
    const row = {
      kind: entry.kind,
      id_hash: hashSecret(entry.id),
      payload: entry.payload,
      grant_hash: entry.grant === undefined ? null : hashSecret(entry.grant),
      organization_id: entry.owned?.organization_id ?? null,
      connection_id: entry.owned?.connection_id ?? null,
      scope: entry.scope ?? null,
    };
    await tx.run(
      sql`select keep_oauth_entry(${JSON.stringify(row)}::jsonb, ${entry.lives_seconds}::integer)`,
    );
  });

/** One that lives; used up or not. */
export const findEntry = (db: Database, kind: string, id: string): Promise<FoundEntry | undefined> =>
  asNobody(db, 'read only', async tx => {
    const { entry } = await tx.one(
      z.object({ entry: found.nullable() }),
      sql`select find_oauth_entry(${kind}, decode(${hashSecret(id)}, 'hex')) as entry`,
    );
    return entry ?? undefined;
  });

/** Uses one up; false when that was done before. */
export const consumeEntry = (db: Database, kind: string, id: string): Promise<boolean> =>
  asNobody(db, 'read write', async tx => {
    const { consumed } = await tx.one(
      z.object({ consumed: z.boolean() }),
      sql`select consume_oauth_entry(${kind}, decode(${hashSecret(id)}, 'hex')) as consumed`,
    );
    return consumed;
  });

export const dropEntry = (db: Database, kind: string, id: string): Promise<void> =>
  asNobody(db, 'read write', async tx => {
    await tx.run(sql`select drop_oauth_entry(${kind}, decode(${hashSecret(id)}, 'hex'))`);
  });

/** Drops all of a kind that were allowed together. */
export const dropGrant = (db: Database, kind: string, grant: string): Promise<void> =>
  asNobody(db, 'read write', async tx => {
    await tx.run(sql`select drop_oauth_grant(${kind}, decode(${hashSecret(grant)}, 'hex'))`);
  });

/** A registered program stays registered for so long after its last use. */
export const useClient = (db: Database, client_id: string, days: number): Promise<void> =>
  asNobody(db, 'read write', async tx => {
    await tx.run(
      sql`select use_oauth_client(decode(${hashSecret(client_id)}, 'hex'), ${days * 86_400}::integer)`,
    );
  });

export const isLiving = (db: Database, { organization_id, connection_id }: Owned): Promise<boolean> =>
  asNobody(db, 'read only', async tx => {
    const { living } = await tx.one(
      z.object({ living: z.boolean() }),
      sql`select is_connection_living(${organization_id}::uuid, ${connection_id}::uuid) as living`,
    );
    return living;
  });

/** A refresh is a use, and moves the end of the connection on. */
export const renewConnection = (db: Database, { organization_id, connection_id }: Owned): Promise<void> =>
  db.transaction('read write', async tx => {
    await setNobody(tx, organization_id);
    await tx.run(sql`
      update connections
      set last_used_at = now(), expires_at = now() + make_interval(days => ${livesDays}::integer)
      where organization_id = ${organization_id}::uuid
        and id = ${connection_id}::uuid
        and ended_at is null`);
  });

const asNobody = <T>(db: Database, mode: 'read only' | 'read write', work: (tx: Tx) => Promise<T>) =>
  db.transaction(mode, async tx => {
    await setNobody(tx, null);
    return work(tx);
  });

const setNobody = (tx: Tx, organizationId: string | null) =>
  tx.run(
    sql`select set_ctx(${organizationId}::uuid, null, '{"kind": "system", "name": "connections"}'::jsonb)`,
  );
