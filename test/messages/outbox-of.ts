import { beforeEach } from 'vitest';
import { sendSignInLink } from '../../core/sign-in/sign-in.ts';
import type { BrightPanes } from '../support/bright-panes.ts';

/** Well below the five seconds after which a worker looks by itself: what arrives was announced. */
export const soon = { timeout: 4_000, interval: 20 };

/** The outbox of Bright Panes, emptied before each test. */
export function useOutbox(panes: () => BrightPanes) {
  const sql = (text: string) => panes().database.owner.query(text);
  beforeEach(async () => {
    await sql('delete from jobs');
  });
  return {
    /** Queues the mail with which Olivia signs in: one with a secret in it. */
    queue: () => sendSignInLink(panes().db, 'olivia@brightpanes.example', 'http://localhost:3000'),
    /** The deliveries as people and agents see them. */
    rows: (fields = ['state', 'attempts', 'last_error', 'result']) =>
      panes().read(panes().olivia, 'outbox', { fields, limit: 100 }),
    /** Lets what waits for its next attempt be tried at once. */
    async retryNow() {
      await sql('update jobs set run_at = now() where done_at is null; notify deskhand_jobs');
    },
    sql,
  };
}
