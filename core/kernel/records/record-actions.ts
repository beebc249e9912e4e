import { z } from 'zod';
import { newId } from '../database/ids.ts';
import type { Context, ReadContext } from '../pipeline/context.ts';
import type { Rule } from '../pipeline/permission.ts';
import { type Action, defineAction, type Several } from '../registry/define.ts';
import type { SearchDocument } from '../search/document.ts';
import { markForSearch, markNewForSearch, markOwners } from '../search/indexed.ts';
import { DeskhandError, requireChange } from '../words/errors.ts';
import { readValues } from './read-values.ts';
import type { RecordSpec, Row, StoredRow } from './record.ts';
import { findRow, getRow, insertCalled, referenceAhead, setDeleted, updateRow } from './record-queries.ts';
import { exampleReference } from './reference.ts';
import { ref } from './references.ts';
import {
  type ChildRelation,
  deleteAlong,
  hasHistory,
  historyOf,
  reindexChildren,
  requireFree,
  restoreAlong,
} from './relations.ts';

type Relations = ReadonlyMap<string, readonly ChildRelation[]>;

/**
 * The plain actions of a record: what `actions` of its definition names, all built the same way. `example` is one input
 * of its create; those of the others follow from it.
 */
export function plainActions(record: RecordSpec, relations: Relations, example?: Row): Action[] {
  const { create, update, delete: remove } = record.actions;
  return [
    ...(create ? [{ ...createAction(record), ...(example ? { example } : {}) }] : []),
    ...(update ? [{ ...updateAction(record), ...changeExample(record, example) }] : []),
    ...(remove ? [deleteAction(record, relations), restoreAction(record)] : []).map(action => ({
      ...action,
      example: pointer(record, example),
    })),
  ];
}

/** `{contact_id: 'C-1001'}`; what has no references is called by its name. */
function pointer({ name, reference }: RecordSpec, example: Row = {}): Row {
  const [first] = Object.values(example);
  return { [`${name}_id`]: reference ? exampleReference(reference, exampleYear) : first };
}

// Any year does: the examples stand where no business and no clock is known.
const exampleYear = 2026;

/** The last member of the example of create is what is changed: `{contact_id: 'C-1001', email: '…'}`. */
function changeExample(record: RecordSpec, example: Row | undefined): { example?: Row } {
  const changed = Object.entries(example ?? {}).at(-1);
  return changed ? { example: { ...pointer(record, example), [changed[0]]: changed[1] } } : {};
}

/** What goes along with a new row: what is written behind it in the same round trip, and its search document where that is known. */
export interface Along<R> {
  beside?(id: string): Promise<unknown>;
  document?(row: R): SearchDocument | undefined;
}

/** `contact.create`: also called by other domains, so that a contact made on the way is made the same way. */
export async function createRecord<R extends StoredRow>(
  context: Context,
  record: RecordSpec<R>,
  input: Row,
  { beside, document }: Along<R> = {},
): Promise<R> {
  const values = await readValues(context, record, input, undefined);
  const columns = record.toColumns ? await record.toColumns(context, values, undefined) : values;
  // Of a member it is that of the person.
  const id: string = columns.id ?? newId();
  const reference = await referenceAhead(context, record);
  const [row] = await Promise.all([
    insertCalled(context, record, columns, reference === undefined ? { id } : { id, reference }),
    record.writeBeside?.(context, id, columns, undefined),
    beside?.(id),
  ]);
  await record.afterWrite?.(context, row, undefined);
  const own = document?.(row) ?? record.documentOf?.(row) ?? record.firstDocument?.(row);
  markNewForSearch(context, record, row, own);
  return row;
}

/** `contact.update` for the row with this id. */
export async function updateRecord<R extends StoredRow>(
  context: Context,
  record: RecordSpec<R>,
  id: string,
  changes: Row,
): Promise<R> {
  const before = await getRow(context, record, id, { lock: true });
  const values = await readValues(context, record, changes, before);
  const columns = record.toColumns ? await record.toColumns(context, values, before) : values;
  if (Object.keys(columns).length === 0) return before;
  const [row] = await Promise.all([
    updateRow(context, record, id, columns),
    record.writeBeside?.(context, id, columns, before),
  ]);
  await record.afterWrite?.(context, row, before);
  await reindexChildren(context, record, row, before);
  markOwners(context, record, before);
  return row;
}

/** What callers are answered of a row: all but what only our own code keeps. */
const answerOf = ({ row, fields }: RecordSpec) =>
  Object.values(fields).some(({ internal }) => internal)
    ? z.object(Object.fromEntries(Object.entries(row.shape).filter(([name]) => !fields[name]?.internal)))
    : row;

function createAction(record: RecordSpec): Action {
  const plain = plainOf(record.actions.create);
  return defineAction({
    ...plain,
    keywords: [...(plain.keywords ?? []), 'add', 'new', 'enter'],
    domain: record.name,
    name: 'create',
    input: record.writable.extend(mapped(plain.also ?? {}, ({ input }) => input.optional())),
    output: plain.also ? answerOf(record).loose() : answerOf(record),
    effect: 'create',
    ...numberedAhead(record),
    undo: plain.undo ?? (record.actions.delete ? `${record.name}.delete` : 'none'),
    async run(context, input) {
      const row = await createRecord(context, record, input);
      return Object.fromEntries(Object.entries(row).filter(([name]) => !record.fields[name]?.internal));
    },
  });
}

