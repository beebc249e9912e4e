import type { Registry } from '../core/kernel/registry/registry.ts';
import { quote } from '../core/kernel/words/quote.ts';
import { weekdays } from '../core/kernel/words/time.ts';
import { functionKinds } from '../core/search/functions.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

// Whose words the texts of an answer are. Most of it follows from the name of a member alone, and an answer has the same few names over
// and over: it is found out once for each.

/** What the strings of an answer are, where nothing else says so. */
export type Wording =
  /** Anybody may have written them. */
  | 'theirs'
  /** The owner's own: price list, people, levels. */
  | 'ours'
  /** Sentences of the software that mark what they quote. */
  | 'marked'
  /** The names of members were chosen by somebody, too: what they are called says nothing about them. */
  | 'named by them'
  /** A refusal: its sentences are ours. */
  | 'refusal';

/** What the name of a member says about it. */
export interface Member {
  name: string;
  /** What it is called in an answer. */
  key: string;
  /** A fact for programs: nobody decides anything by it here. */
  isForPrograms: boolean;
  isTime: boolean;
  /** The member that says the same, where there is one. */
  saidBy: string | undefined;
  /** Whose texts stand in it, where they are not our own words. */
  words: 'as they are' | 'ours' | 'theirs';
  /** Tells our own words; undefined where there are none. */
  isOurWord: ((text: string) => boolean) | undefined;
  /** How what is inside of it is read. */
  readonly inside: Manner;
}

/** How an answer of one wording is read. */
export interface Manner {
  member(name: string): Member;
  /** Whether a text says nothing but facts and words of the software. */
  isOurOwn(text: string, member: Member): boolean;
}

const manners = new WeakMap<Registry, ReadonlyMap<Wording, Manner>>();

/** Made from the registrations when first asked for. */
export function mannerOf(registry: Registry, wording: Wording): Manner {
  const manner = mannersOf(registry).get(wording);
  if (!manner) throw new Error(`nothing is worded ${wording}`);
  return manner;
}

function mannersOf(registry: Registry): ReadonlyMap<Wording, Manner> {
  const before = manners.get(registry);
  if (before) return before;
  const made = makeManners(registry);
  manners.set(registry, made);
  return made;
}

/** Names that are remembered in each manner; those that people choose have no end. */
const most = 2_000;

function makeManners(registry: Registry): ReadonlyMap<Wording, Manner> {
  const known = { vocabulary: vocabularyOf(registry), theirIncludes: includesOfTheirs(registry) };
  const { vocabulary } = known;
  const made = new Map<Wording, Manner>();
  for (const wording of ['theirs', 'ours', 'marked', 'named by them', 'refusal'] as const) {
    const members = new Map<string, Member>();
    const manner: Manner = {
      member(name) {
        const before = members.get(name);
        if (before) return before;
        const found = {
          ...memberOf(name, wording, vocabulary),
          inside: made.get(insideOf(name, wording, known)) ?? manner,
        };
        if (members.size < most) members.set(name, found);
        return found;
      },
      isOurOwn: (text, { isOurWord }) =>
        isOurWord?.(text) || isFact(text, vocabulary) || isNamed(text, vocabulary),
    };
    made.set(wording, manner);
  }
  return made;
}

const memberOf = (name: string, wording: Wording, vocabulary: Vocabulary): Omit<Member, 'inside'> => ({
  name,
  key: plainKey.test(name) ? name : quote(name),
  isForPrograms: forPrograms.has(name),
  isTime: name.endsWith('_at'),
  saidBy: name.endsWith('_local') ? `${name.slice(0, -'_local'.length)}_at` : undefined,
  words: wordsOf(name, wording, vocabulary),
  isOurWord: vocabulary.wordsIn(name),
});

const plainKey = /^[\w.:-]+$/;

function wordsOf(name: string, wording: Wording, vocabulary: Vocabulary): Member['words'] {
  if (wording === 'marked') return 'as they are';
  if (wording === 'ours') return 'ours';
  if (wording === 'named by them') return 'theirs';
  if (sentences.has(name) || (wording === 'refusal' && sentencesOfRefusals.has(name))) return 'as they are';
  const isOwners = ownersNames.has(name) || vocabulary.isOurs(name);
  return isOwners || (wording !== 'refusal' && vocabulary.pointsToOurs(name)) ? 'ours' : 'theirs';
}

interface Known {
  vocabulary: Vocabulary;
  /** Includes that show rows of others than the owner alone, also with what is the owner’s own. */
  theirIncludes: ReadonlySet<string>;
}

function insideOf(name: string, wording: Wording, { vocabulary, theirIncludes }: Known): Wording {
  if (wording === 'named by them') return wording;
  if (wording === 'ours' && theirIncludes.has(name)) return 'theirs';
  if (namedByThem.has(name) || vocabulary.isNamedByThem(name)) return 'named by them';
  // What became of a request, and why a previewed call would wait.
  return name === 'error' || name === 'needs_authorization' ? 'refusal' : wording;
}

