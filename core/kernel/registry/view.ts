import type { z } from 'zod';
import type { ReadContext, Role } from '../pipeline/context.ts';
import type { Calling } from '../records/called-by.ts';
import type { Numbering } from '../records/reference.ts';
import type { Totals } from '../records/totals.ts';
import type { Often } from './signature.ts';

/** The members every read takes besides its type and named filters (GAP-12). */
export interface ReadQuery {
  id?: string;
  search?: string;
  /** Named filters of the type. */
  params?: Record<string, unknown>;
  /** A preset of the type. */
  filter?: string;
  /** A column, with `-` in front for descending. */
  sort?: string;
  /** 1 to 100, 20 when left out. */
  limit?: number;
  cursor?: string;
  include?: readonly string[];
  fields?: readonly string[];
  /** Answer what all rows come to besides: how many, the sum of each amount, by state, day and person. */
  totals?: boolean;
  /** How ids are answered where something points to another record; as ids when left out. */
  references?: Calling;
  /** `fields` may name relations: the rows of these are answered, beside a member of the same name. */
  relations_as_fields?: boolean;
}

/** The parts of a read that every view shares (GAP-12). */
export interface ViewQuery<Params = Record<string, unknown>> {
  params: Params;
  id?: string;
  search?: string;
  filter?: string;
  sort?: string;
  limit: number;
  cursor?: string;
  totals?: true;
  include: readonly string[];
  /** The members of a row that are answered; others need not be read. */
  fields: readonly string[];
  /** Those of `include` that were asked for among the members of a row, which may have one of the same name. */
  as_fields?: readonly string[];
  /** Members that were asked for by name and that are relations, too: these are another thing, and were not asked for. */
  namesakes?: readonly string[];
}

export interface Page {
  rows: Record<string, unknown>[];
  next_cursor?: string;
  totals?: Totals;
}

/** A row as a file people print or keep: a bill as PDF. */
export interface FileOfRow {
  format: 'pdf';
  content_type: string;
  name(row: Readonly<Record<string, unknown>>): string;
  /** The same row gives the same bytes. */
  write(row: Readonly<Record<string, unknown>>, tools: FileTools): Promise<Buffer>;
}

/** What the writer of a file may ask for besides: what stands in no row. */
export interface FileTools {
  /** Reads as whoever wants the file. */
  read(type: string, query: ReadQuery): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The address of a link, for the people of the business alone; undefined where no token may stand. */
  linkAddress?: ((purpose: string, id: string) => string) | undefined;
}

export interface ViewSpec<P extends z.ZodObject = z.ZodObject, R extends z.ZodObject = z.ZodObject> {
  /** The `type` of `GET /api/data`: `contacts`. */
  type: string;
  domain: string;
  summary: string;
  row: R;
  /** How the references of its rows are written; those of records come from the record. */
  reference?: Numbering;
  /** `ours` when its rows hold nothing a customer or stranger wrote, although their domain does; `theirs` the other way round. */
  whose?: 'ours' | 'theirs';
  /** Named filters. */
  params: P;
  /** Named presets of `filter`, with their meaning. */
  filters?: Readonly<Record<string, string>>;
  sorts?: readonly string[];
  /** Relations that are read only when asked for, with their meaning. */
  includes?: Readonly<Record<string, string>>;
  /** Fields of the answer when `fields` is not given; all when left out. */
  default_fields?: readonly string[];
  /** Whether it may be read from a replica where there is one: what takes long and is not looked at while it is worked on. */
  from_replica?: true;
  /** Whether `search` works here. */
  searchable?: boolean;
  /** Whether one row can be read by `id`. */
  by_id?: boolean;
  /** What `totals` answers, in words: `count, total_cents; by status, day`. Left out where there are none. */
  totals?: string;
  roles?: readonly Role[];
  /** Read by people alone, whatever an agent was allowed. */
  human_only?: true;
  keywords?: readonly string[];
  /** Its one row is to be had as a file, too. */
  file?: FileOfRow;
  /** It can be watched until a member of a row says something else: then whoever watches is told. */
  watched?: { member: string; waits: string };
  /** How its rows are shown to a person where a host of the agent shows pages of ours: the name of one of its painters. */
  card?: string;
  /** As with actions. */
  often?: Often;
  run(context: ReadContext, query: ViewQuery<z.output<P>>): Promise<Page>;
}

export interface View extends ViewSpec {
  kind: 'view';
}

export function defineView<P extends z.ZodObject, R extends z.ZodObject>(spec: ViewSpec<P, R>): View {
  return { ...spec, kind: 'view' };
}
