import type { Context } from '../pipeline/context.ts';
import type { RecordSpec, Row } from './record.ts';
import { requireLiving } from './record-queries.ts';

/**
 * What a caller gave as a row holds it, field by field: days and moments read, numbers in E.164, custom fields merged
 * with those there are, parents looked up, the currency of the business at creation. Throws VALIDATION_ERROR, NOT_FOUND.
 */
export async function readValues<R extends Row>(
  context: Context,
  record: RecordSpec<R>,
  input: Row,
  before: R | undefined,
): Promise<Partial<R>> {
  const values: Row = {};
  if (!before && isOurs(record)) values.currency = context.organization.currency;
  for (const [name, value] of Object.entries(input)) {
    const field = record.fields[name];
    const isGiven = value !== null && value !== undefined;
    values[name] = isGiven && field?.store ? field.store(context, value, name, before?.[name]) : value;
    if (isGiven && field?.to && field.to.living !== false) {
      await requireParent(context, field.to.record, value, name);
    }
  }
  if (!hasColumnsOf(record, values))
    throw new Error(`an input of ${record.name} has a member that is no column`);
  return values;
}

const hasColumnsOf = <R extends Row>(record: RecordSpec<R>, values: Row): values is Row & Partial<R> =>
  Object.keys(values).every(name => name in record.columns);

/** Amounts are in the business’s currency, which no caller chooses. */
const isOurs = ({ fields }: Pick<RecordSpec, 'fields'>): boolean => fields.currency?.writable === false;

async function requireParent(context: Context, name: string, id: unknown, field: string): Promise<void> {
  const parent = context.registry.records.get(name);
  if (!parent) throw new Error(`a field points to the unknown record ${name}`);
  await requireLiving(context, parent, id, field);
}
