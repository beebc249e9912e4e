import { describe, expect, test } from 'vitest';
import { sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asApplication, asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const log = (params: Record<string, unknown>, limit = 20) =>
  panes().read(panes().dana, 'audit_log', { params, limit });

describe('the history', () => {
  test('tells who changed what, when, through which action and why, in one entry', async () => {
    const { agent, app, read, bright } = panes();
    const facts = { request_id: 'call-1', ip_address: '127.0.0.1', user_agent: 'a test' };
    const call = { action: 'contact.update', data: { contact_id: 'C-1001', job_title: 'Teacher' } };
    await app.execute(agent, { ...call, reasoning: 'She told us on the phone' }, facts);
    const [jane] = await read(agent, 'contacts', { id: 'C-1001' });
    const all = Object.keys(app.registry.view('audit_log').spec.row.shape);
    const query = { params: { request_id: 'call-1' }, fields: all };
    expect(await read(agent, 'audit_log', query)).toEqual([
      {
        id: expect.any(String),
        entity_type: 'contact',
        entity_id: jane?.id,
        subject_type: 'contact',
        subject_id: jane?.id,
        action: 'update',
        domain_action: 'contact.update',
        changes: { job_title: { old: null, new: 'Teacher' } },
        actor_kind: 'agent',
        actor_name: 'Office Manager',
        user_id: bright.agentId,
        reasoning: 'She told us on the phone',
        request_id: 'call-1',
        created_at: expect.any(String),
      },
    ]);
    const { rows } = await panes().database.owner.query(
      `select host(ip_address) as ip, user_agent from audit_log where request_id = 'call-1'`,
    );
    expect(rows).toEqual([{ ip: '127.0.0.1', user_agent: 'a test' }]);
  });

  test('has no entry for a change that changes nothing, nor for one that was refused', async () => {
    const { dana, act, done } = panes();
    await done(dana, 'contact.update', { contact_id: 'C-1001', job_title: 'Painter' });
    const before = await log({}, 1);
    await done(dana, 'contact.update', { contact_id: 'C-1001', job_title: 'Painter' });
    await refusal(act(dana, 'contact.update', { contact_id: 'C-1001', job_title: 'x', phone: 'none' }));
    expect(await log({}, 1)).toEqual(before);
  });

  test('is asked by record, person, action and day', async () => {
    const { dana, olivia, done, read } = panes();
    const [hart] = await read(dana, 'contacts', { id: 'C-1002' });
    await done(olivia, 'contact.update', { contact_id: 'C-1002', nickname: 'Bea' });
    const about = { subject_type: 'contact', subject_id: String(hart?.id) };
    expect(await log({ ...about, actor_name: 'Olivia Bright' })).toMatchObject([
      { action: 'update', changes: { nickname: { old: null, new: 'Bea' } } },
    ]);
    expect(await log({ ...about, action: 'create' })).toMatchObject([
      { entity_type: 'address', actor_name: 'Dana' },
      { entity_type: 'contact', actor_name: 'Dana' },
    ]);
    expect(await log({ domain_action: 'address.create', actor_kind: 'user' })).toHaveLength(2);
    expect(await log({ actor_kind: 'agent', domain_action: 'member.create' })).toEqual([]);
    expect(await log({ to: '2020-01-01' })).toEqual([]);
    expect(await log({ from: '2020-01-01', ...about })).not.toEqual([]);
    expect(await refusal(log({ subject_id: 'C-1002' }))).toMatchObject({
      field: 'subject_id',
      got: 'C-1002',
    });
  });

  test('is read page by page, newest first, every entry once', async () => {
    const { dana, app, read } = panes();
    const fields = ['created_at'];
    const all = (await read(dana, 'audit_log', { limit: 100, fields })).map(entry => entry.id);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 7, fields, ...(cursor === undefined ? {} : { cursor }) };
      const page = await app.read(dana, 'audit_log', query, { request_id: 'r' });
      seen.push(...page.rows.map(entry => entry.id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('is not for technicians, and not for the other business', async () => {
    const { theo, clear, read } = panes();
    expect(await refusal(read(theo, 'audit_log'))).toMatchObject({ code: 'FORBIDDEN' });
    const theirs = await read(clear.owner, 'audit_log', { limit: 100 });
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.map(entry => entry.actor_name)).not.toContain('Dana');
  });
});

describe('nobody rewrites the history', () => {
  const attempts = ['update audit_log set actor_name = $1', 'delete from audit_log where actor_name <> $1'];

  test.each(attempts)('%s is refused, with any rights', async text => {
    const attempt = { text, values: ['somebody else'] };
    await expect(asApplication(panes(), panes().bright, attempt)).rejects.toMatchObject({ code: '42501' });
    await expect(asTableOwner(panes(), text, ['somebody else'])).rejects.toMatchObject({ code: '42501' });
  });

  test('nor writes an entry of their own that looks like a change', async () => {
    const { bright, read, dana } = panes();
    const [jane] = await read(dana, 'contacts', { id: 'C-1001' });
    const entry = (action: string) =>
      sql`select log_audit('contact', ${String(jane?.id)}::uuid, ${action}, '{}'::jsonb)`;
    await expect(asApplication(panes(), bright, entry('delete'))).rejects.toMatchObject({ code: '23514' });
    expect(await asApplication(panes(), bright, entry('exported'))).toBe(1);
  });

  test('and what is noted there by hand holds no card number', async () => {
    const { agent, done } = panes();
    const data = { where: 'by phone', card: 'paid with 4242 4242 4242 4242', amount: 12 };
    await done(agent, 'audit.log', { contact_id: 'C-1001', action: 'consent_given', data });
    expect(await log({ action: 'consent_given' })).toMatchObject([
      {
        changes: {
          where: { new: 'by phone' },
          card: { new: 'paid with [REDACTED CARD ..4242]' },
          amount: { new: 12 },
        },
      },
    ]);
  });
});
