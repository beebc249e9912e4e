import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';

/** Stands between a program and its PostgreSQL, and hangs up when it is told to. */
export interface HangingUp {
  address: DatabaseAddress;
  /** The next COMMIT reaches the server or not; its answer never comes back. */
  atCommit(how: 'before it' | 'after it'): void;
  /** Hangs up on everybody and lets nobody in until the work is done. */
  away(work: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

export async function openHangingUp(to: DatabaseAddress): Promise<HangingUp> {
  let armed: 'before it' | 'after it' | undefined;
  let isAway = false;
  const open = new Set<Socket>();
  const server = createServer(client => {
    if (isAway) return void client.destroy();
    const behind = to.host.startsWith('/')
      ? connect(`${to.host}/.s.PGSQL.${to.port}`)
      : connect(to.port, to.host);
    const hangUp = () => {
      client.destroy();
      behind.destroy();
    };
    for (const socket of [client, behind]) {
      open.add(socket);
      socket.on('error', hangUp);
      socket.once('close', () => {
        open.delete(socket);
        hangUp();
      });
    }
    const statementsOf = frontend();
    // Of reads nobody waits for the end.
    let writes = false;
    let commits = false;
    client.on('data', data => {
      for (const text of statementsOf(data)) {
        if (text.startsWith('begin')) writes = text === 'begin read write';
        commits = writes && text === 'commit';
        if (armed === 'before it' && commits) {
          armed = undefined;
          return hangUp();
        }
      }
      behind.write(data);
    });
    behind.on('data', data => {
      // What a server says of a COMMIT that is done.
      if (armed === 'after it' && commits && data.includes('COMMIT\0')) {
        armed = undefined;
        return hangUp();
      }
      client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a port was asked for');
  return {
    address: { ...to, host: '127.0.0.1', port: bound.port },
    atCommit: how => {
      armed = how;
    },
    async away(work) {
      isAway = true;
      for (const socket of open) socket.destroy();
      await work();
      isAway = false;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const [parse, bind] = [0x50, 0x42];

/** Reads what a client of PostgreSQL sends, and tells which statements are to be run: by their texts, whatever they are named. */
function frontend(): (data: Buffer) => string[] {
  const texts = new Map<string, string>();
  let rest: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  return data => {
    rest = Buffer.concat([rest, data]);
    const found: string[] = [];
    for (;;) {
      // Only the first message has no type.
      const start = hasStarted ? 1 : 0;
      if (rest.length < start + 4) return found;
      const end = start + rest.readInt32BE(start);
      if (rest.length < end) return found;
      const [first = '', second = ''] = rest.toString('utf8', start + 4, end).split('\0');
      if (hasStarted && rest[0] === parse) texts.set(first, second);
      if (hasStarted && rest[0] === bind) found.push(texts.get(second) ?? '');
      hasStarted = true;
      rest = rest.subarray(end);
    }
  };
}
