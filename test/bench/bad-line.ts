import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How bad a line is. */
export interface Quality {
  /** From the phone to the server and back. */
  round_trip_ms: number;
  /** Of all connections together, in each direction. */
  kilobits_per_second: number;
  /** How many of a hundred requests break: half of them before the server has them, half before the answer is back. */
  broken_percent: number;
  /** It lives until somebody is there; from then on it is gone, silently or with an error, until `lasts_ms` are over. */
  trouble?: Trouble;
  /** It comes and goes by itself until it is told to live: gone for so long at most (ms), then there for so long at most. */
  flickers_ms?: number;
}

export interface Trouble {
  /** `silent` takes everything and answers nothing, `cut` refuses every connection. */
  kind: 'silent' | 'cut';
  /** Before which step is sent: 1 is the first; 0 before the first page is asked for. */
  step: number;
  /** Left out, until all is entered. */
  lasts_ms?: number;
}

export interface BadLine {
  url: string;
  /** What has gone through since the last time this was asked. */
  count(): { requests: number; broken: number; bytes: number };
  /** The last requests with what became of them, the newest last: what a phone that stopped was waiting for. */
  last(): string[];
  /** From now on nothing is answered; whoever asked meanwhile never is. */
  fallSilent(): void;
  /** From now on nobody gets through, and learns it at once. */
  cut(): void;
  /** What is asked from now on is answered again. */
  live(): void;
  /** From now on it flickers, if it is a line that does. */
  comeAndGo(): void;
  close(): Promise<void>;
}

/** A line in front of a server, for pages and for workers alike: everything they send and get goes through it. */
export async function layBadLine(port: number, quality: Quality, seed = 1): Promise<BadLine> {
  const counted = { requests: 0, broken: 0, bytes: 0 };
  const chance = dice(seed);
  const up = bottleneck(quality);
  const down = bottleneck(quality);
  const open = new Set<Socket>();
  const journal: Passage[] = [];
  let isSilent = false;
  let isCut = false;
  const server = createServer(phone => {
    if (isCut) return void phone.destroy();
    const far = connect(port, '127.0.0.1');
    const both = [phone, far] as const;
    const hangUp = () => {
      for (const socket of both) socket.destroy();
    };
    let losesAnswer = false;
    let isDead = false;
    let passage: Passage | undefined;
    // Opening a connection takes a round trip of its own.
    let isOpenAt = performance.now() + quality.round_trip_ms;
    for (const socket of both) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', hangUp);
      socket.on('close', () => {
        open.delete(socket);
        if (passage) passage.ended ??= performance.now();
        hangUp();
      });
    }
    phone.on('data', (chunk: Buffer) => {
      const [, asked] = /^((?:GET|POST) \S+)/.exec(chunk.subarray(0, 200).toString('latin1')) ?? [];
      isDead ||= isSilent;
      if (asked) {
        passage = { asked, began: performance.now(), bytes: 0, broken: isDead ? 'into silence' : '' };
        journal.push(passage);
        if (journal.length > 40) journal.shift();
      }
      if (isDead) return undefined;
      counted.bytes += chunk.length;
      if (passage && asked) {
        counted.requests += 1;
        const breaks = chance() * 100 < quality.broken_percent;
        if (breaks) counted.broken += 1;
        losesAnswer = breaks && chance() < 0.5;
        if (breaks) passage.broken = losesAnswer ? 'answer lost' : 'never sent';
        if (breaks && !losesAnswer) return hangUp();
      }
      up(chunk.length, isOpenAt, () => far.writable && far.write(chunk));
      isOpenAt = 0;
      return undefined;
    });
    far.on('data', (chunk: Buffer) => {
      // Half an answer is none, though the line lives again.
      isDead ||= isSilent;
      if (isDead) return undefined;
      if (losesAnswer) return hangUp();
      counted.bytes += chunk.length;
      if (passage) passage.bytes += chunk.length;
      down(chunk.length, 0, () => phone.writable && phone.write(chunk));
      return undefined;
    });
  });
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  const live = () => {
    isSilent = false;
    isCut = false;
  };
  let flickers = 0;
  const flicker = async (most: number) => {
    flickers += 1;
    for (const turn = flickers; ; ) {
      await delay(chance() * most);
      if (turn !== flickers) return;
      if (chance() < 0.3) isSilent = true;
      else cut();
      await delay(chance() * most);
      if (turn !== flickers) return;
      live();
    }
  };
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the line has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    count() {
      const now = { ...counted };
      Object.assign(counted, { requests: 0, broken: 0, bytes: 0 });
      return now;
    },
    last: () => journal.map(inWords),
    fallSilent() {
      isSilent = true;
    },
    cut,
    live() {
      flickers += 1;
      live();
    },
    comeAndGo() {
      if (quality.flickers_ms !== undefined) void flicker(quality.flickers_ms);
    },
    close() {
      flickers += 1;
      for (const socket of open) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

/** A request on its way over the line, in the milliseconds of this process. */
interface Passage {
  asked: string;
  began: number;
  /** When its connection ended. */
  ended?: number;
  /** Of the answer. */
  bytes: number;
  broken: string;
}

function inWords({ asked, began, ended, bytes, broken }: Passage): string {
  const ago = (at: number) => `${((performance.now() - at) / 1000).toFixed(1)} s ago`;
  const end = ended === undefined ? 'connection open' : `connection ended ${ago(ended)}`;
  return `${asked} ${ago(began)}, ${bytes} bytes back, ${broken || 'whole'}, ${end}`;
}

/** Lets bytes through one after the other at the speed of the line, each half a round trip later. */
function bottleneck({ round_trip_ms, kilobits_per_second }: Quality) {
  let isFreeAt = 0;
  let last = Promise.resolve();
  return (bytes: number, notBefore: number, deliver: () => void): void => {
    const begins = Math.max(performance.now(), isFreeAt, notBefore);
    isFreeAt = begins + (bytes * 8) / kilobits_per_second;
    const due = isFreeAt + round_trip_ms / 2;
    last = last.then(() => delay(Math.max(0, due - performance.now()))).then(deliver);
  };
}

/** The same numbers between 0 and 1 in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
