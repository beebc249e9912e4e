import type { z } from 'zod';
import type { Sql } from '../database/sql.ts';
import type { Context, ReadContext } from '../pipeline/context.ts';

// What can be said of a field and of a relation. The kinds of fields stand in `field.ts`.

/** Where the words of a field go in the search document of its row. */
export type SearchPart = 'names' | 'terms' | 'body' | 'detail';

/** What a field holds, for pages, columns of a file and descriptions. */
export type FieldKind =
  | 'text'
  | 'long_text'
  | 'choice'
  | 'number'
  | 'money'
  | 'percent'
  | 'date'
  | 'moment'
  | 'boolean'
  | 'phone'
  | 'email'
  | 'url'
  | 'tags'
  | 'list'
  | 'ref'
  | 'custom_fields'
  | 'own';

/** What can be said of a field of any kind. A field that is neither required, filled nor has a default may be empty. */
export interface FieldOptions {
  /** What people call it on pages, where its name does not say it: `Due on`. */
  readonly title?: string;
  /** A caller has to give it at creation; it is never empty. */
  readonly required?: true;
  /** It is never empty, because our own code fills it. */
  readonly filled?: true;
  /** What the database puts in when nobody says anything; it is never empty. */
  readonly default?: unknown;
  /** `false`: only our own code sets it. `'create'`: a caller sets it once. Callers may set and change it when left out. */
  readonly writable?: false | 'create';
  /** `false`: a caller cannot empty it, although it may be empty. */
  readonly clear?: false;
  /** Shown in lists. */
  readonly list?: true;
  /** Lists can be sorted by it; the first one is how they are sorted by themselves. */
  readonly sort?: true;
  /** Lists can be filtered by it, under its own name or another. `range` on days and moments: by `from` and `to`. */
  readonly filter?: true | string;
  /** How the row is found by it. */
  readonly search?: SearchPart | readonly SearchPart[];
  /** How a row is called. One field of a record. */
  readonly label?: true;
  /** Whose words it holds: an agent is shown other people's in marks. Theirs when left out, where it can hold words. */
  readonly whose?: 'ours' | 'theirs';
  /** What a caller may write, when that is narrower or wider than the kind says. */
  readonly input?: z.ZodType;
  /** Of a choice: the words that end the row's life, so that many of them at once are a bulk (MAQ-15). */
  readonly ends?: readonly string[];
  /** How people read and type a word it holds, where that is not how it is kept; whoever writes it may use either. */
  said?(word: string): string;
  /** What is typed there, as an example for people: `every 6 weeks`. */
  readonly such_as?: string;
  /** The list of the same record whose first entry it is: pages show and ask for that one. */
  readonly follows?: string;
  /** Its words are sent to somebody later, and nobody looks at them again: whoever allows them reads all of them first. */
  readonly goes_out?: true;
  /** It follows from other fields or says nothing to people: the story of its row leaves it out. */
  readonly told?: false;
  /** Left out of everything that people and agents read unless they ask for it by name. */
  readonly internal?: true;
}

/** A filter of a list that no column says by itself. */
export interface NamedFilter<T = unknown> {
  readonly input: z.ZodType<T>;
  where(context: ReadContext, value: T): Sql;
}

/** How a child belongs to a parent, said once, by the child (architecture §4). */
export interface RelationOptions {
  /** The parent’s include and page section that shows its children: `invoices`. None when left out. */
  readonly as?: string;
  /** What that include is about, for agents. */
  readonly summary?: string;
  /** What happens to the child is told in the history of the parent: the `audit` trigger of its table says so. */
  readonly told_with_parent?: true;
  /** Whom the child is about: search shows the parent’s name beside it. */
  readonly about?: true;
  /** One child in a word or two, for sentences: `visit`. The child record’s own noun when left out. */
  readonly noun?: string;
  /** A column of the child, `-` in front for the newest first, by which the children are listed. `-created_at` when left out. */
  readonly order?: string;
  /** Columns of the child that the include shows; those of its list when left out. */
  readonly shows?: readonly string[];
  /** Reads the include by itself, keyed by the parent’s id, where columns are not enough. */
  load?(context: ReadContext, ids: readonly string[]): Promise<Map<string, unknown>>;
  /**
   * What deleting the parent means. `refuse`: not while there are such children. `history`: a person has to agree, and reads
   * how many there are. `cascade`: they go along, and come back with it. `keep`: nothing, as when left out.
   */
  readonly on_delete?: 'refuse' | 'history' | 'cascade' | 'keep';
  /** With `cascade`: a child that something living still points to stays. */
  readonly spares_used?: true;
  /** Which children count as history; all living ones when left out. Said of what cascades, that counts as history too. */
  readonly counted?: Sql;
  /** While there are such children the parent cannot be deleted at all, whatever `on_delete` says. */
  readonly holds?: { readonly where: Sql; readonly message: string; readonly hint: string };
  /** Columns of the parent whose change makes the child’s search document anew; `true` for any. Deleting it does, too. */
  readonly reindex?: true | readonly string[];
  /** The parent’s search document, which the parent makes by hand (`documents`), holds words of the child: it is made anew with it. */
  readonly in_parent_document?: true;
  /** Named filters of the parent’s list that ask for such children: a condition on the parent `r`. */
  readonly parent_filters?: Readonly<Record<string, NamedFilter>>;
  /** The child’s include that shows the parent: its name, and which columns of it. */
  readonly include?: { readonly as: string; readonly summary: string; readonly shows: readonly string[] };
  /** How the child stands in the timeline of the parent. */
  readonly timeline?: TimelineEntry;
  /**
   * Which children stay when their parent is merged into another one (CON-24), as a condition over the child as `r`: those
   * the winner has already. All of them move when left out.
   */
  stays_at_merge?(winnerId: string): Sql;
  /** Whether a parent that a caller names must be living; it must when left out. */
  readonly living?: false;
}

/** A row of a timeline: SQL over the child as `r`. */
export interface TimelineEntry {
  readonly kind: string;
  /** When it happened. */
  readonly at: Sql;
  /** In our words: `visit scheduled`. */
  readonly what: Sql | ((context: ReadContext) => Sql);
  /** Which rows stand there; all when left out. */
  readonly where?: Sql;
  /** In somebody’s words. */
  readonly text: Sql;
  /** Who did it: a field that points to them, or SQL. */
  readonly actor?: string | Sql;
}

export interface Relation extends RelationOptions {
  /** The record that is pointed to. */
  readonly record: string;
}

/** `Value` is what a row holds, `Given` what a caller may give at creation; undefined when callers cannot. */
export interface Field<Value = unknown, Given extends z.ZodType | undefined = z.ZodType | undefined>
  extends FieldOptions {
  readonly kind: FieldKind;
  /** The database’s type. */
  readonly column: string;
  readonly row: z.ZodType<Value>;
  readonly given: Given;
  readonly options?: readonly string[];
  readonly to?: Relation;
  /** Turns what a caller wrote into what the column holds. Throws VALIDATION_ERROR at `name`. */
  store?(context: Context, value: unknown, name: string, before: unknown): unknown;
}

export type Fields = Readonly<Record<string, Field>>;

/** Whether a row always holds something here. */
export const isFilled = ({ required, filled, default: usual }: FieldOptions): boolean =>
  required === true || filled === true || usual !== undefined;
