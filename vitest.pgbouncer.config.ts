import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// The tests of what shared connections could break, with PgBouncer between the application and PostgreSQL.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    globalSetup: ['test/support/global-setup.ts', 'test/support/pooler-setup.ts'],
    include: [
      'test/pgbouncer/*.test.ts',
      'test/races/{booking,idempotency}.test.ts',
      'test/contracts/{isolation,oracles,pooled-context}.test.ts',
    ],
    exclude: [],
  },
});
