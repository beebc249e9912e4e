import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// The files of exports: parts of about a megabyte, in the database, so that every machine of an installation finds them.

/** Held until the transaction ends, in all processes; a file that a worker is still at is not begun a second time. */
export const lockFile = (exportId: string): Sql =>
  sql`select pg_try_advisory_xact_lock(hashtextextended('export ' || ${exportId}, 0)) as is_free`;
export const lockedFile = z.object({ is_free: z.boolean() });

export const insertPart = (
  organizationId: string,
  { export_id, part, bytes }: { export_id: string; part: number; bytes: Buffer },
): Sql => sql`
  insert into export_parts (organization_id, export_id, part, bytes)
  values (${organizationId}::uuid, ${export_id}::uuid, ${part}::integer, ${bytes}::bytea)`;

export const deleteParts = (organizationId: string, exportIds: readonly string[]): Sql => sql`
  delete from export_parts
  where organization_id = ${organizationId}::uuid
    and export_id = any (${[...exportIds]}::uuid[])`;

const part = z.object({
  bytes: z.string(),
  parts: z.number(),
  size_bytes: z.number(),
  name: z.string(),
});

/** One part of the file of an export in base64, with what the whole is like; undefined when it is not here (any more). */
export const findPart = (
  context: ReadContext,
  { export_id, number }: { export_id: string; number: number },
): Promise<z.infer<typeof part> | undefined> =>
  context.tx.maybe(
    part,
    sql`
    select replace(encode(p.bytes, 'base64'), E'\n', '') as bytes, e.size_bytes::float8 as size_bytes, e.file_name as name,
      (
        select count(*)::int
        from export_parts as o
        where o.organization_id = p.organization_id
          and o.export_id = p.export_id
      ) as parts
    from export_parts as p
    join exports as e on e.organization_id = p.organization_id and e.id = p.export_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.export_id = ${export_id}::uuid
      and p.part = ${number}::integer
      and e.status = 'ready'
      and e.expires_at > ${context.now.toString()}::timestamptz`,
  );
