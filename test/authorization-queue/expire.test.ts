import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { registerTimers, ringTimers } from '../../core/jobs/timers.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { askFor } from './asking.ts';
import { errands } from './errands.ts';

const panes = useBrightPanes({ domains: [errands] });
const ask = async (what: string) =>
  (await askFor(panes(), panes().bright, 'errand.run', { what, far: true })).request;
/** What is written down, not what is answered: a request whose time is over reads as expired anyway. */
async function kept(reference: string): Promise<unknown> {
  const { rows } = await panes().database.owner.query<{ status: string }>(
    'select status from authorization_requests where organization_id = $1 and reference = $2',
    [panes().bright.id, reference],
  );
  return rows[0]?.status;
}

test('every morning the requests nobody has decided in time are marked, and the history says so', async () => {
  const { db, app, read, olivia } = panes();
  const old = await ask('too late');
  const fresh = await ask('in time');
  await asTableOwner(
    panes(),
    `update authorization_requests set expires_at = '2000-01-01' where reference = $1`,
    [old],
  );
  expect(await kept(old)).toBe('pending');
  const look = (text: string) => ringTimers(db, app.registry, Temporal.Instant.from(text));
  await registerTimers(db, app.registry);
  await look('2026-11-18T14:00:00Z');
  // 05:30 in Alabama.
  await whileWorking(
    panes(),
    async () => {
      await expect.poll(() => kept(old), soon).toBe('expired');
    },
    undefined,
    () => Temporal.Instant.from('2026-11-19T11:30:00Z'),
  );
  expect(await kept(fresh)).toBe('pending');
  const [entry] = await read(olivia, 'audit_log', {
    params: { domain_action: 'authorization.expire_requests' },
  });
  expect(entry).toMatchObject({ actor_kind: 'system', entity_type: 'authorization_request' });
});

test('no person and no agent makes requests expire', async () => {
  const { act, olivia, agent } = panes();
  const expire = 'authorization.expire_requests';
  expect(await refusal(act(olivia, expire))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await refusal(act(agent, expire))).toMatchObject({ code: 'HUMAN_ONLY' });
});
