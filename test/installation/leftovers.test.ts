import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

const run = promisify(execFile);

test('a server that has given back what its start left goes on working', async () => {
  // In a process of its own: one that stands still cannot say so.
  const module = path.join(packageRoot, 'dist/api/cli/leftovers.js');
  const child = `
    import { PerformanceObserver } from 'node:perf_hooks';
    import { clearAwayLeftovers } from ${JSON.stringify(module)};
    new PerformanceObserver(() => setImmediate(() => setImmediate(() => {
      console.log('collected, and still there');
      process.exit(0);
    }))).observe({ entryTypes: ['gc'] });
    clearAwayLeftovers({ after_ms: 0 });
    setInterval(() => undefined, 1000);
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', child], {
    timeout: 60_000,
  });
  expect(stdout).toBe('collected, and still there\n');
});

test('a server that has had much to do gives back what it took when there is nothing left to do', async () => {
  const module = path.join(packageRoot, 'dist/api/cli/leftovers.js');
  const child = `
    import { constants, PerformanceObserver } from 'node:perf_hooks';
    import { clearAwayLeftovers } from ${JSON.stringify(module)};
    const taken = () => process.memoryUsage.rss() / 1024 / 1024;
    const started = new PerformanceObserver(seen => {
      if (!seen.getEntries().some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) return;
      started.disconnect();
      // Only when it has been seen how much is left after the start.
      setImmediate(() => setImmediate(() => setImmediate(work)));
    });
    const work = () => {
      let done = Array.from({ length: 1_000_000 }, (_, number) => ({ number, text: 'visit ' + number }));
      const most = taken();
      done = undefined;
      setInterval(() => {
        if (taken() > most - 64) return;
        console.log('given back');
        process.exit(0);
      }, 200);
    };
    started.observe({ entryTypes: ['gc'] });
    clearAwayLeftovers({ after_ms: 0, every_ms: 500 });
    setInterval(() => undefined, 1000);
  `;
  // The engine's own tidying of a quiet program comes later, or not at all: here it must not come to our help.
  const { stdout } = await run(
    process.execPath,
    ['--no-memory-reducer', '--input-type=module', '--eval', child],
    { timeout: 60_000 },
  );
  expect(stdout).toBe('given back\n');
});

test('the engine knows how to grow sparingly; one that does not says so', async () => {
  const module = path.join(packageRoot, 'dist/api/cli/leftovers.js');
  const told = async (words: string) =>
    (await run(process.execPath, ['--input-type=module', '--eval', words], { timeout: 60_000 })).stderr;
  const grows = `import { growSparingly } from ${JSON.stringify(module)}; growSparingly();`;
  expect(await told(grows)).toBe('');
  const unknown = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-such-option=1');`;
  expect(await told(unknown)).toContain('unrecognized flag');
});

test('what runs after a start is made fast; what runs while it starts is not', async () => {
  const module = path.join(packageRoot, 'dist/api/cli/leftovers.js');
  const child = `
    import { optimizeAgain, startPlainly } from ${JSON.stringify(module)};
    const sum = count => {
      let all = 0;
      for (let at = 0; at < count; at++) all += at % 3;
      return all;
    };
    // The engine's own word for it: a bit of what it says of a function.
    const isFast = () => (%GetOptimizationStatus(sum) & 16) !== 0;
    const runs = rounds => {
      for (let round = 0; round < rounds && !isFast(); round++) sum(100_000);
      return isFast();
    };
    startPlainly();
    const before = runs(500);
    optimizeAgain();
    console.log(before, runs(50_000));
  `;
  const { stdout } = await run(
    process.execPath,
    ['--allow-natives-syntax', '--input-type=module', '--eval', child],
    {
      timeout: 60_000,
    },
  );
  expect(stdout).toBe('false true\n');
});
