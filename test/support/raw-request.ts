import { request as httpRequest } from 'node:http';

/** Header by lower-case name; undefined leaves it out. */
export type Headers = Record<string, string | undefined>;

export interface RawAnswer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** The text as JSON, when it is an object. */
  body: unknown;
}

export interface RawRequest {
  port: number;
  path: string;
  method: string;
  headers: Headers;
  body: string;
  /** Sends the body without saying how long it is. */
  chunked?: boolean;
}

/** A bare request to this machine, because `fetch` does not let a test set Host or Origin. */
export function rawRequest({ port, path, method, headers, body, chunked }: RawRequest): Promise<RawAnswer> {
  const length = chunked === true ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const sent = Object.fromEntries(
    Object.entries({ ...length, ...headers }).filter(([, value]) => value !== undefined),
  );
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: sent }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: text.startsWith('{') ? JSON.parse(text) : undefined,
        }),
      );
    });
    request.once('error', reject);
    request.end(body);
  });
}
