import type { Registry } from '../core/kernel/registry/registry.ts';
import type { ErrorDetails } from '../core/kernel/words/errors.ts';
import { DeskhandError, describeError } from '../core/kernel/words/errors.ts';
import { quote, unquote } from '../core/kernel/words/quote.ts';
import { localTime, weekdays } from '../core/kernel/words/time.ts';
import { functionKinds } from '../core/search/functions.ts';
import type { ToolAnswer } from './tool.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** What the strings of an answer are, where nothing else says so. */
type Wording =
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

interface Place {
  vocabulary: Vocabulary;
  /** Undefined: times stay as they are. */
  timeZone: string | undefined;
  wording: Wording;
  /** Includes that show rows of others than the owner alone, also with what is the owner’s own. */
  theirIncludes: ReadonlySet<string>;
}

/**
 * Makes answers out of what the core answers: the same facts with fewer tokens. Nothing, empty lists and ids beside a
 * reference are left out; times are local with weekday and offset. Text that people wrote stands in « », so that it is
 * never taken for an instruction (architecture §6): names of customers and strangers as well as notes. It is marked
 * unless it is known to be ours, so that a member somebody adds tomorrow is marked before anybody thinks of it.
 */
export interface Presenter {
  /** `of` is the data type, action or workflow the value comes from. */
  compact(value: unknown, timeZone: string, of: string): unknown;
  /** Every member of an answer, even when empty: its schema promises them. */
  compactEach(data: Record<string, unknown>, timeZone: string, of: string): Record<string, unknown>;
  /** Sentences of the software that mark what they quote. */
  compactMarked(value: unknown, timeZone: string): unknown;
  /** A refusal as a tool error with all that helps to correct the call. A defect is thrown on, to be logged and hidden. */
  refuse(error: unknown): ToolAnswer;
}

export function presenter(registry: Registry): Presenter {
  let includes: ReadonlySet<string> | undefined;
  const place = (timeZone: string | undefined, wording: Wording): Place => {
    includes ??= includesOfTheirs(registry);
    return { vocabulary: vocabularyOf(registry), timeZone, wording, theirIncludes: includes };
  };
  return {
    compact: (value, timeZone, of) => compact(value, '', place(timeZone, wordingOf(registry, of, value))),
    compactEach: (data, timeZone, of) => {
      const there = place(timeZone, wordingOf(registry, of, data));
      return Object.fromEntries(
        Object.entries(data).map(([name, member]) => [name, compact(member, name, there)]),
      );
    },
    compactMarked: (value, timeZone) => compact(value, '', place(timeZone, 'marked')),
    refuse(error) {
      const described = describeError(error);
      const there = place(error instanceof DeskhandError ? error.time_zone : undefined, 'refusal');
      if (described.code === 'INTERNAL_ERROR') throw error;
      const { type: _type, title: _title, status: _status, detail: _detail, ...known } = described;
      const facts: ErrorDetails = Object.fromEntries(
        Object.entries(known)
          .filter(([, member]) => !isNothing(member))
          .map(([name, member]) => [name, compact(member, name, there)]),
      );
      return { structured: { error: facts }, text: JSON.stringify({ error: facts }), isError: true };
    },
  };
}

function wordingOf(registry: Registry, of: string, value: unknown): Wording {
  if (registry.workflows.get(of)?.spec.is_marked) return 'marked';
  if (of === 'search' && isFunctionality(value)) return 'marked';
  const view = registry.views.get(of) ?? registry.views.get(registry.records.get(of)?.plural ?? '');
  const name = view?.spec.domain ?? of.split('.')[0];
  const domain = registry.domains.find(each => each.name === name);
  // Catalog, people, agents, levels: the owner's own, and no customer's.
  return view?.spec.whose ?? domain?.whose ?? 'theirs';
}

