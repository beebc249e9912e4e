import { beforeAll } from 'vitest';
import { executeEvents, executeForJobs, readForJobs } from '../../core/app.ts';
import { claimJobs, settleJob } from '../../core/jobs/queries.ts';
import { connectorsFor } from '../../core/kernel/outside/connectors.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { type Answer, type Front, useHttp } from '../support/http.ts';
import type { Account } from '../support/stripe/account.ts';
import { type FakeStripe, signed } from '../support/stripe/server.ts';
import { useStripe } from '../support/stripe/use.ts';

export const brightKey = 'sk_test_brightpanes0001';
export const clearKey = 'sk_test_clearviewco0001';
export const brightSecret = 'whsec_brightpanes0000000000001';
export const clearSecret = 'whsec_clearviewco0000000000001';

/** Bright Panes and Clear View, both with an account of their own at Stripe. */
export interface Online {
  stripe: FakeStripe;
  front: Front;
  panes: BrightPanes;
  /** The account of Bright Panes there. */
  account: Account;
  /** Runs all jobs that wait, those they queue, too; answers what became of each. Mails are left lying. */
  work(): Promise<Worked[]>;
  /** Sends an event to the address of Bright Panes, signed by its secret unless `more` says otherwise. */
  tell(event: unknown, more?: { secret?: string; slug?: string; age_seconds?: number }): Promise<Answer>;
  /** The rows of a view, as the owner reads them. */
  list(type: string, params?: Record<string, unknown>): Promise<Record<string, unknown>[]>;
  bill(reference: string): Promise<Record<string, unknown>>;
}

export interface Worked {
  kind: string;
  outcome?: Record<string, unknown>;
  error?: unknown;
}

/** Opens all of it for the tests of a file. */
export function useOnline(options: Parameters<typeof useHttp>[0] = {}): () => Online {
  const stripe = useStripe();
  const front = useHttp({ stripe: () => ({ baseUrl: stripe.url, timeoutMs: 200_000 }), ...options });
  let online: Online | undefined;
  beforeAll(async () => {
    const panes = await stock(front().office);
    const { done, bright, clear } = panes;
    stripe.clock = () => panes.now().epochMilliseconds;
    const set = (owner: typeof bright.owner, name: string, value: string) =>
      done(owner, 'secret.set', { name, value });
    await set(bright.owner, 'stripe_secret_key', brightKey);
    await set(bright.owner, 'stripe_webhook', brightSecret);
    await set(clear.owner, 'stripe_secret_key', clearKey);
    await set(clear.owner, 'stripe_webhook', clearSecret);
    const list: Online['list'] = (type, params = {}) =>
      panes.read(panes.olivia, type, { params, limit: 100 });
    online = {
      stripe,
      front: front(),
      panes,
      account: stripe.account(brightKey),
      work: () => work(panes),
      tell: (event, { secret = brightSecret, slug = 'bright-panes', ...more } = {}) => {
        const { headers, body } = signed(event, secret, more);
        return front().send('POST', `/api/webhooks/stripe/${slug}`, { key: null, headers, body });
      },
      list,
      bill: async id => {
        const [row] = await panes.read(panes.olivia, 'invoices', { id, include: ['balance'] });
        return row ?? {};
      },
    };
  });
  return () => {
    if (!online) throw new Error('it opens in beforeAll');
    return online;
  };
}

async function work({ app, db, payments }: BrightPanes): Promise<Worked[]> {
  const all: Worked[] = [];
  const taken = () => claimJobs(db, { worker: 'hand', most: 50, lease_seconds: 60, lane: 'general' });
  for (let jobs = await taken(); jobs.length > 0; jobs = await taken()) {
    all.push(
      ...(await Promise.all(
        jobs.map(async (job): Promise<Worked> => {
          const { organization_id, id, kind } = job;
          const handler = app.registry.jobs.get(kind);
          if (!handler) throw new Error(`nobody does ${kind}`);
          const wants = { name: kind, wants: handler.connectors };
          const settled = { organization_id, id, worker: 'hand', error: null, outcome: null, retry_at: null };
          try {
            const outcome = await handler.run(job, {
              read: readForJobs(app),
              execute: executeForJobs(app),
              executeEvent: executeEvents(app),
              linkAddress: app.linkAddress,
              connectors: connectorsFor(wants, { payments }, organization_id),
              base_url: 'http://127.0.0.1:3000',
            });
            await settleJob(db, { ...settled, outcome });
            return { kind, outcome };
          } catch (error) {
            const retry_at = new Date(Date.now() + 3_600_000).toISOString();
            await settleJob(db, { ...settled, error: String(error), retry_at });
            return { kind, error };
          }
        }),
      )),
    );
  }
  return all;
}
