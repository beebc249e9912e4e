import { defineConfig } from 'vitest/config';
import { compiled } from './test/support/compiled.ts';
import LongestFirst from './test/support/longest-first.ts';

export default defineConfig({
  plugins: [compiled()],
  test: {
    // Modules of Node, made by the plug-in.
    server: { deps: { external: [/\/\.tools\/compiled\//] } },
    globalSetup: ['test/support/global-setup.ts'],
    include: ['test/**/*.test.ts'],
    // They need PgBouncer: vitest.pgbouncer.config.ts runs them.
    exclude: ['test/pgbouncer/**'],
    // For a machine whose processors others want as well: no test here takes a tenth of it, and one that hangs still ends.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A wait ends when what is waited for is so; one second, as Vitest has it, is nothing on a busy machine.
    expect: { poll: { timeout: 60_000 } },
    // Two processors, and a third worker for while the others wait for a browser, a server or the database.
    maxWorkers: 3,
    pool: 'forks',
    // Tests make much that lives for a moment: with room for it, it is cleared away less often (a twelfth of the work).
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/support/slowest.ts'],
    // The files of a worker share the modules they load: loading them anew took half of the time. No test changes a module.
    isolate: false,
  },
});
