/** One rule of the schema: a query whose rows are the sentences about what breaks it. */
export interface Rule {
  name: string;
  /** Reads `owned`: oid and name of every organization-owned table. */
  problems: string;
}

/** Names as a list of SQL. */
export const list = (names: readonly string[]) =>
  `array[${names.map(name => `'${name}'`).join(', ')}]::text[]`;
