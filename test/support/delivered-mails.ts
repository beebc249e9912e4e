import { expect } from 'vitest';
import { executeEvents, executeForJobs, readForJobs } from '../../core/app.ts';
import { claimJobs, settleJob } from '../../core/jobs/queries.ts';
import type { Mail } from '../../core/kernel/outside/mail.ts';
import { deliverEmail } from '../../core/messages/email.ts';
import type { BrightPanes } from './bright-panes.ts';

/** The mails that wait, as they leave; `isLost` when nobody hears that they arrived. */
export async function deliveredMails({ app, db }: BrightPanes, { isLost = false } = {}): Promise<Mail[]> {
  const sent: Mail[] = [];
  const send = async (mail: Mail) => {
    sent.push(mail);
    if (isLost) throw new Error('nobody answers');
    return {};
  };
  const taken = () => claimJobs(db, { worker: 'postman', most: 50, lease_seconds: 60, lane: 'mail' });
  // A customer’s mails go one after the other.
  for (let jobs = await taken(); jobs.length > 0; jobs = isLost ? [] : await taken())
    for (const job of jobs) {
      const delivery = deliverEmail.run(job, {
        read: readForJobs(app),
        execute: executeForJobs(app),
        executeEvent: executeEvents(app),
        linkAddress: (_organization, purpose) => `http://127.0.0.1:3000/${purpose}`,
        connectors: { mail: { send } },
        base_url: 'http://127.0.0.1:3000',
      });
      if (isLost) await expect(delivery).rejects.toThrow('nobody answers');
      else {
        const { organization_id, id } = job;
        const settled = { organization_id, id, worker: 'postman', error: null, retry_at: null };
        await settleJob(db, { ...settled, outcome: await delivery });
      }
    }
  return sent;
}
