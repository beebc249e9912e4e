import type { Registry } from '../core/kernel/registry/registry.ts';
import type { ErrorDetails } from '../core/kernel/words/errors.ts';
import { DeskhandError, describeError } from '../core/kernel/words/errors.ts';
import { quote, unquote } from '../core/kernel/words/quote.ts';
import { localTime } from '../core/kernel/words/time.ts';
import type { ToolAnswer } from './tool.ts';
import { type Manner, type Member, mannerOf, type Wording, wordingOf } from './wording.ts';

interface Place {
  manner: Manner;
  /** Undefined: times stay as they are. */
  timeZone: string | undefined;
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
  const place = (timeZone: string | undefined, wording: Wording): Place => ({
    manner: mannerOf(registry, wording),
    timeZone,
  });
  const whole = (value: unknown, there: Place) => compact(value, there.manner.member(''), there);
  const each = (data: object, there: Place) =>
    Object.fromEntries(
      Object.entries(data).map(([name, held]) => [name, compact(held, there.manner.member(name), there)]),
    );
  return {
    compact: (value, timeZone, of) => whole(value, place(timeZone, wordingOf(registry, of, value))),
    compactEach: (data, timeZone, of) => each(data, place(timeZone, wordingOf(registry, of, data))),
    compactMarked: (value, timeZone) => whole(value, place(timeZone, 'marked')),
    refuse(error) {
      const described = describeError(error);
      const there = place(error instanceof DeskhandError ? error.time_zone : undefined, 'refusal');
      if (described.code === 'INTERNAL_ERROR') throw error;
      const { type: _type, title: _title, status: _status, detail: _detail, ...known } = described;
      const said = Object.entries(known).filter(([, member]) => !isNothing(member));
      const facts: ErrorDetails = each(Object.fromEntries(said), there);
      return { ...answer({ error: facts }), isError: true };
    },
  };
}

function compact(value: unknown, member: Member, place: Place): unknown {
  if (typeof value === 'string') return word(value, member, place);
  if (Array.isArray(value)) return value.map(item => compact(item, member, place));
  if (!isMembers(value)) return value;
  if (isChange(value)) {
    // What was nothing before says so by its absence.
    const sides = Object.entries(value).filter(([side, held]) => side === 'new' || held !== null);
    return Object.fromEntries(sides.map(([side, held]) => [side, compact(held, member, place)]));
  }
  const { inside } = member;
  return compactMembers(value, member, inside === place.manner ? place : { ...place, manner: inside });
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

function compactMembers(value: Members, of: Member, place: Place): unknown {
  if ('id' in value && 'name' in value && typeof value.name === 'string' && Object.keys(value).length === 2) {
    return word(value.name, place.manner.member(of.name), place);
  }
  const members: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const held = value[name];
    if (isNothing(held)) continue;
    const member = place.manner.member(name);
    if (member.isForPrograms || isSaidBeside(member, held, value)) continue;
    const key = name === 'position' && 'id' in value ? partKey(of.name) : member.key;
    const said = name === 'actor_name' ? actorName(value, String(held)) : compact(held, member, place);
    if (key !== '__proto__') members[key] = said;
    else Object.defineProperty(members, key, { value: said, enumerable: true });
  }
  return members;
}

function isSaidBeside({ name, saidBy }: Member, held: unknown, beside: object): boolean {
  // A reference, or the number of a line on its ticket, says which one is meant in fewer tokens than the id.
  if (name === 'id')
    return (
      'reference' in beside ||
      'position' in beside ||
      (typeof held === 'object' && held !== null && isChange(held))
    );
  return saidBy !== undefined && saidBy in beside;
}

/** A part of a record is addressed by its number: `line_id` of `lines`. */
const partKey = (list: string): string => (list.endsWith('s') ? `${list.slice(0, -1)}_id` : 'position');

/** People and agents are the owner's; whoever answers a link from outside chose the name. */
function actorName(entry: object, name: string): string {
  const kind = 'actor_kind' in entry ? entry.actor_kind : undefined;
  return kind === 'user' || kind === 'agent' || kind === 'system' ? withoutMarks(name) : quote(name);
}

function word(text: string, member: Member, { manner, timeZone }: Place): string {
  if (member.isTime && timeZone !== undefined && isTimestamp(text)) return localTime(text, timeZone);
  if (member.words === 'as they are' || (member.words === 'ours' && !hasMark.test(text))) return text;
  if (manner.isOurOwn(text, member)) return text;
  return member.words === 'ours' ? withoutMarks(text) : quote(text);
}

const hasMark = /[«»]/;

/** What is not marked must not look as if it began or ended something that is. */
const withoutMarks = (text: string): string => text.replace(/[«»]/g, '"');

/** `{old, new}` of the audit trail: both sides are values of the member it belongs to. */
function isChange(value: object): value is { old?: unknown; new?: unknown } {
  return (
    ('new' in value || 'old' in value) && Object.keys(value).every(name => name === 'old' || name === 'new')
  );
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const isTimestamp = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(text);

/** What an agent hands back as it was answered to it, without our marks: mostly there are none, and it is the same value. */
export function unmark(value: unknown): unknown {
  if (typeof value === 'string') return unquote(value);
  if (Array.isArray(value)) return value.map(unmark);
  if (!isMembers(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name];
    const plain = unmark(member);
    if (plain === member) continue;
    copy ??= { ...value };
    copy[name] = plain;
  }
  return copy ?? value;
}

/** The answer of a tool: the same compact facts for clients that show the model only one of the two. */
export function answer(structured: Record<string, unknown>): ToolAnswer {
  return { structured, text: JSON.stringify(structured), is_json: true };
}
