import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** What a request went through the line with. */
export interface Passed {
  method: string;
  path: string;
  status: number;
  /** Of the answer, as the wire carried it: headers and body. */
  bytes: number;
}

/** The telephone line between a browser and a server: it can be cut, and it can lose answers. */
export interface Line {
  url: string;
  /** Every request that was answered, in order. */
  passed: Passed[];
  /** Nothing goes through until `mend`, which also forgets what was to be lost. */
  cut(): void;
  /** What goes out is lost without a sign of it: the browser waits. */
  mute(): void;
  /** The server says that it cannot now. */
  refuse(status: number): void;
  mend(): void;
  /** The server gets so many requests of a method of which the browser never gets the answer. */
  loseAnswers(count: number): void;
  /** What the browser gets for an address instead of the server's answer, on a line that is cut as well; undefined for that again. */
  replace(path: string, script: string | undefined): void;
  /** Keeps back the next request for an address: `came` is done when it is there, and it goes on when it is let go. */
  hold(path: string): { came: Promise<void>; letGo(): void };
  /** Called for each form before it is passed on. */
  onPost(watch: ((path: string) => void) | undefined): void;
  /** Until everything that was passed on is answered: then `passed` has all of it. */
  rest(): Promise<void>;
}

/** Lays a line in front of a server before the tests of a file and takes it up after. */
export function useLine(target: () => string): () => Line {
  let line: (Line & { server: Server }) | undefined;
  beforeAll(async () => {
    line = await layLine(target);
  });
  afterAll(() => {
    line?.server.closeAllConnections();
    line?.server.close();
  });
  return () => {
    if (!line) throw new Error('the line is laid in beforeAll');
    return line;
  };
}

async function layLine(target: () => string): Promise<Line & { server: Server }> {
  let state: 'up' | 'cut' | 'mute' | number = 'up';
  let toLose = 0;
  let watch: ((path: string) => void) | undefined;
  const held = new Map<string, (goOn: () => void) => void>();
  const passed: Passed[] = [];
  const replaced = new Map<string, string>();
  const underWay = new Set<ServerResponse>();
  const server = createServer((incoming, outgoing) => {
    const script = replaced.get(incoming.url ?? '');
    if (script !== undefined) {
      outgoing.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-cache' }).end(script);
      return;
    }
    if (state === 'cut') incoming.socket.destroy();
    if (typeof state === 'number') outgoing.writeHead(state).end();
    if (state !== 'up') return;
    const isLost = incoming.method === 'POST' && toLose > 0;
    if (isLost) toLose -= 1;
    if (incoming.method === 'POST') watch?.(incoming.url ?? '');
    const goOn = () => {
      underWay.add(outgoing);
      outgoing.once('close', () => underWay.delete(outgoing));
      passOn(target(), incoming, outgoing, isLost ? undefined : passed);
    };
    const keepBack = held.get(incoming.url ?? '');
    if (!keepBack) return goOn();
    held.delete(incoming.url ?? '');
    keepBack(goOn);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the line has no port');
  const stop = (how: 'cut' | 'mute') => () => {
    state = how;
    if (how === 'cut') server.closeAllConnections();
  };
  return {
    server,
    url: `http://127.0.0.1:${address.port}`,
    passed,
    cut: stop('cut'),
    mute: stop('mute'),
    refuse(status) {
      state = status;
    },
    mend() {
      state = 'up';
      toLose = 0;
      // Whoever waits in silence learns that nothing will come.
      server.closeAllConnections();
    },
    loseAnswers(count) {
      toLose = count;
    },
    replace(path, script) {
      if (script === undefined) replaced.delete(path);
      else replaced.set(path, script);
    },
    hold(path) {
      const goOn = new Promise<() => void>(resolve => held.set(path, resolve));
      return { came: goOn.then(() => {}), letGo: () => void goOn.then(go => go()) };
    },
    onPost(next) {
      watch = next;
    },
    async rest() {
      while (underWay.size > 0) await Promise.all([...underWay].map(outgoing => once(outgoing, 'close')));
    },
  };
}

const bytesOf = (socket: Socket): number => socket.bytesWritten;

/** Sends a request on and its answer back; without a list of what passed, the answer is lost. */
function passOn(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  passed: Passed[] | undefined,
): void {
  const { method = '', url: path = '/', headers } = incoming;
  const onward = request(new URL(path, target), { method, headers }, answered => {
    if (!passed) {
      answered.resume().once('end', () => incoming.socket.destroy());
      return;
    }
    const { statusCode: status = 502 } = answered;
    const before = bytesOf(incoming.socket);
    outgoing.writeHead(status, answered.rawHeaders);
    answered.pipe(outgoing);
    outgoing.once('finish', () => {
      passed.push({ method, path, status, bytes: bytesOf(incoming.socket) - before });
    });
  });
  // A server that is away is a line that is cut.
  onward.once('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