/** Whose words the answers of a data type, action or workflow are; what a search finds says so with each of them. */
export function wordingsOf(registry: Registry, of: string): (value: unknown) => Wording {
  if (registry.workflows.get(of)?.spec.is_marked) return () => 'marked';
  const view = registry.views.get(of) ?? registry.views.get(registry.records.get(of)?.plural ?? '');
  const name = view?.spec.domain ?? of.split('.')[0];
  const domain = registry.domains.find(each => each.name === name);
  // Catalog, people, agents, levels: the owner's own, and no customer's.
  const wording = view?.spec.whose ?? domain?.whose ?? 'theirs';
  return value => (of === 'search' && isFunctionality(value) ? 'marked' : wording);
}

/** The vans of a member: people are the owner’s own, what is written about a van need not be. */
function includesOfTheirs(registry: Registry): ReadonlySet<string> {
  const isTheirs = (record: string) => wordingsOf(registry, record)(undefined) !== 'ours';
  const names = [...registry.relations].flatMap(([parent, children]) =>
    children.flatMap(({ child, to }) => [
      ...(to.as !== undefined && isTheirs(child.name) ? [to.as] : []),
      ...(to.include && isTheirs(parent) ? [to.include.as] : []),
    ]),
  );
  return new Set(names);
}

/** What a search finds besides records: actions, data types, pages. Its words are the registrations'. */
function isFunctionality(found: unknown): boolean {
  const kind = typeof found === 'object' && found !== null && 'kind' in found ? found.kind : undefined;
  return functionKinds.some(known => known === kind);
}

// What the trail and the outbox hold of rows and mails; fields of records say so themselves.
const namedByThem = new Set(['changes', 'payload']);

// Names in answers that no field of a record says, and that are the owner's or the software's wherever they stand.
const ownersNames = new Set([
  'agent',
  'decided_by',
  'free',
  'free_then',
  'model',
  'prefix',
  'purpose',
  'set_by',
  'technician',
  'technicians',
  'time_zone',
  'who_goes',
]);
// Sentences of the software that mark what they quote.
const sentences = new Set([
  ...['asks_for', 'busy', 'changed', 'customer_likes', 'customer_told', 'ends_now', 'reach_out', 'story'],
  ...['undone', 'took_back', 'not_sent', 'stays', 'undo', 'next'],
  // What an analysis counted, and of which days; what it comes to may name a customer or their town.
  ...['measure', 'period', 'compared_with'],
  ...['hint', 'next_cursor', 'review_url', 'rule_reason', 'warnings', 'why_not_always'],
]);
const sentencesOfRefusals = new Set([
  ...[
    'did_you_mean',
    'field',
    'message',
    'problems',
    'reason',
    'rule',
    'signature',
    'state',
    'valid_options',
  ],
]);

// Facts for programs; nobody decides anything by them here.
const forPrograms = new Set([
  ...['version', 'updated_at', 'deleted_at', 'schema_hash', 'is_system', 'file_hash', 'digest'],
]);

/**
 * Whether a text says nothing but a reference, a number, a time or an id: `T-2001 Wed 2026-11-18 09:00 -06:00`, `3h22m`,
 * `(256) 555-0142`. At most two letters, such as a state, are no sentence either.
 */
function isFact(text: string, vocabulary: Vocabulary): boolean {
  if (inWords.test(text)) return false;
  if (/^[A-Z]{0,2}$/.test(text) || vocabulary.isReference(text) || isNumber.test(text)) return true;
  // Most that come here are one word.
  if (!text.includes(' ')) return days.has(text);
  if (text.length > 100) return false;
  const [first = '', ...others] = text.split(' ');
  const rest = vocabulary.isReference(first) ? others : [first, ...others];
  const [day = '', ...times] = rest;
  return (days.has(day) ? times : rest).every(part => isNumber.test(part));
}

const days: ReadonlySet<string> = new Set(weekdays);

/** Three small letters in a row that no day of the week, number, time or id has: most texts are known by them to be words. */
const inWords = /[g-z]{3}/;

/** A reference with the marked name of what it belongs to: `C-1042 «Jane Smith»`. Whatever else it says is marked. */
const isNamed = (text: string, { isReference }: Vocabulary): boolean =>
  text.endsWith('»') && isReference(/^(\S+) «[^«»]*»$/.exec(text)?.[1] ?? '');

const isNumber = new RegExp(
  `^(?:${[
    String.raw`[\d+().,:/$%#-]*`,
    String.raw`\d+h\d*m?|\d+m`,
    String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?`,
    '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  ].join('|')})$`,
);
