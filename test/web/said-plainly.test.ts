import { describe, expect, test } from 'vitest';
import { usePages } from '../support/pages.ts';
import { plain } from './lead-pages.ts';
import { useReview } from './review-people.ts';

const pages = usePages();
const { see } = useReview(pages);

describe('what an assistant asks for', () => {
  test('reads on the day and in the inbox as where it is decided', async () => {
    const { act, bright, done } = pages();
    const hart = await done(bright.owner, 'contact.create', {
      full_name: 'Hanna Lee',
      phone: '256 555 0171',
    });
    await done(bright.owner, 'note.create', { contact_id: hart.id, content: 'Has history', extract: 'no' });
    const asked = await act(bright.agent, 'contact.delete', { contact_id: hart.id }, { reasoning: 'Moved' });
    const words = `Delete the customer ${String(hart.reference)} Hanna Lee`;
    for (const path of ['/', '/inbox']) {
      const { text } = await see(path);
      expect(text, path).toMatch(new RegExp(`${words} ?Office Manager asked`));
      expect(text, path).not.toMatch(/Delete contact|«/);
    }
    const { text } = await see(`/review/${String(asked.data.request)}`);
    expect(text).toContain('wants to delete the customer Hanna Lee');
  });

  test('is one mail where one goes out, and says once that it cannot be taken back', async () => {
    const { act, bright, done } = pages();
    const lee = await done(bright.owner, 'contact.create', { full_name: 'Ann Lee', phone: '256 555 0172' });
    await done(bright.agent, 'contact.update', { contact_id: lee.id, email: 'ann@example.com' });
    const mail = { contact_id: lee.id, kind: 'outreach', subject: 'About Friday', body: 'Shall we come?' };
    const asked = await act(bright.agent, 'message.schedule', mail, { reasoning: 'She asked' });
    const { text, markup } = await see(`/review/${String(asked.data.request)}`);
    expect(text).toContain('and send an e-mail to ann@example.com');
    expect(text).not.toMatch(/2 messages|scheduled message/i);
    expect(text.match(/cannot be taken back/g)).toHaveLength(1);
    expect(plain(markup.replace(/ value="[^"]*"/g, ''))).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    // Everything stands with what is stored.
    expect((await see(`/review/${String(asked.data.request)}/stored`)).text).toContain('scheduled_message');
  });

  test('and may not, is told without the names of our code', async () => {
    const { act, bright } = pages();
    const key = act(bright.agent, 'agent.create_key', { agent_id: 'Office Manager' });
    await expect(key).rejects.toMatchObject({ code: 'HUMAN_ONLY' });
    const { text } = await see('/review/attempts');
    expect(text).toContain('This is for people; no agent can do it on any path.');
    expect(text).not.toContain('agent.create_key');
  });
});

test('a day stands in a history and among what was found as people write it', async () => {
  const { bright, done } = pages();
  const customer = await done(bright.owner, 'contact.create', { full_name: 'Dee Day' });
  const lines = [{ description: 'Awning', unit_price_cents: 9000 }];
  const bill = await done(bright.owner, 'invoice.create', {
    contact_id: customer.id,
    lines,
    due_on: '2026-12-18',
  });
  const { reference } = await done(bright.owner, 'invoice.update', {
    invoice_id: bill.id,
    due_on: '2026-12-21',
  });
  const { text } = await see(`/invoices/${String(reference)}`);
  expect(text).toContain('due on Fri, Dec 18, 2026 → Mon, Dec 21, 2026');
  const found = await see(`/search?q=${String(reference)}`);
  expect(found.text).toContain('due Mon, Dec 21, 2026');
  for (const shown of [text, found.text]) expect(shown).not.toMatch(/\d{4}-\d\d-\d\d/);
});

test('what changed is told by the fields as people call them, each once, and what is not there by its name', async () => {
  const { bright, done } = pages();
  const customer = await done(bright.owner, 'contact.create', { full_name: 'Tim Line' });
  const { id } = await done(bright.owner, 'invoice.create', {
    contact_id: customer.id,
    lines: [{ description: 'Awning', unit_price_cents: 9000 }],
  });
  await done(bright.owner, 'invoice.finalize', { invoice_id: id });
  await done(bright.owner, 'invoice.record_payment', { invoice_id: id, amount_cents: 9000, method: 'cash' });
  const { text } = await see(`/contacts/${String(customer.reference)}/timeline`);
  expect(text).toContain('invoice changed: paid, status');
  expect(text).not.toMatch(/cents|the paid time|_/);
  const missing = await see('/tickets/T-9999');
  expect(missing.status).toBe(404);
  expect(missing.text).toContain('There is no visit T-9999 here.');
});

test('a fact that was understood of an inquiry is shown by what people call it, and stays the fact it was', async () => {
  const { bright, done } = pages();
  const said = 'Gail Stone, two-story house, gate code 4471, phone 256 555 0173';
  const lead = await done(bright.owner, 'lead.create', { raw_notes: said, extract: 'now' });
  const { text, markup } = await see(`/leads/${String(lead.reference)}`);
  expect(text).toContain('gate code: 4471');
  expect(markup).not.toMatch(/gate_code|story_count/);
});
