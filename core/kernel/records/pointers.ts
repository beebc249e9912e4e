import type { RecordSpec } from './record.ts';
import type { RefPath } from './ref-paths.ts';

/** What a member of this name points to: `contact` for `contact_id`, `ticket` for `rescheduled_from_id`; undefined for others. */
export type PointsTo = (name: string) => string | undefined;

/**
 * Reads it from the fields of records, then from the names of records, then from what inputs are called (`technician_id`),
 * which are asked for only then. Throws when two records mean different things by one column.
 */
export function pointersOf(
  records: ReadonlyMap<string, RecordSpec>,
  refsOfInputs: () => readonly RefPath[],
): PointsTo {
  const columns = new Map<string, string>();
  for (const { refs, name } of records.values()) {
    for (const { column, field } of refs) {
      const record = field.to?.record ?? '';
      const known = columns.get(column);
      if (known !== undefined && known !== record)
        throw new Error(`${column} of ${name} points to a ${record}, elsewhere to a ${known}`);
      columns.set(column, record);
    }
  }
  let inputs: ReadonlyMap<string, string> | undefined;
  return name => {
    const stem = name.endsWith('_id') ? name.slice(0, -3) : undefined;
    if (stem === undefined || columns.has(name)) return columns.get(name);
    if (records.has(stem)) return stem;
    inputs ??= new Map(refsOfInputs().map(({ path, record }) => [path.at(-1) ?? '', record]));
    return inputs.get(name);
  };
}
