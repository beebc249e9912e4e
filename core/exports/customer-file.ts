import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { withReferences } from '../kernel/records/called-by.ts';
import type { Field } from '../kernel/records/field-shape.ts';
import type { RecordSpec, Row, StoredRow } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { capital } from '../kernel/words/capital.ts';
import { listHistory, listTheirs } from './customer-rows.ts';

const column = z.object({ name: z.string(), title: z.string(), kind: z.string() });

/** One kind of what is known: `tickets`, called "Visits", with its rows. */
const chapter = z.object({
  name: z.string(),
  title: z.string(),
  columns: z.array(column),
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type Chapter = z.infer<typeof chapter>;

export const customerFile = z.object({
  reference: z.string(),
  full_name: z.string(),
  business: z.string(),
  time_zone: z.string(),
  currency: z.string(),
  taken_at: z.string(),
  /** The customer first, then what belongs to them. */
  chapters: z.array(chapter),
  history: z.array(z.record(z.string(), z.unknown())),
});
export type CustomerFile = z.infer<typeof customerFile>;

/** Records that say nothing of a customer that another one does not: how work is done here. */
const notTheirs = ['closeout_session', 'contact_merge', 'export', 'import'];
/** Fields for those who work here, or that only tell rows apart. */
const notTold = [
  'deleted_at',
  'form_digest',
  'internal_notes',
  'lines_digest',
  'provider_message_id',
  'version',
];
/** What is read along with a row: what was done on a visit, by whom, and what a bill is made of. */
const along = ['lines', 'technicians', 'time_entries'];

/**
 * Everything that is known of one customer (IMX-05, brief 5.17): the rows of every record that belongs to them, found by the
 * relations the records say, and what was changed in them. Nothing of other customers: a row that names another one is left
 * out, and ids are answered as references. The job that writes their file reads it.
 */
export const customerFileView = defineView({
  type: 'customer_file',
  domain: 'export',
  summary: 'All that is known of one customer, as the file for them has it.',
  keywords: ['gdpr', 'their data', 'right of access'],
  whose: 'theirs',
  human_only: true,
  roles: ['owner'],
  row: customerFile,
  params: z.strictObject({ contact_id: ref('contact').optional() }),
  async run(context, { params: { contact_id } }) {
    return { rows: contact_id === undefined ? [] : [await fileOf(context, contact_id)] };
  },
});

async function fileOf(context: ReadContext, contactId: string): Promise<CustomerFile> {
  const { organization, now, registry } = context;
  const contact = recordNamed(context, 'contact');
  const row = await getRow(context, contact, contactId);
  const found = await gather(context, contactId, row);
  const ids = [...found.values()].flatMap(rows => [...rows.keys()]);
  const history = await listHistory(context, contactId, ids);
  const chapters = await Promise.all(
    [...found].map(async ([name, rows]) =>
      chapterOf(context, recordNamed(context, name), [...rows.values()]),
    ),
  );
  const called = new Map(
    [...found].flatMap(([name, rows]) =>
      [...rows].map(([id, of]): [string, string] => [
        id,
        String(of.reference ?? recordNamed(context, name).noun),
      ]),
    ),
  );
  return {
    reference: String(row.reference),
    full_name: String(row.full_name),
    business: organization.name,
    time_zone: organization.time_zone,
    currency: organization.currency,
    taken_at: now.toString(),
    chapters: (await withReferences(context, chapters, 'named')).map(one => ({
      ...one,
      columns: one.columns.map(column => ({ ...column, name: calledOf(column.name) })),
      rows: one.rows.map(asTheirs),
    })),
    history: history.map(({ at, what, kind, id, by, changes }) => ({
      at,
      what: registry.records.get(kind)?.noun ?? kind,
      reference: called.get(id) ?? null,
      action: what,
      by: by === 'customer' ? 'the customer' : by === 'user' ? 'the business' : `the business (${by})`,
      changed: Object.keys(changes).filter(name => isTold(registry.records.get(kind)?.fields[name], name)),
    })),
  };
}

/** Rows by record and id: the customer's own, and what points to any of them, step by step. */
async function gather(
  context: ReadContext,
  contact_id: string,
  row: StoredRow,
): Promise<Map<string, Map<string, StoredRow>>> {
  const found = new Map([['contact', new Map([[contact_id, row]])]]);
  for (let fresh: [string, string[]][] = [['contact', [contact_id]]]; fresh.length > 0; ) {
    const next = new Map<string, string[]>();
    for (const [parent, ids] of fresh) {
      for (const { child, column: by } of context.registry.relations.get(parent) ?? []) {
        if (notTheirs.includes(child.name)) continue;
        const rows = found.get(child.name) ?? new Map<string, StoredRow>();
        for (const theirs of await listTheirs(context, child, { column: by, ids, contact_id })) {
          const { id } = theirs;
          if (rows.has(id)) continue;
          rows.set(id, theirs);
          next.set(child.name, [...(next.get(child.name) ?? []), id]);
        }
        if (rows.size > 0) found.set(child.name, rows);
      }
    }
    fresh = [...next];
  }
  return found;
}

async function chapterOf(
  context: ReadContext,
  record: RecordSpec,
  rows: readonly StoredRow[],
): Promise<Chapter> {
  const fields = Object.entries(record.fields).filter(([name, field]) => isTold(field, name));
  // What repeats another field stands in the data alone.
  const shown = fields.filter(([, { follows }]) => follows === undefined);
  const beside = Object.entries(record.includes ?? {}).filter(([name]) => along.includes(name));
  const ids = rows.map(({ id }) => id);
  const read = await Promise.all(
    beside.map(
      async ([name, include]): Promise<[string, Map<string, unknown>]> => [
        name,
        await include.load(context, ids),
      ],
    ),
  );
  return {
    name: record.plural,
    title: capital(record.nouns),
    columns: [
      ...(record.reference ? [{ name: 'reference', title: 'Number', kind: 'text' }] : []),
      ...shown.map(([name, field]) => ({ name, title: field.title ?? titleOf(name), kind: field.kind })),
      ...beside.map(([name]) => ({ name, title: titleOf(name), kind: 'own' })),
      { name: 'created_at', title: 'Written down', kind: 'moment' },
    ],
    rows: rows.map(row => ({
      ...(record.reference ? { reference: row.reference } : {}),
      ...Object.fromEntries(fields.map(([name]) => [name, row[name] ?? null])),
      ...Object.fromEntries(read.map(([name, by]) => [name, by.get(row.id) ?? null])),
      created_at: row.created_at,
    })),
  };
}

/** Whether a field is the customer's to know: not what opens or names something elsewhere, nor the customer themselves. */
const isTold = (field: Field | undefined, name: string): boolean =>
  field !== undefined &&
  !field.internal &&
  !notTold.includes(name) &&
  !['contact', 'import', 'lead_form', 'template'].includes(field.to?.record ?? '');

/** `address_id` is called `address`: what it names stands there in words. */
const calledOf = (name: string) => name.replace(/_id(s?)$/, '$1');

/** A row without our ids: what points somewhere says what it points to, `A-1001 12 Oak Lane`, or nothing. */
function asTheirs(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name !== 'id')
      .map(([name, value]) => [calledOf(name), /_ids?$/.test(name) ? inWords(value) : asTold(value)]),
  );
}

function asTold(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTold);
  if (isRow(value)) return asTheirs(value);
  return typeof value === 'string' && isUuid(value) ? null : value;
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords).filter(item => item !== null);
  if (typeof value !== 'string' || isUuid(value)) return null;
  return value.replace(/[«»]/g, '');
}

function recordNamed({ registry }: ReadContext, name: string): RecordSpec {
  const record = registry.records.get(name);
  if (!record) throw new Error(`there is no record ${name}`);
  return record;
}

const titleOf = (name: string) =>
  capital(
    name
      .replace(/_(cents|id|user_id|at|on)$/, '')
      .replace(/^is_/, '')
      .replaceAll('_', ' '),
  );
