import { Agent, request } from 'node:http';
import { z } from 'zod';

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullable(),
  error: z.looseObject({ code: z.string() }).nullable(),
  meta: z.looseObject({ replayed: z.literal(true).optional() }),
});

/** The envelope of one answer with its status. */
export type ActionAnswer = z.infer<typeof envelope> & { status: number };

export interface ActionCall {
  action: string;
  data: Record<string, unknown>;
  preview?: boolean;
  reasoning?: string;
  idempotency_key?: string;
}

/** A signed-in browser of somebody, without the browser. */
export interface Session {
  token: string;
  csrf: string;
}

/** Who calls: an agent by its key, or a person by a session. */
export type Credential = string | Session;

// The clients share the processors with the servers they race, so they keep their connections.
const connections = new Agent({ keepAlive: true });

/** `POST /api/actions` with an agent's key, or as a page of ours sends it. Rejects when no whole answer came. */
export async function callAction(baseUrl: string, who: Credential, call: ActionCall): Promise<ActionAnswer> {
  const { status, text } = await exchange(baseUrl, who, JSON.stringify(call));
  return { status, ...envelope.parse(JSON.parse(text)) };
}

/** Works through a list with so many calls in flight; the answers come in the order of the list. */
export async function inFlight<Item, Result>(
  most: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const left = items.entries();
  const lane = async () => {
    for (const [index, item] of left) results.set(index, await work(item, index));
  };
  await Promise.all(Array.from({ length: most }, lane));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

const shown = (baseUrl: string, who: Credential) =>
  typeof who === 'string'
    ? { authorization: `Bearer ${who}` }
    : { cookie: `deskhand_session=${who.token}`, origin: baseUrl, 'x-csrf-token': who.csrf };

function exchange(baseUrl: string, who: Credential, body: string): Promise<{ status: number; text: string }> {
  const url = `${baseUrl}/api/actions`;
  const headers = {
    ...shown(baseUrl, who),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: connections, headers }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', piece => {
        text += piece;
      });
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('the answer broke off')));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
