import { listRows } from '../kernel/pipeline/preview.ts';
import type { RecordSpec, Row } from '../kernel/records/record.ts';
import { type CallWords, callWords } from './deed-words.ts';
import {
  type Changed,
  type Difference,
  differencesOf,
  differenceWords,
  factsOf,
  sidesOf,
} from './differences.ts';
import { calledId, calledRow, columnOf, type DeedReader, isEmpty, valueWords } from './value-words.ts';

/** A call: which, and what it left or would leave in the trail, oldest first. */
export interface ToldCall {
  action: string;
  changes: readonly Changed[];
  /** What it pointed to, for what the changes do not speak of. */
  targets?: readonly { record: string; id: string }[];
}

/** What a call does, in a sentence and what it does not say yet. */
export interface ToldDeed {
  /** `cancel the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for C-1001 «Jane Smith»` */
  sentence: string;
  /** Every difference that the sentence leaves out. */
  differences: Difference[];
}

/** As something that somebody wants to do, or that was done. */
export type Tense = 'wish' | 'past';

/**
 * What a call does as people would say it, made of its registration, the rows it is about and the changes: what somebody
 * wrote stands in marks, everything else is ours. It always says whose it is where a row belongs to somebody.
 */
export function tellCall(reader: DeedReader, asked: ToldCall, tense: Tense): ToldDeed {
  // What is made and then changed is made so.
  const call = { ...asked, changes: listRows([...asked.changes]) };
  const words = callWords(reader.registry, call.action);
  const verb = tense === 'wish' ? words.verb : words.past;
  const scene = sceneOf(reader, call, words, tense);
  const beside = call.changes.filter(
    entry => entry.entity_id !== scene.made?.entity_id && !isNoted(entry, call.changes),
  );
  const all = differencesOf(reader, beside, scene.own);
  const differences = words.isPlain ? all : withoutStates(all);
  const set = differences.map(differenceWords).join(', ');
  const templated = words.says && fill(reader, call, { ...scene, set }, words.says);
  if (templated) return { sentence: `${verb} ${templated}`, differences: [] };
  const [first] = differences;
  const only =
    differences.length === 1 && scene.it !== undefined && first && scene.about.has(first.entity_id)
      ? first
      : undefined;
  if (only && words.isPlain) return { sentence: changeWords(scene, only, tense), differences: [] };
  const head = [verb, objectWords(reader, scene, words)].filter(Boolean).join(' ');
  if (scene.made) {
    const facts = factsOf(reader, scene.made, head).slice(0, mostFacts).join(', ');
    return { sentence: facts === '' ? head : `${head}: ${facts}`, differences };
  }
  const moved = differences.filter(isMove(scene));
  const [move] = moved;
  if (move && moved.length === 1) {
    // Its time is what differs: that stands in the name no second time.
    const timeless = { ...scene, it: scene.it?.replace(/ on [A-Z][^«»]*$/, '') };
    const what = `${verb} ${objectWords(reader, timeless, words)}`;
    return {
      sentence: `${what} from ${move.from} to ${move.to}`,
      differences: differences.filter(other => other !== move),
    };
  }
  return only
    ? { sentence: `${head}: ${differenceWords(only)}`, differences: [] }
    : { sentence: head, differences };
}

/** Tells the change of the time of what a call is about. */
const isMove =
  ({ about }: Scene) =>
  ({ kind, entity_id, from, to }: Difference): boolean =>
    kind === 'moment' && from !== undefined && to !== undefined && about.has(entity_id);

