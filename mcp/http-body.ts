import type { IncomingMessage } from 'node:http';
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

function readText(request: IncomingMessage, limit_bytes: number): Promise<string> {
  if (request.readableEnded) throw new Error('The MCP endpoint must be mounted before any body parser');
  if (Number(request.headers['content-length'] ?? 0) > limit_bytes) throw tooLarge(limit_bytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit_bytes) chunks.push(chunk);
      else reject(tooLarge(limit_bytes));
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    // Whoever left does not read the answer; the promise must end all the same.
    request.once('close', () => {
      if (!request.complete) reject(endedEarly());
    });
  });
}

const endedEarly = () =>
  new HttpRefusal(400, 'VALIDATION_ERROR', 'The body ended too early.', {
    hint: 'Send as many bytes as Content-Length says.',
  });

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
