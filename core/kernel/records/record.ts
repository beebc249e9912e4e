import type { z } from 'zod';
import type { Sql } from '../database/sql.ts';
import type { Context, ReadContext, Role } from '../pipeline/context.ts';
import type { Permission } from '../pipeline/permission.ts';
import type { Also, Undo } from '../registry/define.ts';
import type { Often } from '../registry/signature.ts';
import type { SearchDocument } from '../search/document.ts';
import type { Found, SearchHit, Wish } from '../search/find-documents.ts';
import { resolveRecord } from './derive.ts';
import type { Field, Fields, NamedFilter } from './field-shape.ts';
import type { Numbering } from './reference.ts';
import type { RowOf, ShapeOf, WritableOf } from './row-of.ts';
import type { TotalsSpec } from './totals.ts';

export type { Numbering } from './reference.ts';

/** Values by their columns: what is about to be written, what a call changed, what a filter is asked with. */
export type Row = Record<string, unknown>;

/** A row as it stands in the table and on the wire: it says which one it is. */
export type StoredRow = Row & { id: string };

/** One record a search found. */
export interface Candidate {
  id: string;
  reference: string;
  label: string;
}

/** The filter a member names whose rows it is about; with `or_others`, those go first, and the rest may be meant too. */
export interface Fits {
  filter: string;
  or_others?: boolean;
}

/**
 * Finds rows by the words people use for them; only `among` some, when the caller sees no others. `fits` says which rows
 * a member is about: an invoice that is sent is a draft.
 */
export type FindByName = (
  context: ReadContext,
  text: string,
  among?: readonly string[],
  fits?: Fits,
) => Promise<Candidate[]>;

/** Which of the plain actions a record has. What can be deleted can be restored. */
export interface PlainActions {
  create?: PlainAction | undefined;
  update?: PlainAction | undefined;
  delete?: PlainAction | undefined;
}

export interface PlainAction {
  summary: string;
  /** What takes it back, when that is not the plain delete or restore. */
  undo?: Undo;
  permission: Permission;
  roles?: readonly Role[];
  human_only?: boolean;
  keywords?: readonly string[];
  often?: Often;
  /** What else a create may do, as with an action, with the member that asks for it. */
  also?: Readonly<Record<string, Also & { input: z.ZodType }>>;
}

/** A named condition; one that asks for the time asks the business's clock in the context. */
export interface Preset {
  summary: string;
  where: Sql | ((context: ReadContext) => Sql);
}

/** Carries the type of what is filtered by. */
export const filterBy = <T>(
  input: z.ZodType<T>,
  where: (context: ReadContext, value: T) => Sql,
): NamedFilter<T> => ({ input, where });

export interface Include {
  summary: string;
  /** Reads the relation for all rows of a page at once; keyed by row id. */
  load(context: ReadContext, ids: readonly string[]): Promise<Map<string, unknown>>;
}

