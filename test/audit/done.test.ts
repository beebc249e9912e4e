import { describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// Calls that run at the same time leave their entries in between each other, and the trail of years is not read for a page.

const panes = useBrightPanes();

/** An entry that a call of Bright Panes left, so many days ago, for the customer C-1001. */
async function leave(request: string, name: string, daysAgo = 0): Promise<void> {
  await asTableOwner(
    panes(),
    `insert into audit_log (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes,
      domain_action, actor_kind, actor_name, request_id, created_at)
    select $1, ${daysAgo === 0 ? 'uuid7()' : 'uuid7_floor(now() - make_interval(days => $5))'}, 'contact', c.id, 'contact', c.id, 'update',
      '{"nickname": {"old": "J", "new": "Jay"}}', 'contact.update', 'user', $2, $3, now() - make_interval(days => $5)
    from contacts as c
    where c.reference = $4`,
    [panes().bright.id, name, request, 'C-1001', daysAgo],
  );
}

const page = (who: string, cursor?: string) =>
  panes().app.read(
    panes().olivia,
    'done',
    { params: { actor_name: who }, fields: ['request_id'], ...(cursor === undefined ? {} : { cursor }) },
    { request_id: newId() },
  );

const latest = async (): Promise<string> => {
  const [row] = await panes().read(panes().dana, 'done', { limit: 1 });
  return String(row?.did);
};

describe('what was done', () => {
  test('is one line a call, also of two that ran at the same time', async () => {
    const [one, two] = [newId(), newId()];
    for (const request of [one, two, one, two, one]) await leave(request, 'Both');
    const { rows } = await page('Both');
    // Newest first: the call that left the last entry.
    expect(rows.map(row => row.request_id)).toEqual([one, two]);
  });

  test('is nothing that was refused: what an agent tried in vain is an attempt', async () => {
    const { act, agent } = panes();
    const pablo = { name: 'Pablo', email: 'pablo@brightpanes.example', role: 'technician' };
    expect((await refusal(act(agent, 'member.create', pablo))).code).toBe('HUMAN_ONLY');
    expect((await page('Office Manager')).rows).toEqual([]);
  });

  test('says how much goes back of a payment, not how much came', async () => {
    const { done, dana, agent, act } = panes();
    const lines = [{ description: 'Hooks', quantity: 1, unit_price_cents: 12_000 }];
    const bill = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
    const paid = await done(dana, 'invoice.record_payment', { invoice_id: bill.id, amount_cents: 12_000 });
    const back = { payment_id: paid.payment, amount_cents: 5000, reason: 'goodwill', note: 'Torn screen' };
    await done(dana, 'payment.refund', back);
    expect(await latest()).toBe('refunded $50.00 of the payment PAY-1 «$120.00» for C-1001 «Jane Smith»');
    // Whoever is asked reads the same.
    const asked = await act(
      agent,
      'payment.refund',
      { ...back, amount_cents: 4000 },
      { reasoning: 'Torn too' },
    );
    const request = { id: String(asked.data.request) };
    const [row] = await panes().read(panes().olivia, 'authorization_requests', request);
    expect(row?.asks_for).toBe(
      'Refund payment PAY-1 «$120.00»: amount $40.00, reason goodwill, note «Torn screen»',
    );
  });

  test('says what a fact is now, not what it was', async () => {
    const { done, dana } = panes();
    const code = { contact_id: 'C-1001', key: 'gate_code' };
    await done(dana, 'attribute.set', { ...code, value: '4471' });
    await done(dana, 'attribute.set', { ...code, value: '7788' });
    expect(await latest()).toMatch(/^set a fact AT-\d+ «gate_code: 7788» for C-1001 «Jane Smith»/);
  });

  test('says until when somebody is away, and that this was changed', async () => {
    const { done, dana } = panes();
    const away = { member_id: 'Tess', starts_at: '2026-12-30', reason: 'quits' };
    const { reference } = await done(dana, 'absence.create', away);
    expect(await latest()).toMatch(/^added an absence .*\buntil Thu, Dec 31, 2026, 12:00 AM/);
    await done(dana, 'absence.update', { absence_id: reference, ends_at: '2027-01-31' });
    expect(await latest()).toMatch(/from Thu, Dec 31, 2026, 12:00 AM to Mon, Feb 1, 2027, 12:00 AM$/);
  });

  test('says once why mails were left out along with visits', async () => {
    const { book, done, dana } = panes();
    const more = { notify_customer: true };
    const visits = [await book('2026-11-30T09:00', more), await book('2026-12-01T09:00', more)];
    const tickets = visits.map(({ reference }) => ({ ticket_id: reference }));
    await done(dana, 'ticket.cancel', { tickets, cancel_reason: 'Moved away' });
    expect(await latest()).toMatch(
      /^cancelled the visit T-\d+ on .* for C-1001 «Jane Smith»: cancel reason «Moved away», not sent because «The visit was cancelled.»/,
    );
    expect((await latest()).match(/The visit was cancelled/g)).toHaveLength(1);
  });

  test('of long ago is found by going on, not by reading all of it for one page', async () => {
    await leave(newId(), 'Longago', 200);
    await leave(newId(), 'Longago', 100);
    let answer = await page('Longago');
    expect(answer.rows).toEqual([]);
    const found = [];
    let pages = 0;
    for (; answer.next_cursor !== undefined && pages < 10; pages += 1) {
      answer = await page('Longago', answer.next_cursor);
      found.push(...answer.rows);
    }
    expect(found).toHaveLength(2);
    expect(pages).toBe(2);
  });
});
