import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';

/** A server in a process of its own, so that neither it nor the client takes the other's processor time. */
export interface Child {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

const ready = z.object({ port: z.number() });

/** Starts one of the servers on a database. Its log goes to a file, as in life. */
export async function startServer(
  kind: 'bare' | 'deskhand' | 'outside',
  address: DatabaseAddress,
  logFile: string,
  more: readonly string[] = [],
): Promise<Child> {
  const program = fileURLToPath(new URL(`./${kind}-server.js`, import.meta.url));
  const log = openSync(logFile, 'a');
  const child = fork(program, [JSON.stringify(address), ...more], {
    stdio: ['ignore', 'ignore', log, 'ipc'],
    // As `npm start` and the image have it; the others as well.
    execArgv: ['--max-semi-space-size=32'],
  });
  closeSync(log);
  const [message] = await Promise.race([once(child, 'message'), ended(child)]);
  return {
    ...ready.parse(message),
    pid: child.pid ?? 0,
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`a server of the benchmark ended with ${code} before it listened; see its log`);
}

const addressShape = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  database: z.string(),
  password: z.string().exactOptional(),
});

/** In the child: the database it was given. */
export const givenAddress = (): DatabaseAddress => addressShape.parse(JSON.parse(process.argv[2] ?? ''));

/** In the child: tells the parent where it listens, and ends with it. */
export function announce(server: Server): void {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
  process.once('disconnect', () => process.exit());
}

/** What `deskhand`, as it is built, is told of a database: with nothing in it but what the benchmark put there. */
export const environmentOf = (
  dataDir: string,
  { host, port, user, database }: DatabaseAddress,
): NodeJS.ProcessEnv => {
  const urlOf = (login: string) =>
    `postgres://${login}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  return {
    ...process.env,
    DATABASE_URL: urlOf(user),
    DATABASE_OWNER_URL: urlOf('postgres'),
    DESKHAND_DATA: dataDir,
    DESKHAND_DEMO: '0',
  };
};
