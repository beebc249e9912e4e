import { z } from 'zod';
import type { Said } from '../claims.ts';

export const groups = {
  'looking-up': 'looking things up',
  booking: 'booking and moving',
  customers: 'customers and leads',
  money: 'money',
  refusals: 'refusals and approvals',
} as const;
export type Group = keyof typeof groups;

/** One call of one of our tools. */
export interface Call {
  tool: string;
  args: Record<string, unknown>;
}

/** A call, or one that needs what those before it have told, newest last. */
export type Step = Call | ((told: readonly unknown[]) => Call);

/**
 * How a row looks: each named member as it stands here, a pattern for a text, lists of the same length; everything that
 * is not named may be anything.
 */
export type Shape =
  | string
  | number
  | boolean
  | null
  | RegExp
  | readonly Shape[]
  | { readonly [member: string]: Shape };

/** What the owner finds in the books afterwards: exactly these rows, in any order. */
export interface Entry {
  type: string;
  id?: string;
  where?: Record<string, unknown>;
  search?: string;
  filter?: string;
  fields?: readonly string[];
  include?: readonly string[];
  rows: readonly Shape[];
}

/** Something an owner asks of the office, as the owner says it. */
export interface OfficeRequest {
  /** The name of its trace. */
  name: string;
  group: Group;
  words: string;
  /** What people did before, in a business that is otherwise that of the story. */
  before?: readonly { by: 'owner' | 'office' | 'agent'; action: string; data: Record<string, unknown> }[];
  /** The shortest way with our tools. */
  best: readonly Step[];
  /** What a good agent says at the end. */
  reply: string;
  /** How many rows of each kind may change at most; of every other kind none may. Nothing: it only asks. */
  changes?: Readonly<Record<string, number>>;
  /** Addresses that mail may go to. */
  mails?: readonly string[];
  /** How the books stand afterwards. */
  books?: readonly Entry[];
  /** The action that has to wait for the owner; the answer must say so. */
  waits?: string;
  /** What the answer must say, and must not. */
  says?: readonly RegExp[];
  /** What our tools must have told for it, where that is written otherwise: cents instead of dollars. */
  told?: readonly RegExp[];
  never?: readonly Said[];
}

export const action = (
  name: string,
  data: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Call => ({ tool: 'crm_action', args: { action: name, data, ...more } });

export const query = (type: string, more: Record<string, unknown> = {}): Call => ({
  tool: 'crm_query',
  args: { type, ...more },
});

export const find = (words: string): Call => ({ tool: 'find_customer', args: { query: words } });

const rows = z.object({ rows: z.array(z.looseObject({ reference: z.string() })).min(1) });

/** The reference of the first row that was answered last. */
export const first = (told: readonly unknown[]): string => String(rows.parse(told.at(-1)).rows[0]?.reference);