/** The whole of it on one line, for lists: the sentence, and the first of what differs besides. */
export function tellInLine(reader: DeedReader, call: ToldCall, tense: Tense): string {
  const { sentence, differences: all } = tellCall(reader, call, tense);
  // What comes into being beside it stands on its own page.
  const differences = all.filter(({ is_made }) => !is_made);
  if (differences.length === 0) return sentence;
  const shown = differences.slice(0, mostInLine).map(differenceWords).join(', ');
  const rest = differences.length - mostInLine;
  return `${sentence}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const mostInLine = 3;

// Where the verb says that something is over, its state says so once more.
const states = new Set(['status', 'follow_up_status', 'extraction_status']);

/** Whether a customer has to say yes again follows from what else changed; alone it is the change. */
function withoutStates(all: readonly Difference[]): Difference[] {
  const rest = all.filter(({ name = '' }) => !states.has(name));
  const more = rest.filter(({ name }) => name !== 'confirmation_status');
  return more.length > 0 ? more : rest;
}

// What is written down besides the change itself says the same once more.
const isNoted = ({ action, entity_id }: Changed, all: readonly Changed[]): boolean =>
  !['create', 'update', 'delete', 'restore'].includes(action) &&
  !/_technician$/.test(action) &&
  all.some(other => other.action === 'update' && other.entity_id === entity_id);

/** Who and what a call is about. */
interface Scene {
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

function sceneOf(
  reader: DeedReader,
  { changes, targets = [] }: ToldCall,
  { about }: CallWords,
  tense: Tense,
): Scene {
  const { records } = reader.registry;
  const isIt = (name: string) => about.includes(name);
  const owned = changes.filter(entry => isIt(entry.entity_type) && entry.action !== 'create');
  const [own] = owned;
  const made = own ? undefined : changes.find(entry => isIt(entry.entity_type) && entry.action === 'create');
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
    madeName: made && madeName(reader, made, tense),
    whose: whose === undefined || whose === it?.id ? undefined : calledId(reader, whose),
  };
}

const mostCalled = 4;

/** `T-2001 on Wed, Nov 18, 2026, 2:00 PM`; of several the first ones, and how many more. */
function calledAll(reader: DeedReader, ids: readonly string[]): string | undefined {
  const names = [...new Set(ids)].flatMap(id => calledId(reader, id) ?? []);
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

/** What is made, by its own words; its number is said when it has one for good. */
function madeName(reader: DeedReader, made: Changed, tense: Tense): string | undefined {
  const record = reader.registry.records.get(made.entity_type);
  if (!record) return undefined;
  const values = newValues(made);
  const called = calledRow(reader, {
    record,
    row: tense === 'wish' ? { ...values, reference: null } : values,
  });
  return called === '' ? undefined : called;
}

/** `the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for C-1001 «Jane Smith»`, `a note «Has a dog» for C-1001 «Jane Smith»` */
function objectWords(reader: DeedReader, scene: Scene, { object }: CallWords): string {
  const name = scene.made ? scene.madeName : scene.it;
  const plain = object === '' ? `on the ${scene.noun}` : object;
  const [firstWord = ''] = plain.split(' ');
  const isPlural = [...reader.registry.records.values()].some(({ nouns }) => nouns === firstWord);
  const hasArticle = isPlural || /^(the|an?|how|what|again|own|on|to|is|you)$/.test(firstWord);
  const withArticle = hasArticle ? plain : `${scene.made ? articleOf(plain) : 'the'} ${plain}`;
  const whose = scene.whose === undefined ? '' : ` for ${scene.whose}`;
  const isSaid = name !== undefined && (scene.noun === '' || plain.includes(scene.noun));
  const named = name === undefined ? '' : isSaid ? ` ${name}` : ` of the ${scene.noun} ${name}`;
  return `${withArticle}${named}${whose}`;
}

const articleOf = (words: string): string => (/^[aeiou]/i.test(words) ? 'an' : 'a');

const mostFacts = 3;

/** `raise the price of the service S-1 «Gutter Cleaning» from $150.00 to $175.00` */
function changeWords(scene: Scene, { kind, grows, label, from, to }: Difference, tense: Tense): string {
  const says = (wish: string, past: string) => (tense === 'wish' ? wish : past);
  const whose = scene.whose === undefined ? '' : ` for ${scene.whose}`;
  const of = label.endsWith(scene.noun) ? '' : ` of the ${scene.noun}`;
  const time = kind === 'moment' && /(due|send|ed)$/.test(label) ? ' time' : '';
  const what = `the ${label}${time}${of}${scene.it === undefined ? '' : ` ${scene.it}`}${whose}`;
  if (from === undefined) return `${says('set', 'set')} ${what} to ${to ?? ''}`;
  if (to === undefined) return `${says('empty', 'emptied')} ${what}, which was ${from}`;
  if (kind !== 'money' || grows === undefined)
    return `${says('change', 'changed')} ${what} from ${from} to ${to}`;
  return `${grows ? says('raise', 'raised') : says('lower', 'lowered')} ${what} from ${from} to ${to}`;
}

/**
 * Fills in the sentence of a registration: `{amount_cents} [by {note}] from {whose} for {it}`. A part in brackets is left out
 * when what it names is empty. Undefined when anything outside of brackets is: then the sentence is made of the rest.
 */
function fill(reader: DeedReader, { changes }: ToldCall, scene: Scene, says: string): string | undefined {
  let isWhole = true;
  const put = (text: string, onMissing: () => void): string =>
    text.replace(/\{([\w:]+)\}/g, (_, name: string) => {
      const value = partOf(reader, changes, scene, name);
      if (value === undefined) onMissing();
      return value ?? '';
    });
  const inside = says.replace(/\[([^\]]*)\]/g, (_, text: string) => {
    let isMissing = false;
    const filled = put(text, () => {
      isMissing = true;
    });
    return isMissing ? '' : filled.replace(/[{}]/g, '');
  });
  const filled = put(inside, () => {
    isWhole = false;
  });
  return isWhole ? filled : undefined;
}

function partOf(
  reader: DeedReader,
  changes: readonly Changed[],
  scene: Scene,
  name: string,
): string | undefined {
  if (name === 'it') return scene.it;
  if (name === 'made') return scene.madeName;
  if (name === 'set') return scene.set || undefined;
  if (name === 'event') return noted(changes);
  if (name === 'whose') return scene.whose;
  if (name === 'gone')
    return calledId(reader, changes.find(({ action }) => action === 'delete')?.entity_id ?? '');
  const [side, column] = name.startsWith('was:')
    ? (['old', name.slice(4)] as const)
    : (['new', name] as const);
  const entry = changes.findLast(({ changes: of }) => !isEmpty(sidesOf(of[column])[side]));
  if (!entry) return reader.registry.records.has(name) ? recordCalled(reader, changes, name) : undefined;
  return valueWords(
    reader,
    columnOf(reader, entry.entity_type, column),
    sidesOf(entry.changes[column])[side],
  );
}

/** What the record of this name is called that the changes are about, or point to. */
function recordCalled(reader: DeedReader, changes: readonly Changed[], name: string): string | undefined {
  const about = changes.filter(({ subject_type }) => subject_type === name);
  const entry = about.find(({ entity_id, subject_id }) => entity_id !== subject_id) ?? about[0];
  if (entry) return calledId(reader, entry.subject_id);
  const pointed = changes.find(({ changes: of }) => !isEmpty(sidesOf(of[`${name}_id`]).new));
  return pointed && calledId(reader, String(sidesOf(pointed.changes[`${name}_id`]).new));
}

/** What was written down, by its verb: `consent given`. */
const noted = (changes: readonly Changed[]): string | undefined =>
  changes
    .find(({ action }) => !['create', 'update', 'delete', 'restore'].includes(action))
    ?.action.replaceAll('_', ' ');
