import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/**
 * `CITUS_URL=postgres://postgres@coordinator:5432/postgres npx vitest run --config vitest.citus.config.ts`: what a cluster could break,
 * with the schema distributed over its nodes (core/decisions/052). Each file has a database of its own on every node. Files
 * that start servers of their own or make databases by hand stay with the ordinary PostgreSQL.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    globalSetup: ['test/support/citus-setup.ts'],
    include: [
      'test/contracts/{isolation,oracles,pooled-context,human-only,actions,story}.test.ts',
      'test/races/{booking,close,decisions,idempotency,reschedule,reprice,undo}.test.ts',
      'test/search/*.test.ts',
      'test/workflows/*.test.ts',
      'test/tickets/*.test.ts',
      'test/import/*.test.ts',
      'test/invoices/*.test.ts',
    ],
    exclude: [],
    maxWorkers: 2,
  },
});
