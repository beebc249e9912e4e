import { quote } from '../core/kernel/words/quote.ts';
import { localTime } from '../core/kernel/words/time.ts';
import type { Manner, Member } from './wording.ts';

// How values become shorter, and whose words are marked (`present.ts` says what for).

export interface Place {
  manner: Manner;
  /** Undefined: times stay as they are. */
  timeZone: string | undefined;
}

/** What is inside of a member, as an agent reads it. */
export function compact(value: unknown, member: Member, place: Place): unknown {
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

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

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
    const said =
      name === 'actor_name' && typeof held === 'string'
        ? actorName(value, held)
        : compact(held, member, place);
    if (key !== '__proto__') members[key] = said;
    else Object.defineProperty(members, key, { value: said, enumerable: true });
  }
  return members;
}

/** Whether what a member says stands beside it in another one. */
export function isSaidBeside({ name, saidBy }: Member, held: unknown, beside: object): boolean {
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

const word = (text: string, member: Member, place: Place): string =>
  isMarked(text, member, place) ? quote(text) : ownWord(text, member, place);

/** Whether anybody may have written a text, so that it stands in marks. */
export const isMarked = (text: string, member: Member, place: Place): boolean =>
  member.words === 'theirs' && !isMoment(text, member, place) && !place.manner.isOurOwn(text, member);

/** How a text stands that is not marked. */
export function ownWord(text: string, member: Member, place: Place): string {
  const { manner, timeZone } = place;
  if (timeZone !== undefined && isMoment(text, member, place)) return localTime(text, timeZone);
  if (member.words !== 'ours' || !hasMark.test(text) || manner.isOurOwn(text, member)) return text;
  return withoutMarks(text);
}

const isMoment = (text: string, { isTime }: Member, { timeZone }: Place): boolean =>
  isTime && timeZone !== undefined && isTimestamp(text);

const hasMark = /[«»]/;

/** What is not marked must not look as if it began or ended something that is. */
const withoutMarks = (text: string): string => text.replace(/[«»]/g, '"');

/** `{old, new}` of the audit trail: both sides are values of the member it belongs to. */
function isChange(value: object): value is { old?: unknown; new?: unknown } {
  return (
    ('new' in value || 'old' in value) && Object.keys(value).every(name => name === 'old' || name === 'new')
  );
}

export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const isTimestamp = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(text);
