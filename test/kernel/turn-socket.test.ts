import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { turnSocket } from '../../core/kernel/database/turn-socket.ts';
import { soon } from '../support/patience.ts';

const open: { destroy(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.destroy();
});

/** Connects a socket, writes three times in one turn, and twice more in the next; answers how it was sent and what came. */
async function sendThrough(socket: Socket) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  const arriving = once(server, 'connection');
  socket.connect(address.port, '127.0.0.1');
  await once(socket, 'connect');
  const [other] = await arriving;
  open.push(socket, other, { destroy: () => server.close() });
  const alone = vi.spyOn(socket, '_write');
  const together = vi.spyOn(socket, '_writev');
  let came = '';
  other.on('data', (chunk: Buffer) => {
    came += chunk.toString();
  });
  for (const text of ['begin;', 'select 1;', 'select 2;']) socket.write(text);
  await new Promise(resolve => setImmediate(resolve));
  socket.write('select 3;');
  await Promise.resolve();
  socket.write('commit;');
  await vi.waitFor(() => expect(came).toBe('begin;select 1;select 2;select 3;commit;'), soon);
  return { alone: alone.mock.calls.length, together: together.mock.calls.length };
}

describe('the statements of one turn', () => {
  test('leave together, those of the next turn after them', async () => {
    expect(await sendThrough(turnSocket())).toEqual({ alone: 0, together: 2 });
  });

  test('would leave one by one from any other socket', async () => {
    expect(await sendThrough(new Socket())).toMatchObject({ alone: 5 });
  });
});
