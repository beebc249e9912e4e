import { identifier, raw, type Sql, sql } from './sql.ts';

/** Half of a surrogate pair, as JSON.stringify writes it and writes nothing else. */
const halfPair = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/**
 * Rows as something to select from, `r` with these columns (name and type): one parameter however many rows there are, so the text
 * is always the same and is planned once. What a row does not have is null. Half of a surrogate pair, which cannot be kept, becomes
 * a replacement character, as in a parameter of its own.
 */
export function rowsAs(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly object[],
): Sql {
  const list = columns.map(([name, type]) => `${identifier(name).raw} ${type}`).join(', ');
  let text = JSON.stringify(rows);
  if (halfPair.test(text)) text = JSON.stringify(rows, wellFormed);
  return sql`json_to_recordset(${text}::json) as r(${raw(list)})`;
}

const wellFormed = (_: string, value: unknown) =>
  typeof value === 'string' ? Buffer.from(value).toString() : value;
