import { type Contact, type lifecycleStages, withPrimary } from './record.ts';

/** Members the winner takes from the other one where it has none itself. */
const taken = [
  'first_name',
  'last_name',
  'nickname',
  'job_title',
  'company_id',
  'preferred_channel',
  'preferred_language',
  'owner_user_id',
  'source_ref',
] as const;

/** Everything but `lead`: whoever is a customer is one, whatever the other entry says. */
const furthest = [
  'lead',
  'prospect',
  'past_customer',
  'customer',
] as const satisfies (typeof lifecycleStages)[number][];

/**
 * What the winner of a merge becomes (CON-24): its own word stands, the other one fills what it lacks; lists are joined,
 * equal values once. Whoever said under either name that they want no mail wants none. Answers the members that change.
 */
export function combine(winner: Contact, other: Contact): Partial<Contact> {
  const emails = withPrimary(
    [...winner.emails, ...asSecond(other.emails, winner.emails)],
    entry => entry.email,
  );
  const phones = withPrimary(
    [...winner.phones, ...asSecond(other.phones, winner.phones)],
    entry => entry.number,
  );
  const all: Partial<Contact> = {
    ...Object.fromEntries(taken.map(name => [name, winner[name] ?? other[name]])),
    emails,
    phones,
    email: winner.email ?? other.email,
    phone: winner.phone ?? other.phone,
    tags: [...new Set([...winner.tags, ...other.tags])],
    preferences: { ...other.preferences, ...winner.preferences },
    custom_fields: { ...other.custom_fields, ...winner.custom_fields },
    notes: joinTexts(winner.notes, other.notes),
    status: strictest(winner.status, other.status),
    email_opt_in: winner.email_opt_in === false || other.email_opt_in === false ? false : winner.email_opt_in,
    lifecycle_stage:
      furthest.indexOf(other.lifecycle_stage) > furthest.indexOf(winner.lifecycle_stage)
        ? other.lifecycle_stage
        : winner.lifecycle_stage,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name, value]) => !isSame(value, Reflect.get(winner, name))),
  );
}

/** Single values of which the winner had another one: what the merge does not take over, and its preview shows. */
export function dropped(winner: Contact, other: Contact): Record<string, unknown> {
  const lost = [...taken, 'full_name', 'kind'] as const;
  return Object.fromEntries(
    lost
      .filter(name => other[name] !== null && !isSame(winner[name], other[name]) && !name.endsWith('_id'))
      .map(name => [name, other[name]]),
  );
}

/** The other one's ways stand behind the winner's own. */
const asSecond = <T extends { primary: boolean }>(entries: readonly T[], own: readonly T[]): T[] =>
  own.length === 0 ? [...entries] : entries.map(entry => ({ ...entry, primary: false }));

function joinTexts(own: string | null, other: string | null): string | null {
  if (own === null || other === null || own.includes(other)) return own ?? other;
  return other.includes(own) ? other : `${own}\n${other}`;
}

function strictest(own: Contact['status'], other: Contact['status']): Contact['status'] {
  return own === 'unsubscribed' || other === 'unsubscribed' ? 'unsubscribed' : own;
}

/** Whether two values are the same as the database keeps them: the order of members does not count. */
export const isSame = (a: unknown, b: unknown): boolean => written(a) === written(b);

/** A value as a text that is the same for equal ones. */
export const written = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
