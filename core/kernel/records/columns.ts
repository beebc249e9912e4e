import { identifier, type RawSql, raw } from '../database/sql.ts';
import type { RecordSpec } from './record.ts';

type Columns = Pick<RecordSpec, 'columns'>['columns'];

/** Written once: every call selects them. */
const lists = new WeakMap<Columns, Map<string | undefined, RawSql>>();

/** The columns of a record, for a select of its domain; `alias` names its table there. */
export function columnsOf({ columns }: Pick<RecordSpec, 'columns'>, alias?: string): RawSql {
  const known = lists.get(columns) ?? new Map<string | undefined, RawSql>();
  const list = known.get(alias) ?? columnList(Object.keys(columns), alias);
  lists.set(columns, known.set(alias, list));
  return list;
}

export function columnList(names: readonly string[], alias?: string): RawSql {
  const before = alias === undefined ? '' : `${identifier(alias).raw}.`;
  return raw(names.map(name => before + identifier(name).raw).join(', '));
}
