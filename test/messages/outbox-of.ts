import { beforeEach, expect } from 'vitest';
import type { MailSettings } from '../../core/connectors/email/index.ts';
import { sendSignInLink } from '../../core/sign-in/sign-in.ts';
import type { BrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';

/** The outbox of Bright Panes, emptied before each test. */
export function useOutbox(panes: () => BrightPanes) {
  const sql = (text: string) => panes().database.owner.query(text);
  beforeEach(async () => {
    await sql('delete from jobs');
  });
  const outbox = {
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
    /** Queues that mail, lets it be tried once, and answers what becomes of it. Nothing that is told may hold a secret. */
    async outcomeOf(way: MailSettings, secrets: RegExp) {
      await outbox.queue();
      const problems = await whileWorking(
        panes(),
        async () => {
          const tried = async () => (await outbox.rows())[0]?.last_error;
          await expect.poll(tried, soon).toEqual(expect.any(String));
        },
        way,
      );
      const rows = await outbox.rows(['state', 'attempts', 'last_error', 'run_at']);
      expect(JSON.stringify([problems, rows])).not.toMatch(secrets);
      return { ...rows[0], wait_ms: Date.parse(String(rows[0]?.run_at)) - Date.now() };
    },
  };
  return outbox;
}
