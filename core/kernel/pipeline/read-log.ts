import type { ReadContext } from './context.ts';

/** One look of an agent at the business's data: what it asked for, and which records it got. */
export interface Look {
  /** A view or a workflow: `contacts`. */
  what: string;
  rows: number;
  /** `C-1001`; the first of them. */
  references: string[];
  at: string;
}

const keptMinutes = 30;
const mostLooks = 40;
const mostReferences = 25;
const mostAgents = 1000;

/** As it is noted; the time is written out for those who look at it. */
type Noted = Omit<Look, 'at'> & { at: number };

const looks = new Map<string, Noted[]>();

/**
 * Notes what an agent has just read, so that whoever decides about a mail of its sees what it may hold (security.md, "out by
 * mail"). Kept in the memory of this process for half an hour, names and values never: reading costs no write.
 */
export function noteLook(
  { actor, organization, now }: Pick<ReadContext, 'actor' | 'organization' | 'now'>,
  { what, answer, rows }: { what: string; answer: object; rows: number },
): void {
  if (actor.kind !== 'agent' || actor.id === null) return;
  const key = `${organization.id}:${actor.id}`;
  const references = new Set<string>();
  collectReferences(answer, references);
  const at = now.epochMilliseconds;
  const before = looks.get(key) ?? [];
  // Who has read most recently stands last, so that those who have not for long make room.
  looks.delete(key);
  looks.set(key, [...before, { what, rows, references: [...references], at }].slice(-mostLooks));
  const [oldest] = looks.size > mostAgents ? looks.keys() : [];
  if (oldest !== undefined) looks.delete(oldest);
}

/** What an agent has read in the half hour before `now`, newest first. */
export function listLooks(
  { organization_id, agent_id }: { organization_id: string; agent_id: string },
  now: { epochMilliseconds: number },
): Look[] {
  const since = now.epochMilliseconds - keptMinutes * 60_000;
  return (looks.get(`${organization_id}:${agent_id}`) ?? [])
    .filter(({ at }) => at >= since)
    .map(look => ({ ...look, at: new Date(look.at).toISOString() }))
    .toReversed();
}

/** Every list that is read passes here, so it makes nothing and ends as soon as it has enough. */
function collectReferences(value: object, found: Set<string>): void {
  if (found.size >= mostReferences) return;
  if (Array.isArray(value)) {
    for (const item of value) if (isHolder(item)) collectReferences(item, found);
    return;
  }
  if ('reference' in value && typeof value.reference === 'string') found.add(value.reference);
  for (const name of Object.keys(value)) {
    const member: unknown = Reflect.get(value, name);
    if (isHolder(member)) collectReferences(member, found);
  }
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;
