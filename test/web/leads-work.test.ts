import { describe, expect, test } from 'vitest';
import { as, storyTime } from '../support/office.ts';
import { fieldOf } from '../support/pages.ts';
import { call, plain, useLeadPages } from './lead-pages.ts';

const { pages, see, post, takeIn, leadOf } = useLeadPages();

describe('the work on a lead', () => {
  test('goes from button to button: contacted, qualified, a reminder, a customer', async () => {
    const reference = await takeIn({ raw_notes: call });
    const at = `/leads/${reference}`;
    expect((await post(`${at}/status`, { status: 'contacted' })).text).toContain('The lead is contacted.');
    expect((await post(`${at}/status`, { status: 'qualified' })).text).toContain('The lead is qualified.');
    const reminded = await post(`${at}/reminder`, { reminder_at: '2026-11-20T09:30' });
    expect(reminded.text).toContain('Reminder Fri, Nov 20, 2026, 9:30 AM');
    expect((await post(`${at}/reminder`, { clear: '1' })).text).not.toContain('Reminder Fri');
    const past = await post(`${at}/reminder`, { reminder_at: '2026-11-17T09:30' });
    expect(past.status).toBe(400);
    expect(past.text).toContain('This time is past.');
    const converted = await post(`${at}/convert`, {});
    expect(converted.text).toContain('The lead is a customer now.');
    expect(converted.text).toMatch(/Customer Mary Collins C-\d+/);
    expect(converted.text).not.toContain('Convert to customer');
  });

  test('a double press on the button makes one customer', async () => {
    const reference = await takeIn({ raw_notes: 'Nina Frost called, 256-555-0188, wants windows' });
    const { markup } = await see(`/leads/${reference}`);
    const button = /action="\/leads\/L-\d+\/convert"[\s\S]*?<\/form>/.exec(markup)?.[0] ?? '';
    const form = { idempotency_key: fieldOf(button, 'idempotency_key') };
    const both = await Promise.all([
      post(`/leads/${reference}/convert`, form),
      post(`/leads/${reference}/convert`, form),
    ]);
    expect(both.map(({ status }) => status)).toContain(303);
    const named = await pages().read(pages().bright.owner, 'contacts', { search: 'Nina Frost' });
    expect(named).toHaveLength(1);
  });

  test('a lead that nobody has named cannot become a customer, and its page says what is missing', async () => {
    const reference = await takeIn({ raw_notes: 'wants a quote' });
    const { status, text } = await post(`/leads/${reference}/convert`, {});
    expect(status).toBe(409);
    expect(text).toContain(`Nobody knows yet who ${reference} is.`);
  });

  test('when a number is two customers’, the page asks which one, and takes the answer', async () => {
    const { done, bright } = pages();
    for (const full_name of ['Ann Twin', 'Abe Twin']) {
      await done(bright.agent, 'contact.create', { full_name, phone: '256-555-0111' });
    }
    const { location, text } = await post('/leads/new', { raw_notes: 'Screens', phone: '256-555-0111' });
    expect(text).toContain('Several customers have this e-mail address or number');
    const asked = await post(`${location}/convert`, {});
    expect(asked.status).toBe(409);
    const choice = /name="contact_id" value="(C-\d+)"><bdi>Abe Twin/.exec(asked.markup)?.[1] ?? '';
    expect((await post(`${location}/customer`, { contact_id: choice })).text).toMatch(
      /Customer Abe Twin C-\d+ , known already/,
    );
    expect((await post(`${location}/customer`, { clear: 'contact_id' })).text).not.toMatch(/Customer Abe/);
    const nobody = await post(`${location}/customer`, { contact_id: 'Zebulon Quark' });
    expect(nobody.status).toBe(404);
    expect(nobody.text).toContain('There is no contact «Zebulon Quark» here.');
  });

  test('ends with a reason and begins again', async () => {
    const reference = await takeIn({ raw_notes: 'Far away', full_name: 'Una Weit' });
    const at = `/leads/${reference}`;
    const ended = await post(`${at}/end`, {
      how: 'disqualify',
      reason: 'outside_scope',
      why: 'Two hours away.',
    });
    expect(ended.text).toMatch(/Ended outside scope Two hours away\./);
    expect(ended.text).not.toContain('Convert to customer');
    expect((await post(`${at}/status`, { status: 'contacted' })).status).toBe(409);
    expect((await post(`${at}/reopen`, {})).text).toContain('The lead is open again.');
    expect((await post(`${at}/end`, { how: 'archive' })).text).toContain('archived');
    expect((await leadOf(reference)).status).toBe('archived');
  });

  test('calls and notes are written down, and a call back is ticked off', async () => {
    const reference = await takeIn({ raw_notes: call });
    const at = `/leads/${reference}`;
    const { text } = await post(`${at}/said`, {
      way: 'we_called',
      outcome: 'left_voicemail',
      body: 'Nobody home.',
      follow_up_at: '2026-11-19T10:00',
    });
    expect(text).toMatch(/We called · left voicemail IN-\d+ Nobody home\./);
    expect(text).toContain('Call back Thu, Nov 19, 2026, 10:00 AM');
    const [latest] = await pages().read(pages().bright.owner, 'interactions', {
      params: { lead_id: reference },
      sort: '-created_at',
      limit: 1,
    });
    const done = await post(`${at}/followed-up`, { interaction: String(latest?.reference) });
    expect(done.text).toContain('Call back completed, was due Thu, Nov 19, 2026, 10:00 AM');
    const empty = await post(`${at}/said`, { way: 'note', outcome: 'none', body: ' ' });
    expect(empty.status).toBe(400);
    expect(empty.text).toContain('Write what was said');
  });
});

describe('the list of leads', () => {
  test('shows what is open; other lists are one tap away', async () => {
    const { done, bright } = pages();
    const dana = as(bright, 'Dana');
    const open = await done(dana, 'lead.create', { title: 'List: open', full_name: 'Olaf List' });
    const ended = await done(dana, 'lead.create', { title: 'List: ended', full_name: 'Ella List' });
    await done(dana, 'lead.disqualify', { lead_id: String(ended.reference), reason: 'budget' });
    await done(dana, 'lead.set_reminder', {
      lead_id: String(open.reference),
      reminder_at: '2026-11-18T09:00',
    });
    const first = await see('/leads');
    expect(first.text).toContain('List: open');
    expect(first.text).not.toContain('List: ended');
    expect((await see('/leads?list=all')).text).toContain('List: ended');
    expect((await see('/leads?list=unconfirmed')).text).not.toContain('List: open');
    expect((await see('/leads?list=reminder_due')).text).toContain('No reminder is due.');
    // The day tells of whom to call by tonight.
    expect((await see('/')).text).toMatch(/\d call-backs? due/);
    pages().setClock('2026-11-18T09:30:00-06:00');
    expect((await see('/leads?list=reminder_due')).text).toContain('List: open');
    expect((await see('/')).text).toMatch(/\d call-backs? due/);
    pages().setClock(storyTime);
    expect((await see('/leads?list=nonsense')).text).toContain('List: open');
  });

  test('goes on with the next page', async () => {
    const { done, bright } = pages();
    for (let n = 10; n < 32; n += 1) {
      await done(as(bright, 'Dana'), 'lead.create', { title: `Long ${n}`, full_name: `Long List ${n}` });
    }
    const { markup } = await see('/leads');
    const more =
      /href="(\/leads\?list=open&amp;cursor=[^"]+)"/.exec(markup)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(plain(markup)).toContain('Long 31');
    expect((await see(more)).text).toContain('Long 10');
  });
});