/** The vans of a member: people are the owner’s own, what is written about a van need not be. */
function includesOfTheirs(registry: Registry): ReadonlySet<string> {
  const isTheirs = (record: string) => wordingOf(registry, record, undefined) !== 'ours';
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
  ...['undone', 'took_back', 'not_sent', 'stays'],
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

function compact(value: unknown, name: string, place: Place): unknown {
  if (Array.isArray(value)) return value.map(item => compact(item, name, place));
  if (typeof value === 'string') return word(value, name, place);
  if (typeof value !== 'object' || value === null) return value;
  if (isChange(value)) {
    // What was nothing before says so by its absence.
    const sides = Object.entries(value).filter(([side, member]) => side === 'new' || member !== null);
    return Object.fromEntries(sides.map(([side, member]) => [side, compact(member, name, place)]));
  }
  return compactMembers(value, name, inside(name, place));
}

function inside(name: string, place: Place): Place {
  if (place.wording === 'named by them') return place;
  if (place.wording === 'ours' && place.theirIncludes.has(name)) return { ...place, wording: 'theirs' };
  if (namedByThem.has(name) || place.vocabulary.isNamedByThem(name))
    return { ...place, wording: 'named by them' };
  // What became of a request, and why a previewed call would wait.
  return name === 'error' || name === 'needs_authorization' ? { ...place, wording: 'refusal' } : place;
}

function compactMembers(value: object, name: string, place: Place): unknown {
  if ('id' in value && 'name' in value && typeof value.name === 'string' && Object.keys(value).length === 2) {
    return word(value.name, name, place);
  }
  const members: [string, unknown][] = [];
  for (const [member, held] of Object.entries(value)) {
    if (isNothing(held) || forPrograms.has(member) || isSaidBeside(member, held, value)) continue;
    const key =
      member === 'position' && 'id' in value ? partKey(name) : plainKey.test(member) ? member : quote(member);
    members.push([
      key,
      member === 'actor_name' ? actorName(value, String(held)) : compact(held, member, place),
    ]);
  }
  return Object.fromEntries(members);
}

function isSaidBeside(member: string, held: unknown, beside: object): boolean {
  // A reference, or the number of a line on its ticket, says which one is meant in fewer tokens than the id.
  if (member === 'id')
    return (
      'reference' in beside ||
      'position' in beside ||
      (typeof held === 'object' && held !== null && isChange(held))
    );
  return member.endsWith('_local') && `${member.slice(0, -6)}_at` in beside;
}

/** A part of a record is addressed by its number: `line_id` of `lines`. */
const partKey = (list: string): string => (list.endsWith('s') ? `${list.slice(0, -1)}_id` : 'position');

const plainKey = /^[\w.:-]+$/;

/** People and agents are the owner's; whoever answers a link from outside chose the name. */
function actorName(entry: object, name: string): string {
  const kind = 'actor_kind' in entry ? entry.actor_kind : undefined;
  return kind === 'user' || kind === 'agent' || kind === 'system' ? withoutMarks(name) : quote(name);
}

function word(text: string, name: string, { vocabulary, timeZone, wording }: Place): string {
  if (timeZone !== undefined && name.endsWith('_at') && isTimestamp(text)) return localTime(text, timeZone);
  if (wording === 'marked' || isFact(text, vocabulary) || vocabulary.has(name, text)) return text;
  if (isNamed(text, vocabulary)) return text;
  if (wording === 'ours') return withoutMarks(text);
  if (wording === 'named by them') return quote(text);
  if (sentences.has(name) || (wording === 'refusal' && sentencesOfRefusals.has(name))) return text;
  const isOwners = ownersNames.has(name) || vocabulary.isOurs(name);
  return isOwners || (wording !== 'refusal' && vocabulary.pointsToOurs(name))
    ? withoutMarks(text)
    : quote(text);
}

/** What is not marked must not look as if it began or ended something that is. */
const withoutMarks = (text: string): string => text.replace(/[«»]/g, '"');

/**
 * Whether a text says nothing but a reference, a number, a time or an id: `T-2001 Wed 2026-11-18 09:00 -06:00`, `3h22m`,
 * `(256) 555-0142`. At most two letters, such as a state, are no sentence either.
 */
function isFact(text: string, vocabulary: Vocabulary): boolean {
  if (/^[A-Z]{0,2}$/.test(text)) return true;
  if (isNumber.test(text)) return true;
  if (text.length > 100 || inWords.test(text)) return false;
  const [first = '', ...others] = text.split(' ');
  const rest = vocabulary.isReference(first) ? others : [first, ...others];
  const [day = '', ...times] = rest;
  return (weekdays.some(weekday => weekday === day) ? times : rest).every(part => isNumber.test(part));
}

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

/** `{old, new}` of the audit trail: both sides are values of the member it belongs to. */
function isChange(value: object): value is { old?: unknown; new?: unknown } {
  const names = Object.keys(value);
  return names.length > 0 && names.every(name => name === 'old' || name === 'new');
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const isTimestamp = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(text);

/** What an agent hands back as it was answered to it, without our marks. */
export function unmark(value: unknown): unknown {
  if (typeof value === 'string') return unquote(value);
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unmark(member)]));
}

/** The answer of a tool: the same compact facts for clients that show the model only one of the two. */
export function answer(structured: Record<string, unknown>): ToolAnswer {
  return { structured, text: JSON.stringify(structured) };
}
