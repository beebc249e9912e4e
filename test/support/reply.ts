import type { Office } from './office.ts';

/** What a visit still waits to send: `reminder pending 2026-11-30T15:00:00.000Z`, by time. */
export async function mailsOf({ database }: Pick<Office, 'database'>, ticketId: unknown): Promise<string[]> {
  const { rows } = await database.owner.query<{ kind: string; status: string; send_at: Date }>(
    `select kind, status, send_at from scheduled_messages where ticket_id = $1 order by send_at, id`,
    [ticketId],
  );
  return rows.map(({ kind, status, send_at }) => `${kind} ${status} ${send_at.toISOString()}`);
}

/** The page behind the buttons of the newest mail about a visit, below a server. */
export async function replyPage(
  { database, app, bright }: Pick<Office, 'database' | 'app' | 'bright'>,
  url: string,
  ticketId: unknown,
): Promise<string> {
  const { rows } = await database.owner.query<{ id: string }>(
    `select id from customer_links where subject_id = $1 and purpose = 'confirm' order by created_at desc, id desc limit 1`,
    [ticketId],
  );
  const [link] = rows;
  if (!link) throw new Error('no mail with a link went out about this visit');
  return url + new URL(app.linkAddress(bright.id, 'confirm', link.id)).pathname;
}

/** Presses a button of the page, as a browser without scripts does. */
export const answer = (address: string, fields: Record<string, string>): Promise<Response> =>
  fetch(address, { method: 'POST', body: new URLSearchParams(fields) });
