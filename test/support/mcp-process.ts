import { afterAll, beforeAll } from 'vitest';
import { type Office, openOfficeOfToday } from './office.ts';
import { fastProgram, startFastServer } from './one-file.ts';
import { type RunningServer, temporaryFolder } from './process.ts';
import { databaseUrl } from './two-servers.ts';

/** An office that programs reach as people's do: a server, and a command that speaks on stdin and stdout. */
export interface McpProcess {
  office: Office;
  url: string;
  key: string;
  command: { command: string; args: string[]; env: Record<string, string>; stderr: 'ignore' };
}

/** Starts a server before the tests of a file; two customers are called Ann Quill, C-1001 and C-1002. */
export function useMcpProcess(): () => McpProcess {
  let desk: McpProcess | undefined;
  let server: RunningServer | undefined;
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const office = await openOfficeOfToday();
    const { bright, done, database } = office;
    for (const phone of ['(256) 555-0171', '(256) 555-0172'])
      await done(bright.owner, 'contact.create', { full_name: 'Ann Quill', phone });
    const env = {
      DATABASE_URL: databaseUrl(database.address),
      DATABASE_OWNER_URL: databaseUrl(database.admin),
      DESKHAND_DATA: folder.path,
      DESKHAND_DEMO: '0',
    };
    server = await startFastServer(env);
    const [command, ...before] = await fastProgram();
    const { PATH = '', HOME = '' } = process.env;
    const { key } = bright.agent;
    desk = {
      office,
      url: server.baseUrl,
      key,
      command: {
        command,
        args: [...before, 'mcp'],
        env: { PATH, HOME, ...env, DESKHAND_KEY: key },
        stderr: 'ignore',
      },
    };
  });
  afterAll(async () => {
    await server?.stop();
    await desk?.office.db.close();
    await desk?.office.database.close();
    await folder?.remove();
  });
  return () => {
    if (!desk) throw new Error('the server starts in beforeAll');
    return desk;
  };
}