/** Numbers that wait for nothing of the business: not for its year, and for nobody else's commit. */
const numberedAhead = ({ reference }: RecordSpec): Pick<Action, 'numbered'> =>
  reference && !reference.is_gapless && !reference.is_yearly ? { numbered: reference } : {};

const mapped = <T, V>(members: Readonly<Record<string, T>>, value: (member: T) => V): Record<string, V> =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, value(member)]));

function updateAction(record: RecordSpec): Action {
  const plain = plainOf(record.actions.update);
  const key = `${record.name}_id`;
  const { clearable, changeable } = record;
  return defineAction({
    ...plain,
    keywords: [...(plain.keywords ?? []), 'edit', 'change', 'correct'],
    domain: record.name,
    name: 'update',
    input: z.strictObject({
      [key]: ref(record.name),
      ...changeable.shape,
      ...(clearable.length > 0 ? { clear: z.array(z.enum(clearable)).max(clearable.length).optional() } : {}),
    }),
    output: answerOf(record),
    effect: 'update',
    locks: key,
    ...severalOf(record, plain),
    run(context, input: Row) {
      const { [key]: id, clear, ...changes } = input;
      const emptied = Array.isArray(clear) ? clear.map(name => [String(name), null]) : [];
      const all = { ...withoutUndefined(changes), ...Object.fromEntries(emptied) };
      requireChange(all, key, Object.keys(changeable.shape));
      return updateRecord(context, record, String(id), all);
    },
  });
}

/** Whatever is changed, removed or brought back may be so with others of its kind; by people alone one at a time. */
function severalOf({ name, plural }: RecordSpec, plain: Pick<Action, 'human_only'>): { several?: Several } {
  const word = `${name}_id`;
  return plain.human_only ? {} : { several: { as: plural, word, apart_by: [word] } };
}

const deletedOutput = z.object({ id: z.string(), reference: z.string().optional(), deleted: z.boolean() });

function deleteAction(record: RecordSpec, relations: Relations): Action {
  const plain = plainOf(record.actions.delete);
  const key = `${record.name}_id`;
  return defineAction({
    ...plain,
    keywords: [...(plain.keywords ?? []), 'remove', 'drop'],
    permission: {
      ...plain.permission,
      rules: [...(plain.permission.rules ?? []), ...historyRule(record, relations, key)],
    },
    domain: record.name,
    name: 'delete',
    input: z.strictObject({ [key]: ref(record.name) }),
    output: deletedOutput,
    effect: 'delete',
    locks: key,
    ...severalOf(record, plain),
    undo: plain.undo ?? `${record.name}.restore`,
    async run(context, input) {
      const id = String(input[key]);
      const row = await getRow(context, record, id, { lock: true });
      await requireFree(context, record, id);
      await setDeleted(context, record, id, true);
      await deleteAlong(context, record, id);
      await record.afterDelete?.(context, id, row);
      markForSearch(context, record, row);
      return { id, deleted: true, ...referenceOf(row) };
    },
  });
}

function restoreAction(record: RecordSpec): Action {
  const { often: _often, ...plain } = plainOf(record.actions.delete);
  const key = `${record.name}_id`;
  return defineAction({
    ...plain,
    keywords: ['undelete', 'bring back', 'undo'],
    // What only a person may let go, such as a form that is open to the public, comes back by a person alone too.
    permission: {
      level: plain.permission.level === 'requires_authorization' ? 'requires_authorization' : 'unrestricted',
    },
    summary: `Bring back a deleted ${record.name}.`,
    domain: record.name,
    name: 'restore',
    input: z.strictObject({ [key]: ref(record.name) }),
    output: answerOf(record),
    effect: 'update',
    ...severalOf(record, plain),
    undo: `${record.name}.delete`,
    async run(context, input) {
      const id = String(input[key]);
      const row = await getRow(context, record, id, { lock: true, deleted: true });
      if (!(await setDeleted(context, record, id, false))) {
        throw new DeskhandError('INVALID_STATE', `This ${record.name} is not deleted.`);
      }
      await restoreAlong(context, record, id, String(row.deleted_at));
      await record.afterRestore?.(context, id, row);
      markForSearch(context, record, row);
      return getRow(context, record, id);
    },
  });
}

/** Deleting what has a history needs a person, for every record alike (MAQ-13, CFL-52). */
function historyRule(record: RecordSpec, relations: Relations, key: string): Rule[] {
  if (!hasHistory(record, relations)) return [];
  return [
    {
      name: 'delete_with_history',
      level: 'requires_authorization',
      summary: `when the ${record.noun} has history`,
      async applies(context: ReadContext, input: Row) {
        const id = String(input[key]);
        if (!(await findRow(context, record, id))) return undefined;
        return record.history ? record.history(context, id) : historyOf(context, record, id);
      },
    },
  ];
}

function plainOf<T>(plain: T | undefined): T {
  if (!plain) throw new Error('this record does not offer that action');
  return plain;
}

function withoutUndefined(values: Row): Row {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const referenceOf = (row: Row) => (typeof row.reference === 'string' ? { reference: row.reference } : {});
