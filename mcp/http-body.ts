import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { HttpRefusal } from './http-refusal.ts';

/**
 * The JSON of a request body of at most `limit_bytes`. The SDK could read it too, but then it would be copied twice and
 * a refusal would lack our members. A batch is refused: it would be many calls under one rate limit and one id, and no
 * revision we serve by default has it.
 */
export async function readJsonBody(request: IncomingMessage, limit_bytes: number): Promise<unknown> {
  if (!isJsonContentType(request.headers['content-type'] ?? null)) {
    throw new HttpRefusal(415, 'VALIDATION_ERROR', 'The body must be JSON.', {
      hint: 'Send the header "Content-Type: application/json".',
    });
  }
  const text = await readText(request, limit_bytes);
  const body = parse(text);
  if (!Array.isArray(body)) return body;
  throw new HttpRefusal(400, 'VALIDATION_ERROR', 'Batches are not taken.', {
    hint: 'Send one message per request.',
    rpc_code: -32_600,
  });
}

/** The same request as the SDK wants it; without the body, which travels parsed. */
export function toWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headersDistinct)) {
    for (const item of value ?? []) headers.append(name, item);
  }
  return new Request(new URL(request.url ?? '/', `http://${request.headers.host}`), {
    method: request.method ?? 'GET',
    headers,
    signal,
  });
}

/** Aborted when the client is gone before it has its whole answer. */
export function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Sends it whole when it is JSON, piece by piece when it is a stream of events. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const headers = Object.fromEntries(answer.headers);
  if (answer.body !== null && !isJsonContentType(answer.headers.get('content-type'))) {
    response.writeHead(answer.status, headers);
    await pipeline(answer.body, response);
    return;
  }
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, { ...headers, 'content-length': body.length }).end(body);
}

async function readText(request: IncomingMessage, limit_bytes: number): Promise<string> {
  if (request.readableEnded) throw new Error('The MCP endpoint must be mounted before any body parser');
  if (Number(request.headers['content-length'] ?? 0) > limit_bytes) throw tooLarge(limit_bytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    size += piece.length;
    if (size > limit_bytes) throw tooLarge(limit_bytes);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpRefusal(400, 'VALIDATION_ERROR', 'The body is not valid JSON.', {
      hint: 'Send one JSON-RPC message.',
      rpc_code: -32_700,
    });
  }
}

// The connection is closed, so that nobody has to read the rest of it.
function tooLarge(limit_bytes: number): HttpRefusal {
  return new HttpRefusal(413, 'PAYLOAD_TOO_LARGE', `A call may have at most ${limit_bytes / 1024} KB.`, {
    hint: 'Send less at once, in several calls.',
    headers: { connection: 'close' },
  });
}
