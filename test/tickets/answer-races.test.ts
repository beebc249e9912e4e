import { beforeAll, expect, test } from 'vitest';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { answer, mailsOf, replyPage } from '../support/reply.ts';

const front = useHttp();
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
});

const statusOf = async (id: string) =>
  (await panes.read(panes.dana, 'tickets', { id, fields: ['confirmation_status'] }))[0]?.confirmation_status;

test('an answer and what follows from it are one: what cannot be done wholly is not done, and may be said again', async () => {
  const { id } = await panes.book('2026-12-01T10:00', { notify_customer: true });
  const page = await replyPage(panes, front().url, id);
  const { owner } = panes.database;
  await owner.query(
    `alter table scheduled_messages add constraint no_skip check (status <> 'skipped') not valid`,
  );
  expect((await answer(page, { choice: 'accepted' })).status).toBe(500);
  expect(await statusOf(String(id))).toBe('pending');
  expect((await mailsOf(panes, id)).filter(mail => mail.includes(' pending '))).toHaveLength(3);
  await owner.query('alter table scheduled_messages drop constraint no_skip');
  expect((await answer(page, { choice: 'accepted' })).status).toBe(200);
  expect(await statusOf(String(id))).toBe('accepted');
  expect((await mailsOf(panes, id)).filter(mail => mail.includes(' pending '))).toHaveLength(1);
});

test('an answer that comes while a follow-up is being sent: it goes out or it does not, and no other one does', async () => {
  const { owner } = panes.database;
  const worker = { via: 'system', organization_id: panes.bright.id, name: 'worker' } as const;
  for (const hour of ['08', '09', '11', '13']) {
    panes.setClock('2026-11-18T08:00:00-06:00');
    const { id } = await panes.book(`2026-12-02T${hour}:00`, { notify_customer: true });
    const page = await replyPage(panes, front().url, id);
    const { rows } = await owner.query<{ id: string; send_at: Date }>(
      `select id, send_at from scheduled_messages where ticket_id = $1 and status = 'pending' order by send_at limit 1`,
      [id],
    );
    const [due] = rows;
    panes.setClock('2026-11-20T08:00:00-06:00');
    const send = { message_id: due?.id, send_at: due?.send_at.toISOString() };
    const [pressed] = await Promise.all([
      answer(page, { choice: 'accepted' }),
      panes.done(worker, 'message.send_due', send),
    ]);
    expect([pressed.status, await statusOf(String(id))]).toEqual([200, 'accepted']);
    const mails = (await mailsOf(panes, id)).map(mail => mail.split(' ', 2).join(' '));
    const followUps = mails.filter(mail => mail.startsWith('confirmation_follow_up'));
    expect(followUps).toHaveLength(2);
    expect(followUps[0]).toMatch(/ (sending|skipped)$/);
    expect(followUps[1]).toBe('confirmation_follow_up skipped');
    expect(mails).toContain('reminder pending');
  }
});
