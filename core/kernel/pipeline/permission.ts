import type { Level, ReadContext } from './context.ts';

type Parsed = Record<string, unknown>;

/** A condition that raises the level of an action, read from the record it would touch (MAQ-13…15). */
export interface Rule<Input = Parsed> {
  /** Stable name, stored with requests and grants: `delete_with_history`. */
  name: string;
  level: Level;
  /** The condition in words, for capabilities and the permission page. */
  summary: string;
  /** Why the rule fires for this call, in words an owner reads; undefined when it does not fire. */
  applies(context: ReadContext, input: Input): Promise<string | undefined>;
}

/** How an agent may use an action. People are bound by `roles` instead (decision 4). */
export interface Permission<Input = Parsed> {
  level: Level;
  rules?: readonly Rule<Input>[];
  /**
   * How much money a call moves, in minor units of the business's own currency: a grant may be bound to an amount. Undefined for
   * other money, which no amount covers.
   */
  amount?(context: ReadContext, input: Input): Promise<number | undefined>;
  /**
   * What goes out by it, in words: nobody lets an agent do it alone without a sum a day. A grant has one, and no level looser than
   * its own can be set (decision 033).
   */
  never_without_sum?: string;
}
