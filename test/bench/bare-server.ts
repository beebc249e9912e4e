import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createContact, listContacts, type NewContact, openPool } from './hand-written.ts';
import { announce, givenAddress } from './servers.ts';

// A process of its own: a bare node:http handler around the hand-written statements, for comparison.

const pool = openPool(givenAddress(), 20);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
// Its clients come back when it is their turn again.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => announce(server));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const data =
    request.method === 'GET' ? { rows: await listContacts(pool, key) } : await create(request, key);
  const body = JSON.stringify({ success: true, data });
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

async function create(request: IncomingMessage, key: string): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { data }: { data: NewContact } = JSON.parse(text);
  return createContact(pool, key, data);
}
