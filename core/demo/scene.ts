import type { Temporal } from 'temporal-polyfill';
import type { App } from '../app.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Caller } from '../kernel/pipeline/context.ts';
import type { ReadQuery } from '../kernel/registry/define.ts';

/** Who does what in the demo, and the application they do it with. */
export interface Scene {
  app: App;
  olivia: Caller;
  dana: Caller;
  agent_id: string;
  /** The ids of Theo and Tess. */
  technicians: readonly string[];
  /** What the application takes for now; the present without one. */
  setClock(at: Temporal.Instant | undefined): void;
}

/** Does something as one of the demo; answers what the action answers. */
export const act = async (
  { app }: Scene,
  caller: Caller,
  action: string,
  { reasoning, ...data }: { reasoning?: string } & Record<string, unknown>,
): Promise<Record<string, unknown>> =>
  (
    await app.execute(
      caller,
      { action, data, ...(reasoning === undefined ? {} : { reasoning }) },
      { request_id: newId() },
    )
  ).data;

/** The rows of a list as the owner reads them, one page. */
export const list = async (
  { app, olivia }: Scene,
  type: string,
  query: ReadQuery,
): Promise<Record<string, unknown>[]> =>
  (await app.read(olivia, type, { limit: 100, ...query }, { request_id: newId() })).rows;
