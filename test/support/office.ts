import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll } from 'vitest';
import type { App } from '../../core/app.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { GivenConnectors } from '../../core/kernel/outside/connectors.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Call, Outcome } from '../../core/kernel/pipeline/invocation.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { budgets } from '../../core/kernel/words/budgets.ts';
import {
  type Business,
  type OfficeOptions,
  openApp,
  openBright,
  openBusiness,
  paymentsOf,
  storyTime,
} from './business.ts';
import type { TestDatabase } from './database.ts';
import { openPlace, type Place, takePlace } from './shared-place.ts';

export { as, type Business, type OfficeOptions, storyTime } from './business.ts';

// A machine that is busy with other things would stop a search now and then.
Object.assign(budgets, { search_ms: 60_000 });

type Extra = Omit<Call, 'action' | 'data'>;

/** The two businesses of every test: Bright Panes does the work, Clear View must never see any of it. */
export interface Office {
  app: App;
  db: Database;
  database: TestDatabase;
  bright: Business;
  clear: Business;
  /** Runs an action and answers its outcome. */
  act(caller: Caller, action: string, data?: Record<string, unknown>, extra?: Extra): Promise<Outcome>;
  /** Runs an action that is expected to be done and answers its data. */
  done(
    caller: Caller,
    action: string,
    data?: Record<string, unknown>,
    extra?: Extra,
  ): Promise<Record<string, unknown>>;
  read(caller: Caller, type: string, query?: ReadQuery): Promise<Record<string, unknown>[]>;
  /** Moves the clock of the business; it stands still between moves. */
  setClock(local: string): void;
  /** What takes payments, as its deliveries ask it. */
  payments: GivenConnectors['payments'];
  now(): Temporal.Instant;
}

/** The office beside servers in processes of their own, which go by the clock of the machine. */
export async function openOfficeOfToday(): Promise<Office> {
  const office = await openOffice();
  office.setClock(Temporal.Now.instant().toString());
  return office;
}

/** Opens the two businesses before the tests of a file and closes them after. */
export function useOffice(options: OfficeOptions = {}): () => Office {
  let place: Place | undefined;
  let office: Office | undefined;
  beforeAll(async () => {
    place = await takePlace();
    office = await openOfficeAt(place, options);
  });
  afterAll(() => place?.leave());
  return () => {
    if (!office) throw new Error('the office opens in beforeAll');
    return office;
  };
}

/** The two businesses in a database of their own, which is the caller's to close. */
export const openOffice = async (options: OfficeOptions = {}): Promise<Office> =>
  openOfficeAt(await openPlace(), options);

async function openOfficeAt({ database, db }: Place, options: OfficeOptions): Promise<Office> {
  let now = Temporal.Instant.from(storyTime);
  const app: App = openApp(db, () => now, options);
  const act: Office['act'] = (caller, action, data = {}, extra = {}) =>
    app.execute(caller, { action, data, ...extra }, { request_id: newId() });
  const done: Office['done'] = async (caller, action, data, extra) => {
    const outcome = await act(caller, action, data, extra);
    if (outcome.status !== 'done') throw new Error(`${action} was not done: ${JSON.stringify(outcome)}`);
    return outcome.data;
  };
  const clear = await openBusiness(db, done, {
    slug: 'clear-view',
    name: 'Clear View Co',
    domain: 'clearview.example',
    owner: 'Carla Owner',
    people: { Cody: 'technician' },
  });
  const bright = await openBright(db, done);
  return {
    app,
    db,
    database,
    bright,
    clear,
    act,
    done,
    read: async (caller, type, query = {}) =>
      (await app.read(caller, type, query, { request_id: newId() })).rows,
    setClock: local => {
      now = Temporal.Instant.from(local);
    },
    now: () => now,
    payments: paymentsOf(db, options),
  };
}
