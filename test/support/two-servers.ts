import { afterAll, beforeAll } from 'vitest';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import type { Session } from './call-action.ts';
import { type Business, type Office, openOfficeOfToday } from './office.ts';
import { startFastServer } from './one-file.ts';
import { letStatementsWait } from './patient-statements.ts';
import { type RunningServer, temporaryFolder } from './process.ts';
import { openSessions } from './sessions.ts';

/** The two businesses on one database, served by two processes. */
export interface TwoServers {
  office: Office;
  servers: readonly [RunningServer, RunningServer];
  /** Where the servers write their mails. */
  dataDir: string;
  /** Keys of Bright Panes' agents: so many that no key comes near its calls per minute. */
  keys: readonly string[];
  /** Browsers of Dana at the desk, who is not counted as agents are: what they do many times is their business. */
  desk: readonly Session[];
}

/** Starts two servers before the tests of a file and stops them after. */
export function useTwoServers(): () => TwoServers {
  let two: TwoServers | undefined;
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const office = await openOfficeOfToday();
    await letStatementsWait(office.database.admin);
    const env = {
      DATABASE_URL: databaseUrl(office.database.address),
      DATABASE_OWNER_URL: databaseUrl(office.database.admin),
      DESKHAND_DATA: folder.path,
      DESKHAND_DEMO: '0',
    };
    const servers = await Promise.all([startFastServer(env), startFastServer(env)]);
    const { bright, database } = office;
    const desk = await openSessions(database.owner, bright.id, bright.people.Dana?.id ?? '', 20);
    two = { office, servers, dataDir: folder.path, keys: await makeKeys(office, bright), desk };
  });
  afterAll(async () => {
    await Promise.all(two?.servers.map(server => server.stop()) ?? []);
    await two?.office.db.close();
    await two?.office.database.close();
    await folder?.remove();
  });
  return () => {
    if (!two) throw new Error('the servers start in beforeAll');
    return two;
  };
}

/** As people write it into DATABASE_URL. */
export function databaseUrl({ host, port, user, database }: DatabaseAddress): string {
  return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

async function makeKeys({ done }: Office, { owner }: Business): Promise<string[]> {
  const keys: string[] = [];
  for (const name of ['Front desk', 'Night shift', 'Dispatcher', 'Call centre']) {
    const { id } = await done(owner, 'agent.create', { name });
    for (let n = 0; n < 5; n++) {
      keys.push(String((await done(owner, 'agent.create_key', { agent_id: String(id) })).key));
    }
  }
  return keys;
}
