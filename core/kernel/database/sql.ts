/** A statement with its values apart. Values only ever travel as parameters; text only ever comes from source. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
  /** See `plannedOnce`. */
  readonly isPlannedOnce?: true;
}

/** A piece of trusted text (a column list, an identifier from an allow-list) inside a statement. */
export interface RawSql {
  readonly raw: string;
}

/**
 * Builds a statement: `` sql`select id from contacts where email = ${email}` ``. An interpolated value becomes a
 * parameter, an interpolated `Sql` is inlined with its own parameters, a `raw(…)` piece is inlined as text.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  let text = strings[0] ?? '';
  const values: unknown[] = [];
  parts.forEach((part, index) => {
    if (isSql(part)) {
      text += shifted(part.text, values.length);
      for (const value of part.values) values.push(value);
    } else if (isRaw(part)) {
      text += part.raw;
    } else {
      values.push(part);
      text += `$${values.length}`;
    }
    text += strings[index + 1] ?? '';
  });
  return { text, values };
}

const identifierPattern = /^[a-z_][a-z0-9_]*$/;

/** A column or table name. Throws on anything that is not a plain lower-case identifier. */
export function identifier(name: string): RawSql {
  if (!identifierPattern.test(name)) throw new Error(`not an identifier: ${name}`);
  return { raw: name };
}

/** Trusted text written in this code base. Never call it with anything a caller sent. */
export function raw(text: string): RawSql {
  return { raw: text };
}

/**
 * A whole statement that has one good plan whatever its values are, and is kept from being planned anew for each of them (decision 082).
 */
export const plannedOnce = ({ text, values }: Sql): Sql => ({ text, values, isPlannedOnce: true });

/** Joins statements with a separator: `join([a, b], ' and ')`. Linear in the number of parameters. */
export function join(parts: readonly Sql[], separator: string): Sql {
  const values: unknown[] = [];
  const texts = parts.map(part => {
    const offset = values.length;
    for (const value of part.values) values.push(value);
    return shifted(part.text, offset);
  });
  return { text: texts.join(separator), values };
}

/**
 * The rows of an insert of many, `($1::uuid, $2::text), ($3::uuid, $4::text)`: each cell a parameter with the type of
 * its column. Written at once, because an import brings a hundred thousand cells.
 */
export function valueRows(types: readonly string[], rows: readonly (readonly unknown[])[]): Sql {
  const values: unknown[] = [];
  const texts = rows.map(row => {
    const cells = types.map((type, column) => `$${values.push(row[column])}::${type}`);
    return `(${cells.join(', ')})`;
  });
  return { text: texts.join(', '), values };
}

/** The text with its parameters counted on from `offset`. Mostly it is one, such as `$1::uuid`. */
function shifted(text: string, offset: number): string {
  if (offset === 0) return text;
  if (text.startsWith('$1::') && text.lastIndexOf('$') === 0) return `$${1 + offset}${text.slice(2)}`;
  return text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`);
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'text' in value && 'values' in value;
}

function isRaw(value: unknown): value is RawSql {
  return typeof value === 'object' && value !== null && 'raw' in value && Object.keys(value).length === 1;
}
