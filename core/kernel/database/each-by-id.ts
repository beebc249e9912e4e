import { identifier, type Sql, sql } from './sql.ts';

/** Rows that are looked up one by one. */
interface Wanted {
  table: string;
  /** What a row is called around it. */
  alias: string;
  organization: { id: string };
  ids: readonly string[];
}

/**
 * Rows of a table by their ids, to select from, each once and by one look into its primary key; `wanted_place` counts them in the
 * order of the ids.
 *
 * A prepared statement is planned for a business like the others. With `id = any (…)` PostgreSQL may think that reading all of an
 * index that has the id behind other columns is as good, and of a business that is larger than the others it then reads all entries
 * for ten rows. What is limited to one row can be planned in one way only.
 */
export const eachById = ({ table, alias, organization, ids }: Wanted): Sql => sql`
    unnest(${[...new Set(ids.map(id => id.toLowerCase()))]}::uuid[]) with ordinality as wanted (wanted_id, wanted_place)
    cross join lateral (
      select *
      from ${identifier(table)}
      where organization_id = ${organization.id}::uuid
        and id = wanted_id
      limit 1
    ) as ${identifier(alias)}`;
