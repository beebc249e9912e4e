import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../core/kernel/database/sql.ts';
import { openFolds, overflow, sizes, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

const script = '<script>window.hit = 1</script><img src=x onerror="window.hit = 1">';
const attribute = `"' onfocus="window.hit = 1" autofocus x='`;
const turned = 'Jane \u202Ehtims\u202C\u200B';
const flood = `${'<b>wide</b>'.repeat(1800)}${'W'.repeat(200)}`;
const lines = `first\n${'\n'.repeat(300)}last`;

beforeAll(async () => {
  const office = pages();
  await tellStory(office);
  const { bright, done, act, db } = office;
  const dana = as(bright, 'Dana');
  const hostile = { full_name: script, nickname: attribute, tags: [script.slice(0, 40), 'W'.repeat(50)] };
  await done(bright.agent, 'contact.create', {
    ...hostile,
    custom_fields: { source: attribute },
    notes: flood,
  });
  await done(bright.agent, 'contact.create', { full_name: 'to be turned' });
  await done(bright.agent, 'address.create', { contact_id: 'C-1004', line1: 'W'.repeat(200), label: script });
  const service = await done(bright.owner, 'service.create', {
    name: `${script}${'W'.repeat(100)}`,
    pricing: 'fixed',
    price_cents: 1,
  });
  await done(bright.agent, 'ticket.create', {
    contact_id: 'C-1004',
    scheduled_at: '2026-11-18T11:00',
    lines: [{ service_id: String(service.id) }],
    technician_ids: [String(bright.people.Theo?.id)],
    notes: lines,
  });
  await done(
    dana,
    'ticket.update',
    { ticket_id: 'T-2004', notes: flood },
    { reasoning: `${script} ${'W'.repeat(500)}` },
  );
  for (const content of [script, flood, lines, turned]) {
    await done(dana, 'note.create', { contact_id: 'C-1004', content });
  }
  await done(dana, 'note.create', { contact_id: 'C-1005', content: 'has a history' });
  await done(bright.agent, 'lead.create', {
    raw_notes: `${turned}\n${script}\n${flood.slice(0, 9000)}`,
    title: `${script}${'W'.repeat(100)}`,
    full_name: attribute,
    tags: [script.slice(0, 40)],
    fields: {
      full_name: script,
      service_interest: 'W'.repeat(200),
      property_details: [{ key: 'pet', value: script, details: { name: attribute } }],
    },
  });
  await done(dana, 'interaction.create', {
    lead_id: 'L-1001',
    type: 'phone_call',
    direction: 'inbound',
    subject: script,
    body: flood,
    follow_up_at: '2026-11-19T09:00',
  });
  await done(dana, 'lead.disqualify', { lead_id: 'L-1001', reason: 'other', note: script });
  await done(dana, 'lead.reopen', { lead_id: 'L-1001' });
  await done(bright.agent, 'attribute.set', { contact_id: 'C-1004', key: 'pet', value: script });
  await done(bright.agent, 'attribute.set', { contact_id: 'C-1004', key: 'remark', value: 'W'.repeat(300) });
  await act(bright.agent, 'contact.delete', { contact_id: 'C-1005' }, { reasoning: script.repeat(20) });
  // Older data and other programs may hold what our input refuses.
  await db.transaction('read write', async tx => {
    await tx.run(
      sql`select set_ctx(${bright.id}::uuid, null, '{"kind": "system", "name": "older data"}'::jsonb)`,
    );
    const name = `${turned}\n${'W'.repeat(300)}`;
    await tx.run(sql`update contacts set full_name = ${name} where reference = 'C-1005'`);
  });
});

const paths = [
  '/',
  '/contacts',
  '/contacts/C-1004',
  '/contacts/C-1005',
  '/contacts/C-1004/timeline',
  '/tickets/T-2004',
  '/leads',
  '/leads/L-1001',
  '/leads/L-1001/timeline',
  '/follow-ups',
  '/facts',
  `/search?q=${encodeURIComponent(script)}`,
  '/search?q=hit',
  '/outbox',
  '/capabilities',
];

async function open(page: Page, path: string): Promise<string> {
  const response = await page.goto(pages().url + path);
  expect(response?.status()).toBe(200);
  return page.locator('body').innerText();
}

describe('what strangers wrote is shown as text', () => {
  test.each(sizes)(
    'on every page at $width × $height: nothing runs, nothing scrolls sideways',
    async size => {
      const { page, context, complaints } = await openTab({ size });
      const { signIn, url } = pages();
      const value = await signIn('olivia@brightpanes.example');
      await context.addCookies([{ name: 'deskhand_session', value, url }]);
      for (const path of paths) {
        await open(page, path);
        await openFolds(page);
        expect(await overflow(page), path).toBe(0);
        expect(await page.evaluate('window.hit'), path).toBeUndefined();
      }
      expect(complaints).toEqual([]);
    },
  );

  test('the words themselves are there, to the last one, and turned ones show how', async () => {
    const { page, context } = await openTab();
    const { signIn, url } = pages();
    const value = await signIn('olivia@brightpanes.example');
    await context.addCookies([{ name: 'deskhand_session', value, url }]);
    const contact = await open(page, '/contacts/C-1004');
    expect(contact).toContain(script);
    expect(contact).toContain('called "\' onfocus="window.hit = 1" autofocus');
    expect(contact).toContain('Jane [U+202E]htims[U+202C][U+200B]');
    expect(contact).toContain('show all 20,000 characters');
    const whole = page.locator('.prose', { hasText: flood });
    expect(await whole.first().isVisible()).toBe(false);
    await page.getByText('show all 20,000 characters').first().click();
    expect(await whole.first().isVisible()).toBe(true);
    await page.getByText('show all 310 characters').click();
    expect(await page.locator('.prose', { hasText: 'last' }).last().isVisible()).toBe(true);
    expect(await open(page, '/contacts/C-1005')).toContain('Jane [U+202E]htims[U+202C][U+200B]');
    expect(await page.title()).toContain('Jane [U+202E]htims');
    expect(await open(page, '/tickets/T-2004')).toContain(`Why: “${script}`);
    expect(await open(page, '/')).toContain(script.repeat(3));
  });

  test('an inquiry holds them as they were said, in its text and in the fields of its form', async () => {
    const { page, context } = await openTab();
    const { signIn, url } = pages();
    const value = await signIn('olivia@brightpanes.example');
    await context.addCookies([{ name: 'deskhand_session', value, url }]);
    const lead = await open(page, '/leads/L-1001');
    expect(lead).toContain(`${script}${'W'.repeat(100)}`);
    expect(await page.locator('#full_name').inputValue()).toBe(attribute);
    expect(await page.getByText(`by the agent: “${script}”`).isVisible()).toBe(true);
    expect(await page.locator('#property_details').inputValue()).toBe(`pet: ${script} (name: ${attribute})`);
    await openFolds(page);
    expect(await page.locator('.prose').first().innerText()).toContain('Jane [U+202E]htims[U+202C][U+200B]');
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await open(page, '/facts')).toContain(`pet: ${script}`);
  });

  test('a search for markup finds it in the field again, as text', async () => {
    const { page, context, complaints } = await openTab();
    const { signIn, url } = pages();
    const value = await signIn('olivia@brightpanes.example');
    await context.addCookies([{ name: 'deskhand_session', value, url }]);
    const text = await open(
      page,
      `/contacts?search=${encodeURIComponent(`"><script>window.hit=1</script>`)}`,
    );
    expect(text).toContain('“"><script>window.hit=1</script>”');
    expect(await page.locator('#search').inputValue()).toBe('"><script>window.hit=1</script>');
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});
