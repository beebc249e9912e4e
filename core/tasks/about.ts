import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { RecordSpec, Row } from '../kernel/records/record.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { resolveRef } from '../kernel/records/references.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { type Task, taskFields } from './record.ts';

// What a task is about: the fields that point to something of a customer's.

/** What a caller writes: a reference of any kind, an id, or words for a customer, a lead or a company. */
export const aboutInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: 'a reference (T-2001, INV-2026-001, L-1001 …) or a name' });

const columns = ['contact_id', 'lead_id', 'company_id', 'ticket_id', 'invoice_id'] as const;
type Column = (typeof columns)[number];
type About = Pick<Task, Column>;

/** About nobody. */
export const nothing: About = {
  contact_id: null,
  lead_id: null,
  company_id: null,
  ticket_id: null,
  invoice_id: null,
};

/** The record a column points to. */
function recordOf({ registry }: Context, column: Column): RecordSpec {
  const record = registry.records.get(taskFields[column].to?.record ?? '');
  if (!record) throw new Error(`${column} of a task points to nothing`);
  return record;
}

/**
 * What a caller means by `about`. Of a note, a call, an address and whatever else is itself about somebody, a task is about
 * that somebody. Throws NOT_FOUND, AMBIGUOUS, and VALIDATION_ERROR for what is about nobody.
 */
export async function readAbout(context: Context, about: string): Promise<About> {
  const { registry } = context;
  const [first = ''] = about.split(' ', 1);
  const type = registry.references.typeOf(first);
  const named = [...registry.records.values()].find(({ plural }) => plural === type);
  if (named) return { ...nothing, ...(await pointTo(context, named, about)) };
  if (type !== undefined) throw notAboutThat(about);
  const found = isUuid(about) ? await findById(context, about) : await findByWords(context, about);
  return { ...nothing, ...found };
}

async function pointTo(context: Context, record: RecordSpec, about: string): Promise<Partial<About>> {
  const id = await resolveRef(context, record, about, 'about');
  const own = columns.find(column => recordOf(context, column) === record);
  if (own) return { [own]: id };
  const row = await findRow(context, record, id);
  if (!row) throw notFound(record.name, about, { field: 'about' });
  const whose = columns.filter(column => typeof row[column] === 'string');
  if (whose.length === 0) throw notAboutThat(about);
  return Object.fromEntries(whose.map(column => [column, row[column]]));
}

async function findById(context: Context, id: string): Promise<Partial<About>> {
  for (const column of columns) {
    const record = recordOf(context, column);
    const isInSight = (await isFound(resolveRef(context, record, id, 'about'))) !== undefined;
    if (isInSight && (await findRow(context, record, id))) return { [column]: id };
  }
  throw notFound('record', id, { field: 'about' });
}

/** Customers first: whoever has become one is meant by that. */
async function findByWords(context: Context, words: string): Promise<Partial<About>> {
  for (const column of columns) {
    const record = recordOf(context, column);
    if (!record.findByName) continue;
    const id = await isFound(resolveRef(context, record, words, 'about'));
    if (id) return { [column]: id };
  }
  throw notFound('customer, lead or company', words, {
    field: 'about',
    got: words,
    hint: 'Use a reference such as C-1001, L-1001 or T-2001, or leave about out: a task need not be about anybody.',
  });
}

/** Undefined for what is not there. */
async function isFound(finding: Promise<string>): Promise<string | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof DeskhandError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

const notAboutThat = (about: string) =>
  invalid('about', 'A task cannot be about this.', {
    got: about,
    hint: 'Name a customer, lead, company, visit or invoice, or say it in the title.',
  });

/** The columns of a task with the customer of what it is about. Throws VALIDATION_ERROR for things of two customers. */
export async function withCustomer(
  context: Context,
  input: Partial<Task>,
  before: Task | undefined,
): Promise<Partial<Task>> {
  if (!columns.some(column => column in input)) return input;
  const owners = new Map<Column, string | null>();
  for (const column of ['lead_id', 'ticket_id', 'invoice_id'] as const) {
    const id = column in input ? input[column] : before?.[column];
    const owner = id ? await customerOf(context, column, id) : undefined;
    if (owner !== undefined) owners.set(column, owner);
  }
  const known = [...owners.values()].find(owner => owner !== null);
  const kept = 'contact_id' in input ? null : (before?.contact_id ?? null);
  const contact_id = input.contact_id ?? known ?? kept;
  for (const [column, owner] of owners) {
    if (owner === null || owner === contact_id) continue;
    throw invalid(column in input ? column : 'contact_id', 'These belong to different customers.', {
      hint: 'Say one thing in about: its customer is known by it.',
    });
  }
  return { ...input, contact_id };
}

const owned = z.object({ contact_id: z.string().nullable() });

/** The living customer of a lead, visit or invoice; null when there is none. Throws NOT_FOUND. */
async function customerOf(context: Context, column: Column, id: string): Promise<string | null> {
  const record = recordOf(context, column);
  const row = await findRow(context, record, id);
  if (!row) throw notFound(record.name, id, { field: column });
  const { contact_id } = owned.parse(row);
  if (contact_id === null) return null;
  return (await findRow(context, recordOf(context, 'contact_id'), contact_id, { lock: 'kept' }))
    ? contact_id
    : null;
}

/** Throws INVALID_STATE for a task about what is deleted. */
export async function requireParents(context: Context, task: Task): Promise<void> {
  for (const column of columns) {
    const id = task[column];
    if (id === null) continue;
    const record = recordOf(context, column);
    const row: Row | undefined = await findRow(context, record, id, { deleted: true });
    if (!row || typeof row.deleted_at !== 'string') continue;
    throw new DeskhandError(
      'INVALID_STATE',
      `${task.reference} is about ${String(row.reference)}, which is deleted.`,
      {
        field: column,
        hint: `Bring that back first with ${record.name}.restore; what went with it comes along.`,
      },
    );
  }
}
