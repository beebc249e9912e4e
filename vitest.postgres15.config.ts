import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/**
 * What is run once more on the oldest PostgreSQL we support (TEST_POSTGRES_BIN): the files in which SQL decides, not
 * TypeScript. A file belongs here when one of these would make it fail on another server:
 *
 * - statements that another version does not know: `contracts` runs every action, every record and every migration, and
 *   compares the catalog of the database with the registrations, so that each query is run at least once
 * - what the database itself enforces: row security, grants, triggers, constraints of periods, locks, isolation (`races`)
 * - what it computes: search and its ranking, likeness of names, time zones and ranges, money and totals in SQL,
 *   merging of JSON, joins of several domains, NOTIFY and `skip locked` (`search`, `scheduling`, `kernel`, `tickets`,
 *   `contacts`, `import`, `reading`, parts of `invoices`, …)
 *
 * Not `races/*crash`: they ask what our own processes do when they are killed; that an open transaction is undone then
 * is the same in every version. Pages, MCP, the command line, rules for texts and language models look the same whatever
 * server stands behind them.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/contracts/*.test.ts',
      'test/kernel/*.test.ts',
      'test/search/*.test.ts',
      'test/scheduling/*.test.ts',
      'test/audit/*.test.ts',
      'test/attributes/*.test.ts',
      'test/authorization-queue/*.test.ts',
      'test/import/*.test.ts',
      'test/closeout/{atomic,complete}.test.ts',
      'test/contacts/*.test.ts',
      'test/invoices/{numbering,record-payment,end}.test.ts',
      'test/leads/convert*.test.ts',
      'test/messages/scheduled-{delivery,pending}.test.ts',
      'test/reading/*.test.ts',
      'test/races/{booking,close,decisions,idempotency,reschedule}.test.ts',
      'test/tickets/*.test.ts',
      'test/workflows/*.test.ts',
    ],
    // Made-up inputs end before the database, and these two look at our own types and at texts alone.
    exclude: ['test/contracts/fuzz.test.ts', 'test/kernel/redaction.test.ts', 'test/kernel/tokens.test.ts'],
  },
});
