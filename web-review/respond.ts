import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

export type Encoding = 'br' | 'gzip' | 'identity';

/** The best encoding this client takes: brotli, gzip or none. */
export function encodingOf(request: Request): Encoding {
  const offered = new Map(
    (request.get('accept-encoding') ?? '').split(',').map(part => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      return [name, !parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter))] as const;
    }),
  );
  if (offered.get('br')) return 'br';
  return offered.get('gzip') ? 'gzip' : 'identity';
}

/** What an answer without a body says beside its status (RFC 9110, 15.4.5): the rest stands with what is kept already. */
const saidAgain = /^(etag|cache-control|vary|expires|set-cookie|x-request-id)$/i;

/** Answers that what a browser has is still right, in as few bytes as that takes: some are asked for every few seconds. */
export function answerUnchanged(response: Response): void {
  for (const name of response.getHeaderNames()) if (!saidAgain.test(name)) response.removeHeader(name);
  response.status(304).end();
}

/**
 * Answers a page, compressed: a technician has one bar of signal. Compressing a form token beside what a visitor typed
 * is safe here because SameSite cookies keep other sites from asking for the same page again and again in the visitor's
 * name.
 */
export async function sendHtml(
  request: Request,
  response: Response,
  status: number,
  text: string,
): Promise<void> {
  const encoding = encodingOf(request);
  const body = await compress(Buffer.from(text), encoding);
  response.status(status).set({
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept-Encoding',
    'Content-Length': String(body.length),
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
  });
  response.end(body);
}

function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  if (encoding === 'gzip') return zip(body);
  return Promise.resolve(body);
}
