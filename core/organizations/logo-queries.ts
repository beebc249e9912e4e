import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import type { Picture } from '../paper/picture.ts';

export const logoRow = z.object({
  id: z.string(),
  content_type: z.enum(['image/png', 'image/jpeg']),
  width: z.number(),
  height: z.number(),
  size_bytes: z.number(),
  created_at: z.string(),
});
export type Logo = z.infer<typeof logoRow>;

const columns = sql`id, content_type, width, height, octet_length(picture) as size_bytes, created_at`;

/** A logo by its id, shown or not any more; the one there is when none is named. */
export const findLogo = (context: ReadContext, id?: string): Promise<Logo | undefined> =>
  context.tx.maybe(
    logoRow,
    sql`
    select ${columns}
    from logos
    where organization_id = ${context.organization.id}::uuid
      and case when ${id ?? null}::uuid is null then removed_at is null else id = ${id ?? null}::uuid end`,
  );

/** The bytes of a logo. */
export async function pictureOf(context: ReadContext, id: string): Promise<Buffer | undefined> {
  const row = await context.tx.maybe(
    z.object({ picture: z.string() }),
    sql`
    select encode(picture, 'base64') as picture
    from logos
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`,
  );
  return row && Buffer.from(row.picture, 'base64');
}

export const insertLogo = (
  context: Context,
  { id, content_type, width, height, picture }: Picture & { id: string; picture: Buffer },
): Promise<Logo> =>
  context.tx.one(
    logoRow,
    sql`
    insert into logos (organization_id, id, content_type, width, height, picture)
    values (
      ${context.organization.id}::uuid, ${id}::uuid, ${content_type}, ${width}::integer, ${height}::integer,
      decode(${picture.toString('base64')}, 'base64')
    )
    returning ${columns}`,
  );

/** Takes off the logo there is; false when there is none. */
export async function endLogo(context: Context): Promise<boolean> {
  const ended = await context.tx.run(sql`
    update logos
    set removed_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and removed_at is null`);
  return ended > 0;
}
