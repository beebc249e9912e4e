import type { z } from 'zod';
import type { Sql } from '../database/sql.ts';
import type { Context, ReadContext, Role } from '../pipeline/context.ts';
import type { Permission } from '../pipeline/permission.ts';
import type { Undo } from '../registry/define.ts';
import type { SearchDocument } from '../search/document.ts';
import type { SearchHit } from '../search/index-documents.ts';
import type { Numbering } from './reference.ts';

/** A row as it stands in the table and on the wire. */
export type Row = Record<string, unknown>;

/** One record a search found. */
export interface Candidate {
  id: string;
  reference: string;
  label: string;
}

/**
 * What a thing of the business is. From it come the plain create / update / delete / restore actions, the list and
 * single read, references, the search entry and the REST routes, so that thirty domains do not each write them again
 * (architecture §4). Verbs that mean something are written by hand beside it.
 */
export interface RecordSpec<C extends z.ZodObject = z.ZodObject, P extends z.ZodObject = z.ZodObject> {
  /** `contact`: the domain, the entity name in the audit log and the first half of its action names. */
  name: string;
  /** `contacts`: the view and the table. */
  plural: string;
  /** Where its list belongs, when that is not a domain of its own name: `message`. */
  domain?: string;
  table: string;
  /** Sentence about the list, for agents. */
  summary: string;
  keywords?: readonly string[];
  /** How its references are written: `C-1001`, `INV-2026-001`. */
  reference?: Numbering;
  /** Every column in order, with its database type. */
  columns: Readonly<Record<string, string>>;
  row: z.ZodObject;
  /** How a row is called in one word or two. */
  label(row: Row): string;
  /** What a caller may set. Update takes the same members, all optional, and `clear`. */
  writable: C;
  /** Members of `writable` that can be emptied by `clear`. */
  clearable?: readonly string[];
  default_fields: readonly string[];
  sorts: readonly string[];
  /** Named filters of the list. */
  params: P;
  where(params: z.output<P>, context: ReadContext): Sql[];
  /** Presets of `filter`. */
  filters?: Readonly<Record<string, Preset>>;
  includes?: Readonly<Record<string, Include>>;
  /** Roles that may read; everybody but technicians when left out. */
  readers?: readonly Role[];
  /** A condition every read of this actor gets, such as "assigned to me" for technicians. */
  restrict?(context: ReadContext): Sql | undefined;
  /** Which of the plain actions exist. */
  actions: {
    create?: PlainAction | undefined;
    update?: PlainAction | undefined;
    delete?: PlainAction | undefined;
  };
  /** Turns what a caller sent into column values; `before` is the locked row on update. */
  toColumns?(context: Context, input: Row, before: Row | undefined): Promise<Row> | Row;
  /**
   * What is written besides the row. It may not need what the database makes of the row: its statements are sent right
   * behind the row's own, before that is answered. `columns` are those that are written.
   */
  writeBeside?(context: Context, id: string, columns: Row, before: Row | undefined): Promise<void>;
  /** Runs after the row is written, in the same transaction. */
  afterWrite?(context: Context, row: Row, before: Row | undefined): Promise<void>;
  /** Why deleting loses something (CFL-52), in words; undefined when there is no history. */
  history?(context: ReadContext, id: string): Promise<string | undefined>;
  /** What else a delete takes along. */
  afterDelete?(context: Context, id: string, before: Row): Promise<void>;
  /** What else a restore brings back. */
  afterRestore?(context: Context, id: string, before: Row): Promise<void>;
  /** Finds rows by the words people use for them. */
  findByName?(context: ReadContext, text: string): Promise<Candidate[]>;
  /** All there are, of records a business has few of: what a wrong name is compared with. */
  choices?(context: ReadContext): Promise<Candidate[]>;
  /** Other records whose search documents hold this row's words: a note's contact. */
  alsoIndexed?(row: Row): { kind: string; id: unknown }[];
  /** The search document of a row, when all its words stand in the row: then nothing else need be said. */
  documentOf?(row: Row): SearchDocument;
  /**
   * Makes the search documents of some rows whose words stand elsewhere too; rows that are deleted have none. Holds the row's own words, and those of
   * others only where few rows share them (decisions/004).
   */
  documents?(context: ReadContext, ids: readonly string[]): Promise<SearchDocument[]>;
  /** With `documents`: the one of a row just created, when all its words stand in the row and nothing need be read. */
  firstDocument?(row: Row): SearchDocument | undefined;
  /** Understands more of a search than its words. Best first, at most `most`. */
  search?(context: ReadContext, query: string, most: number): Promise<SearchHit[]>;
}

/** A named condition; one that asks for the time asks the business's clock in the context. */
export interface Preset {
  summary: string;
  where: Sql | ((context: ReadContext) => Sql);
}

export interface PlainAction {
  summary: string;
  /** What takes it back, when that is not the plain delete or restore. */
  undo?: Undo;
  permission: Permission;
  roles?: readonly Role[];
  human_only?: boolean;
  keywords?: readonly string[];
}

export interface Include {
  summary: string;
  /** Reads the relation for all rows of a page at once; keyed by row id. */
  load(context: ReadContext, ids: readonly string[]): Promise<Map<string, unknown>>;
}

/** Carries the types of a record definition and hands it back. */
export function defineRecord<C extends z.ZodObject, P extends z.ZodObject>(
  spec: RecordSpec<C, P>,
): RecordSpec {
  return spec;
}
