import type { RecordSpec, Row } from '../kernel/records/record.ts';
import type { CallWords } from './deed-words.ts';
import { type Changed, sidesOf } from './differences.ts';
import { calledId, calledRow, type DeedReader, isEmpty } from './value-words.ts';

/** A call: which, and what it left or would leave in the trail, oldest first. */
export interface ToldCall {
  action: string;
  changes: readonly Changed[];
  /** What it pointed to, for what the changes do not speak of. */
  targets?: readonly { record: string; id: string }[];
}

/** As something that somebody wants to do, or that was done. */
export type Tense = 'wish' | 'past';

/** Who and what a call is about. */
export interface Scene {
  /** How what was there before is called: `T-2001 on Wed, Nov 18, 2026, 2:00 PM`. */
  it?: string | undefined;
  noun: string;
  /** What comes into being. */
  made?: Changed | undefined;
  madeName?: string | undefined;
  /** The rows that the sentence is about, and the one whose parts they are. */
  about: ReadonlySet<string>;
  own: ReadonlySet<string>;
  /** Whose it is, unless it is somebody. */
  whose?: string | undefined;
  /** Everything that differs, on one line. */
  set?: string;
}

/** Finds in the changes of a call what it is about, what it makes, and whose that is. */
export function sceneOf(
  reader: DeedReader,
  { changes, targets = [] }: ToldCall,
  { about, makes = false }: CallWords,
  tense: Tense,
): Scene {
  const { records } = reader.registry;
  const isIt = (name: string) => about.includes(name);
  const isMade = (entry: Changed) => isIt(entry.entity_type) && entry.action === 'create';
  const isNew = makes && changes.some(isMade);
  const owned = isNew ? [] : changes.filter(entry => isIt(entry.entity_type) && !isMade(entry));
  const [own] = owned;
  const made = own ? undefined : changes.find(isMade);
  const under = changes.find(entry => isIt(entry.subject_type));
  const target = targets.find(({ record }) => isIt(record));
  const found = own
    ? { type: own.entity_type, id: own.entity_id }
    : under && !made
      ? { type: under.subject_type, id: under.subject_id }
      : target && !made
        ? { type: target.record, id: target.id }
        : undefined;
  const first = changes[0];
  const it = found ?? (made || !first ? undefined : { type: first.subject_type, id: first.subject_id });
  const noun = records.get(it?.type ?? made?.entity_type ?? about[0] ?? '')?.noun ?? '';
  const whose = whoseOf(reader, it?.id, made ?? own ?? first);
  return {
    noun,
    made,
    own: new Set(owned.map(({ entity_id }) => entity_id)),
    about: new Set([...owned.map(({ entity_id }) => entity_id), ...(it ? [it.id] : [])]),
    it: it && calledAll(reader, own ? owned.map(({ entity_id }) => entity_id) : [it.id]),
    madeName: made && madeNames(reader, changes, made, tense),
    whose: whose === undefined || whose === it?.id ? undefined : calledId(reader, whose),
  };
}

const mostCalled = 4;

/** `T-2001 on Wed, Nov 18, 2026, 2:00 PM`; of several the first ones, and how many more. */
function calledAll(reader: DeedReader, ids: readonly string[]): string | undefined {
  return several([...new Set(ids)].flatMap(id => calledId(reader, id) ?? []));
}

function several(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - mostCalled;
  return `${names.slice(0, mostCalled).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

// Whose something is, the one who pays first.
const people = ['contact', 'company', 'lead'];

/** The id of the customer, company or inquiry that a row belongs to, as its fields say. */
function whoseOf(reader: DeedReader, id: string | undefined, entry: Changed | undefined): string | undefined {
  const known = id === undefined ? undefined : reader.rows.get(id);
  if (known && people.includes(known.record.name)) return undefined;
  return (
    (known && personIn(known.record, known.row)) ??
    (entry && personIn(reader.registry.records.get(entry.entity_type), newValues(entry))) ??
    (entry && people.includes(entry.subject_type) && entry.subject_id !== entry.entity_id
      ? entry.subject_id
      : undefined) ??
    deeper(reader, entry)
  );
}

/** Whose the row is that the changed one is a part of: of a line, its visit's. */
function deeper(reader: DeedReader, entry: Changed | undefined): string | undefined {
  const above = entry && reader.rows.get(entry.subject_id);
  return above && personIn(above.record, above.row);
}

/** The person that a row points to. */
export function personIn(record: RecordSpec | undefined, row: Row): string | undefined {
  for (const name of people) {
    if (record?.name === name) return undefined;
    const ref = record?.refs.find(({ field, column }) => field.to?.record === name && !isEmpty(row[column]));
    if (ref) return String(row[ref.column]);
  }
  return undefined;
}

const newValues = ({ changes }: Changed): Row =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, sidesOf(value).new]));

/** All that is made of a kind at once: the holidays of a year. */
const madeNames = (reader: DeedReader, changes: readonly Changed[], first: Changed, tense: Tense) =>
  several(
    changes
      .filter(({ entity_type, action }) => entity_type === first.entity_type && action === 'create')
      .flatMap(made => madeName(reader, made, tense) ?? []),
  );

/** What is made, by its own words; its number is said when it has one for good. */
function madeName(reader: DeedReader, made: Changed, tense: Tense): string | undefined {
  const record = reader.registry.records.get(made.entity_type);
  if (!record) return undefined;
  const row = { ...newValues(made), id: made.entity_id };
  const called = calledRow(reader, { record, row: tense === 'wish' ? { ...row, reference: '' } : row });
  return called === '' ? undefined : called;
}