/** What is said of a record besides its fields, and the verbs of the trade that hang on writing it. */
interface Behaviour<R> {
  /** `contact`: the domain, the entity name in the audit log and the first half of its action names. */
  name: string;
  /** `contacts`: the view and, unless `table` says otherwise, the table. */
  plural: string;
  /** Where its list belongs, when that is not a domain of its own name: `message`. */
  domain?: string;
  /** Sentence about the list, for agents. */
  summary: string;
  keywords?: readonly string[];
  /** What people call one besides its name and its noun, in small letters, when they say its number: `bill 17`. */
  also_called?: readonly string[];
  /** That an office reads its list all day, as with a view. */
  often?: Often;
  /** How its rows are shown to a person, as with a view. */
  card?: string;
  /** How its list is summed up beyond its own fields. */
  totals?: TotalsSpec;
  /**
   * Actions of these names are written by hand and take at least what the plain ones would: the generic forms are made for
   * them as well.
   */
  by_hand?: readonly ('create' | 'update')[];
  /** What its plain actions could widen, as with an action. */
  widens?: string;
  /**
   * Rows that belong to it and are no record of their own, by what the history calls them: those of their fields in which
   * somebody's words or prices can be lost, so that overwriting them counts as overwriting this record (MAQ-15). A field
   * that still holds its `default` holds nothing yet.
   */
  parts?: Readonly<Record<string, Fields>>;
  /** Presets of `filter`. */
  filters?: Readonly<Record<string, Preset>>;
  /** Relations that the children do not say: joins of several tables. */
  includes?: Readonly<Record<string, Include>>;
  /** Roles that may read; everybody but technicians when left out. */
  readers?: readonly Role[];
  /** A condition every read of this actor gets, such as "assigned to me" for technicians. */
  restrict?(context: ReadContext): Sql | undefined;
  /**
   * Turns what a caller sent, its fields read already (numbers in E.164, days, living parents), into column values;
   * `before` is the locked row on update.
   */
  toColumns?(context: Context, input: Partial<R>, before: R | undefined): Promise<Partial<R>> | Partial<R>;
  /**
   * What is written besides the row. It may not need what the database makes of the row: its statements are sent right
   * behind the row's own, before that is answered. `columns` are those that are written.
   */
  writeBeside?(context: Context, id: string, columns: Partial<R>, before: R | undefined): Promise<void>;
  /** Runs after the row is written, in the same transaction. */
  afterWrite?(context: Context, row: R, before: R | undefined): Promise<void>;
  /** Why deleting loses something (CFL-52), in words, when the relations do not say it; undefined when there is no history. */
  history?(context: ReadContext, id: string): Promise<string | undefined>;
  /** What else a delete takes along. */
  afterDelete?(context: Context, id: string, before: R): Promise<void>;
  /** Of some rows that are not there any more: the row each of them became part of, by id. */
  successors?(context: ReadContext, ids: readonly string[]): Promise<ReadonlyMap<string, Candidate>>;
  /** What else a restore brings back. */
  afterRestore?(context: Context, id: string, before: R): Promise<void>;
  /**
   * Columns that follow from other rows, such as what is paid of a bill: when a call is taken back they are left to whatever
   * works them out.
   */
  worked_out?: readonly string[];
  /**
   * Which of some rows follow as a whole from others, such as a task that is there while money is owed: taking back a call about
   * those others leaves them to whatever keeps them.
   */
  listWorkedOut?(context: ReadContext, ids: readonly string[]): Promise<string[]>;
  /** Runs after columns of a row were written as they were: writes anew what follows from it. */
  afterPutBack?(context: Context, id: string, columns: Row, before: Row): Promise<void>;
  /**
   * Runs before columns of a row are written as they were, when a call is taken back: refuses what may not simply come back,
   * and writes what is derived from them. `now` is the row as the database tells it.
   */
  putBack?(context: Context, id: string, columns: Row, now: Row): Promise<void>;
  /**
   * Queues what a row waits for as it is now, unless that is queued: a call about it was taken back, and with it went the
   * jobs the call had queued. Rows that wait for nothing, or are not there, are left alone.
   */
  queueAgain?(context: Context, id: string): Promise<void>;
  /**
   * Ends a row that a call has made along with something else, when the call is taken back and no action ends such a row. Nothing
   * depends on it: what has taken effect by then, or was changed since, stays as it is.
   */
  endAlong?(context: Context, id: string): Promise<void>;
  /** Finds rows by the words people use for them. */
  findByName?: FindByName;
  /** What is called alike, for whoever has named nothing that is there: offered, never taken. */
  offerByName?: FindByName;
  /** What tells rows of one name apart for whoever has to choose, by id: where they live, how they are reached. */
  tellApart?(context: ReadContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** All there are, of records a business has few of: what a wrong name is compared with. */
  choices?(context: ReadContext): Promise<Candidate[]>;
  /**
   * Makes the search documents of some rows whose words stand elsewhere too; rows that are deleted have none. Holds the row's own words, and those of
   * others only where few rows share them (decisions/004).
   */
  documents?(context: ReadContext, ids: readonly string[]): Promise<SearchDocument[]>;
  /** With `documents`: the one of a row just created, when all its words stand in the row and nothing need be read. */
  firstDocument?(row: R): SearchDocument | undefined;
  /** Understands more of a search than its words. Best first. */
  search?(context: ReadContext, query: string, wish: Wish): Promise<Found>;
  /** Which of those that words fit alike come first: the same hits with other scores, best first. */
  prefer?(context: ReadContext, hits: readonly SearchHit[], query: string): Promise<SearchHit[]>;
  /** Tells by warnings what a list with these filters does not show. */
  tellMore?(context: ReadContext, params: Record<string, unknown>): Promise<void>;
}

/** What a record is written as. */
export interface RecordDefinition<F extends Fields, A extends PlainActions, N, R, P = unknown>
  extends Behaviour<R> {
  table?: string;
  /** What people call one: `customer`. The name when left out. */
  noun?: string;
  /** Several of them, where that is not the plural of the noun: `calls and mails`. */
  nouns?: string;
  reference?: N | undefined;
  fields: F;
  /** How a row is called, when no single field says it. */
  label?(row: R): string;
  /** Filters that no column says by itself. */
  params?: P | undefined;
  actions: A;
  /** What lists are sorted by when nobody says; the first field with `sort` when left out. */
  default_sort?: string;
  /** Shown in lists, besides the fields with `list`. */
  lists_created_at?: true;
  /** What the search document says differently from its fields. */
  document?(row: R): Partial<SearchDocument>;
  /** `false`: rows are not found by words. */
  is_found?: false;
}

/** A definition whatever its types. */
export type AnyDefinition = RecordDefinition<
  Fields,
  PlainActions,
  Numbering | undefined,
  Row,
  Readonly<Record<string, NamedFilter>>
>;

/** The rows of a record: `type Company = RowIn<typeof companyRecord>`. */
export type RowIn<S> = S extends RecordSpec<infer R> ? R : never;

/**
 * What a thing of the business is, everything derived from its fields. From it come the plain create / update / delete /
 * restore actions, the list and single read, references, the search entry, the pages and the REST routes, so that thirty
 * domains do not each write them again (architecture §4). Verbs that mean something are written by hand beside it.
 */
export interface RecordSpec<
  R = StoredRow,
  W extends z.ZodObject = z.ZodObject,
  S extends z.ZodObject = z.ZodObject,
> extends Behaviour<R> {
  table: string;
  /** `customer` */
  noun: string;
  /** `customers` */
  nouns: string;
  reference?: Numbering | undefined;
  fields: Fields;
  actions: PlainActions;
  /** Every column in order, with its database type. */
  columns: Readonly<Record<string, string>>;
  /** The shape of a row. */
  row: S;
  /** Reads a row of the table: the same shape, with its type. */
  parsed: z.ZodType<R>;
  /** How a row is called in one word or two; one without its id, if that is all it has, as the record. */
  label(row: Omit<R, 'id'>): string;
  /** What a caller may set at creation. */
  writable: W;
  /** What a caller may change later: all of it optional. */
  changeable: z.ZodObject;
  /** Members of `changeable` that can be emptied by `clear`. */
  clearable: readonly string[];
  default_fields: readonly string[];
  sorts: readonly string[];
  /** Named filters of the list. */
  params: z.ZodObject;
  where(params: Row, context: ReadContext): Sql[];
  /** Whether rows are deleted by a mark, and can come back. */
  soft_deletes: boolean;
  /** The search document of a row, when all its words stand in the row: then nothing else need be said. */
  documentOf?(row: R): SearchDocument;
  /** Fields that point to other records. */
  refs: readonly { column: string; field: Field }[];
}

/** Makes a record of its definition: a table of fields, and what the trade says besides. */
export function defineRecord<
  const F extends Fields,
  const A extends PlainActions,
  const N extends Numbering | undefined = undefined,
  P extends Readonly<Record<string, NamedFilter>> = Record<never, never>,
>(
  definition: RecordDefinition<F, A, N, RowOf<F, A, N>, P>,
): RecordSpec<
  RowOf<F, A, N>,
  z.ZodObject<WritableOf<F>, z.core.$strict>,
  z.ZodObject<ShapeOf<F, A, N>, z.core.$strip>
>;
export function defineRecord(definition: AnyDefinition): RecordSpec {
  return resolveRecord(definition);
}
