import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { usePages } from '../support/pages.ts';

// Where an office sees who could come sooner, and offers it.

const pages = usePages();
const dana = 'dana@brightpanes.example';

beforeAll(async () => {
  const { done, bright } = pages();
  const office = as(bright, 'Dana');
  for (const full_name of ['Jane Smith', 'Mrs Hart'])
    await done(office, 'contact.create', { full_name, email: `${full_name.slice(-4)}@example.com` });
  for (const contact_id of ['Jane Smith', 'Mrs Hart'])
    await done(office, 'ticket.create', {
      contact_id,
      scheduled_at: contact_id === 'Jane Smith' ? '2026-11-24T09:00' : '2026-12-17T09:00',
      duration_minutes: 60,
      technician_ids: ['Theo'],
    });
  await done(office, 'waitlist.create', { contact_id: 'Mrs Hart', ticket_id: 'T-2002' });
});

async function open(path: string, session: string, cookie = ''): Promise<string> {
  const response = await pages().send(path, { session, cookie });
  expect(response.status).toBe(200);
  return response.text();
}

/** Presses the first button that offers a time on a page; answers the page after it. */
async function offerFirst(path: string, session: string, without?: string) {
  const text = await open(path, session);
  const [form = ''] = /<form method="post" action="\/gaps\/offer".*?<\/form>/s.exec(text) ?? [];
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)]
    .map(([, name = '', value = '']): [string, string] => [name, value])
    .filter(([name]) => name !== without);
  const response = await pages().send('/gaps/offer', { session, form: Object.fromEntries(fields) });
  const cookie = /deskhand_flash=[^;]+/.exec(response.headers.getSetCookie().join())?.[0] ?? '';
  return response.status === 303
    ? open(response.headers.get('location') ?? '', session, cookie)
    : response.text();
}

describe('the office', () => {
  test('is led from a cancelled visit to who could come instead, and offers it', async () => {
    const { done, bright } = pages();
    const session = await pages().signIn(dana);
    expect(await open('/tickets/T-2001', session)).toContain('Would come sooner');
    expect(await open('/tickets/T-2002', session)).toContain('Wants it sooner');
    expect(await open('/contacts/C-1002', session)).toContain('wants to come sooner');
    await done(as(bright, 'Dana'), 'ticket.cancel', { ticket_id: 'T-2001', cancel_reason: 'away' });
    const visit = await open('/tickets/T-2001', session);
    expect(visit).toContain('href="/gaps?date=2026-11-24"');

    const gaps = await open('/gaps?date=2026-11-24', session);
    expect(gaps).toContain('Tue, Nov 24, 2026, 8:00 AM–5:00 PM with Theo');
    expect(gaps).toContain('Mrs Hart');
    expect(gaps).toContain('23 days sooner than T-2002');
    expect(await offerFirst('/gaps?date=2026-11-24', session, 'to-WL-1')).toContain(
      'Tick who gets the offer.',
    );
    expect(await offerFirst('/gaps?date=2026-11-24', session)).toContain('mailed to');
    const [offer] = await pages().read(bright.owner, 'waitlist_offers');
    expect(offer).toMatchObject({ status: 'open', starts_at: '2026-11-24T14:00:00.000Z' });
    // Who has an offer of it is not offered it twice.
    const offered = await open('/gaps?date=2026-11-24', session);
    expect(offered).toMatch(/Mrs Hart.{0,80}<a href="\/records\/waitlist_offers\/WO-1">offered<\/a> until/);
    const again = { scheduled_at: '2026-11-24T08:00', technician_id: offer?.technician_id, to: ['WL-1'] };
    await expect(done(as(bright, 'Dana'), 'waitlist.offer', again)).rejects.toMatchObject({
      message: expect.stringContaining('was offered a time then already'),
    });
  });
});
