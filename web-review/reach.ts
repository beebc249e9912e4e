import { z } from 'zod';
import { formatPhone } from '../core/kernel/words/phone.ts';

/** What an address of mail or a telephone number of several says of itself, and nothing more: what says more is shown with all of it. */
const reachable = z.strictObject({
  email: z.string().optional(),
  number: z.string().optional(),
  type: z.string().optional(),
  primary: z.boolean().optional(),
});

interface Reach {
  email: string | undefined;
  number: string | undefined;
  /** `mobile`, `primary`; nothing of one that is like any other. */
  kinds: string[];
}

/** Reads one of several ways to reach somebody; undefined for anything else. */
export function reachOf(value: unknown): Reach | undefined {
  const { email, number, type, primary } = reachable.safeParse(value).data ?? {};
  if (email === undefined && number === undefined) return undefined;
  const kinds = [type === 'other' ? undefined : type, primary === true ? 'primary' : undefined];
  return { email, number, kinds: kinds.flatMap(kind => kind ?? []) };
}

/** The same in words: `(256) 555-0142 (mobile, primary)`. Without a country the number is said as from abroad. */
export function reachWords(value: unknown, country = ''): string | undefined {
  const reach = reachOf(value);
  if (!reach) return undefined;
  const way = reach.email ?? formatPhone(reach.number ?? '', country);
  return reach.kinds.length > 0 ? `${way} (${reach.kinds.join(', ')})` : way;
}
