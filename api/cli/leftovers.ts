import { setFlagsFromString } from 'node:v8';

/** By then what takes long to describe is described (`serve.ts`). */
const afterStart_ms = 10_000;
/** So often it is looked whether there is more to give back. */
const between_ms = 60_000;
/** Of one processor: a call a second takes as much, so whoever takes less has nothing to do. */
const idleShare = 0.005;
/** So much more than after the last time is worth a tenth of a second. */
const worth_bytes = 32 * 1024 * 1024;

/**
 * Gives back to the system what a start, and later much work, leaves behind (decision 057): the engine collects only when it needs
 * room, which a server that nobody calls never does. A tenth of a second long, when there is nothing else to do; nothing waits for
 * it, neither a start nor an end.
 */
export function clearAwayLeftovers({ after_ms = afterStart_ms, every_ms = between_ms } = {}): void {
  let kept = 0;
  let used = process.cpuUsage();
  let looked = performance.now();
  const look = () => {
    const { user, system } = process.cpuUsage(used);
    const share = (user + system) / 1000 / (performance.now() - looked);
    used = process.cpuUsage();
    looked = performance.now();
    if (share < idleShare && process.memoryUsage.rss() > kept + worth_bytes) clearAway();
  };
  const clearAway = async () => {
    await collect();
    kept = process.memoryUsage.rss();
  };
  setTimeout(async () => {
    await clearAway();
    setInterval(look, every_ms).unref();
  }, after_ms).unref();
}

async function collect(): Promise<void> {
  // A runtime that was built without the inspector works as well, and keeps what it has taken.
  const inspector = await import('node:inspector').catch(() => undefined);
  if (!inspector) return;
  const engine = new inspector.Session();
  engine.connect();
  // Not in the answer itself: there the engine still holds the lock that hanging up wants, and the process stands still for good.
  await new Promise(done => engine.post('HeapProfiler.collectGarbage', () => setImmediate(done)));
  engine.disconnect();
}

/**
 * Has the engine collect when memory has grown by two fifths since it last did (decision 067). By itself it waits until there is
 * up to four times as much, on a machine with room, for which calls are not faster.
 */
export function growSparingly(): void {
  setFlagsFromString(sparingly);
}

export const sparingly = '--heap-growing-percent=40';

/**
 * Until `optimizeAgain`, the engine makes no machine code of what it has run often (decision 086). What a start runs often, making
 * thousands of schemas, never runs again, and the threads that make the code keep eight megabytes of what that took.
 */
export function startPlainly(): void {
  setFlagsFromString('--no-opt');
}

/** Everything that calls run is made fast as it is run, as if it had never been otherwise. */
export function optimizeAgain(): void {
  setFlagsFromString('--opt');
}

/**
 * Says what runs here, as Node.js does from version 21 on. Where nothing says it, `pg` makes a `Response` to find out, and that reads all
 * of fetch and compiles what it is made of: 3 MB (decision 086).
 */
export function sayWhatRuns(): void {
  if ('navigator' in globalThis) return;
  const userAgent = `Node.js/${process.versions.node.split('.')[0]}`;
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent }, configurable: true });
}
