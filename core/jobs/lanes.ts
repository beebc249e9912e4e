import type { GivenConnectors } from '../kernel/outside/connectors.ts';
import type { LaneName } from './queries.ts';

/** Jobs that are worked off by themselves, so many at a time. */
export interface Lane {
  name: LaneName;
  slots: number;
  /** For what goes through the mail service: one by one, so far apart, all processes together; 0 is as fast as it goes. */
  spacing_ms?: number;
}

/** As many mails are under way at once as the service takes in a second or so: one that hangs does not hold up the rest. */
const slotsAt = (spacing_ms: number): number =>
  spacing_ms === 0 ? 8 : Math.min(8, Math.max(3, Math.ceil(1_000 / spacing_ms)));

/**
 * The lanes of a worker. Sign-in links overtake the mails to customers, for somebody sits and waits; timers of messages,
 * thousands of which may be due at nine o'clock, leave room for what else happens in a business.
 */
export function lanesOf(concurrency: number, { mail }: GivenConnectors): Lane[] {
  const spacing_ms = mail?.spacing_ms ?? 0;
  // Where nobody can tell a mail from its double, one is under way: a process that dies doubles one at most.
  const slots = mail?.knows_ids ? slotsAt(spacing_ms) : 1;
  return [
    { name: 'general', slots: concurrency },
    { name: 'timers', slots: Math.max(1, Math.ceil(concurrency / 2)) },
    { name: 'sign_in', slots: Math.min(2, slots), spacing_ms },
    { name: 'mail', slots, spacing_ms },
  ];
}
