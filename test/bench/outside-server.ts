import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { openOutside } from './outside-tables.ts';
import { announce, givenAddress } from './servers.ts';

// A process of its own: `node:http` around the statements of outside-tables.ts, for comparison.

const outside = openOutside(givenAddress(), z.string().parse(process.argv[3]), 20);

const server = createServer((request, response) => {
  answer(request)
    .then(data => {
      const body = JSON.stringify({ success: true, data });
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        .end(body);
    })
    .catch((error: unknown) => response.writeHead(500).end(String(error)));
});
// Its clients come back when it is their turn again.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => announce(server));

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'POST') {
    let text = '';
    for await (const chunk of request) text += chunk;
    return outside.create(JSON.parse(text).data);
  }
  const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const [text, like] = [searchParams.get('text'), searchParams.get('like')];
  if (text !== null) return outside.find(text);
  return like === null ? outside.list() : outside.findAlike(like);
}
