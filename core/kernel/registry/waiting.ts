import type { Sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';

/** Something of a domain that waits for somebody: what comes into the inbox, and is gone from it once it is dealt with. */
export interface WaitingSpec {
  /** `call_backs`; what several domains call the same is counted together. */
  kind: string;
  /** What people call it: `Call-backs`. */
  label: string;
  /** The view that lists it, with the filter or parameters that leave exactly this: whoever may read that sees the count. */
  view: string;
  filter?: string;
  params?: Readonly<Record<string, string>>;
  /** What deals with it, where not everybody who may read it may do that; only who may is told. */
  settled_by?: string;
  /** A select of one row, `count` and `oldest_at`, for this caller. It is asked on every page: it must be cheap. */
  count(context: ReadContext): Sql;
}

export const defineWaiting = (spec: WaitingSpec): WaitingSpec => spec;
