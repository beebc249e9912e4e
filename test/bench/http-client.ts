import { connect, type Socket } from 'node:net';

/**
 * One connection that sends a request and waits for its answer, and costs next to nothing itself: a client that works
 * hard would take the processor from both servers and make them look alike. Answers the body; throws when the status is
 * not 200.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #done: ((body: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', piece => this.#take(piece));
    socket.on('error', error => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new HttpConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** `text` is a whole request as `requestText` makes it. */
  send(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error('the server has closed the connection'));
      this.#done = resolve;
      this.#failed = reject;
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    const all = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    const bodyAt = all.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const head = all.toString('latin1', 0, bodyAt);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    // Without a length the answer is an event stream in chunks, whose last one is empty.
    const end = length === undefined ? all.length : bodyAt + Number(length);
    if (all.length < end || (length === undefined && !all.subarray(-7).equals(lastChunk))) return;
    this.#pieces = [];
    const body = all.toString('utf8', bodyAt, end);
    if (head.startsWith('HTTP/1.1 200')) this.#done?.(body);
    else this.#failed?.(new Error(`${head}${body}`));
  }
}

const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/** The bytes of one request with a key. */
export function requestText(
  method: 'GET' | 'POST',
  path: string,
  key: string,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): string {
  const all = {
    host: '127.0.0.1',
    authorization: `Bearer ${key}`,
    ...(method === 'POST'
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      : {}),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
