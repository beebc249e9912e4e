import { beforeAll, expect, test } from 'vitest';
import { stock } from '../support/bright-panes.ts';
import { overflow, useBrowser } from '../support/browser.ts';
import { csrfOf, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
let session = '';

beforeAll(async () => {
  await stock(pages());
  session = await pages().signIn('olivia@brightpanes.example');
});

/** A visit whose customer asks for another time. */
async function asked(date: string, wish: Record<string, unknown>): Promise<string> {
  const { done, bright } = pages();
  const { reference } = await done(bright.owner, 'ticket.create', {
    contact_id: 'C-1001',
    scheduled_at: `${date}T10:00`,
    duration_minutes: 60,
    technician_ids: ['Theo'],
  });
  await done(bright.owner, 'ticket.confirm', {
    ticket_id: reference,
    confirmation_status: 'modify_requested',
    ...wish,
  });
  return String(reference);
}

const see = async (path: string) => (await pages().send(path, { session })).text();
const press = async (reference: string, fields: Record<string, string> = {}) =>
  pages().send(`/tickets/${reference}/accept-change`, {
    session,
    form: { csrf_token: await csrfOf(pages(), session), ...fields },
  });

test('the inbox and the visit say what the customer asks for, in their words, with a button that gives it to them', async () => {
  const reference = await asked('2026-12-01', {
    asked_for_at: '2026-12-02T14:00',
    customer_words: 'We are <away> on Tuesday.',
  });
  for (const page of [await see('/inbox'), await see(`/tickets/${reference}`)]) {
    expect(page).toContain('asks for Wed, Dec 2, 2026, 2:00 PM');
    expect(page).toContain('We are &lt;away&gt; on Tuesday.');
    expect(page).toContain(`action="/tickets/${reference}/accept-change"`);
    expect(page).toContain('Move it to Wed, Dec 2, 2026, 2:00 PM');
  }
  const done = await press(reference);
  expect([done.status, done.headers.get('location')]).toEqual([303, `/tickets/${reference}`]);
  const after = await see(`/tickets/${reference}`);
  expect(after).toContain('The customer confirmed.');
  expect(after).not.toContain('accept-change');
  expect(await see('/inbox')).not.toContain(reference);
});

test('a time that is taken by now is not given, and the free ones are a press away', async () => {
  const reference = await asked('2026-12-03', { asked_for_at: '2026-12-04T14:00' });
  const { done, bright } = pages();
  for (const technician of ['Theo', 'Tess'])
    await done(bright.owner, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-04T14:00',
      duration_minutes: 60,
      technician_ids: [technician],
    });
  const refused = await press(reference);
  const page = await refused.text();
  expect([refused.status, page]).toEqual([
    409,
    expect.stringContaining('is taken by now; nothing was moved'),
  ]);
  const at = /name="at" value="([^"]+)"/.exec(page)?.[1] ?? '';
  expect((await press(reference, { at })).status).toBe(303);
  const [visit] = await pages().read(bright.owner, 'tickets', { id: reference });
  expect(Date.parse(String(visit?.scheduled_at))).toBe(Date.parse(at));
});

test('who asked in words alone is looked for another time by hand', async () => {
  const reference = await asked('2026-12-07', { customer_words: 'Rather in the afternoon' });
  const page = await see(`/tickets/${reference}`);
  expect(page).toContain('asks for another time');
  expect(page).toContain(`href="/tickets/${reference}/move"`);
  expect(page).not.toContain('accept-change');
});

test('on a phone the button with the time the customer asks for is no wider than the page', async () => {
  const reference = await asked('2026-12-08', { asked_for_at: '2026-12-09T14:00' });
  const { page, context } = await openTab();
  await context.addCookies([{ name: 'deskhand_session', value: session, url: pages().url }]);
  for (const path of ['/inbox', `/tickets/${reference}`]) {
    await page.goto(pages().url + path);
    await page.getByRole('button', { name: 'Move it to Wed, Dec 9, 2026, 2:00 PM' }).waitFor();
    expect(await overflow(page), path).toBe(0);
  }
});
