import { describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { csrfOf, fieldOf, usePages } from '../support/pages.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { useReview } from './review-people.ts';
import { askFor, askToDelete, dana, isThere, owner, plain, requestRow, theo } from './review-story.ts';

const pages = usePages();
const { session, see, press, decide } = useReview(pages);

describe('what waits', () => {
  test('is listed by action, with a sentence, who asked, until when, and which rule fired', async () => {
    const ada = await askToDelete(pages(), 'Ada Listed');
    const bea = await askToDelete(pages(), 'Bea Listed');
    const { text, markup } = await see('/review');
    expect(text).toContain(`Office Manager wants to delete the customer Ada Listed ${ada.contact}.`);
    expect(text).toContain('address 9 New Road, Madison A-');
    expect(text).toContain('Can be brought back.');
    expect(text).toContain('Asked because this customer has 1 note.');
    expect(text).toMatch(/Asked .* waits until .* R-\d+/);
    expect(markup).toContain(`href="/review/${ada.request}"`);
    expect(text).toMatch(/See and decide these \d together/);
    expect((await see('/')).markup).toContain(`href="/review/${bea.request}"`);
    expect(text).toContain('Approvals');
  });

  test('can be looked at by a member of the office, who gets no buttons; a technician gets nothing', async () => {
    const { request } = await askToDelete(pages(), 'Cora Looked At');
    const looked = await see(`/review/${request}`, dana);
    expect(looked.status).toBe(200);
    expect(looked.text).toContain('Only the owner or an admin decides.');
    expect(looked.markup).not.toContain('/allow-once');
    expect((await see(`/review/${request}`)).markup).toContain('/allow-once');
    for (const path of ['/review', `/review/${request}`, '/review/history', '/review/levels']) {
      expect((await see(path, theo)).status, path).toBe(403);
    }
  });

  test('a member who sends the form anyway changes nothing; the note is not lost', async () => {
    const { request, contact } = await askToDelete(pages(), 'Dora Member');
    const { digest } = await requestRow(pages(), request);
    const pressed = await press(
      `/review/${request}/deny`,
      { digest: String(digest), content: 'I would not' },
      dana,
    );
    expect(pressed.status).toBe(403);
    expect(pressed.text).toContain('I would not');
    expect((await requestRow(pages(), request)).status).toBe('pending');
    await decide(request, 'allow-once');
    expect(await isThere(pages(), contact)).toBe(false);
  });
});

describe('the page of one request', () => {
  test('says in the server’s words what will happen, and below it what the agent says', async () => {
    const { request, contact } = await askToDelete(pages(), 'Eve Shown', 'She moved to Texas last week.');
    const { text, markup } = await see(`/review/${request}`);
    expect(markup).toMatch(/<h1><span><bdi>Office Manager<\/bdi> wants to delete the customer/);
    for (const words of [
      `Office Manager wants to delete the customer Eve Shown ${contact}.`,
      'Changes1 customer, 1 address',
      'Nothing; nobody is written to.',
      'None is moved',
      'Can be brought back.',
      'this customer has 1 note. Your rule: delete customer, when the customer has history',
      '9 New Road',
    ]) {
      expect(text).toContain(words);
    }
    expect(text.indexOf('The agent’s own words')).toBeGreaterThan(text.indexOf('What changes'));
    expect(text.indexOf('She moved to Texas')).toBeGreaterThan(text.indexOf('The agent’s own words'));
  });

  test('shows every changed field from what to what, whole', async () => {
    const notes = `${'Bring the long ladder. '.repeat(80)}The end.`;
    const request = await askFor(pages(), 'contact.update', { contact_id: 'C-1001', notes, tags: ['vip'] });
    const { text, markup } = await see(`/review/${request}`);
    expect(text).toContain('wants to change the customer Jane Smith C-1001.');
    expect(text).toContain('notes Prefers a call before we come. → ');
    expect(text).toContain('tags gate code, annual → vip');
    expect(markup).toContain(notes);
    expect(text).toContain('Can be changed back');
  });

  test('shows money, time, and every mail as it would leave', async () => {
    // An agent wrote Jane’s address down; the street goes only to one that a person has confirmed.
    const confirmed = { contact_id: 'C-1001', email: 'jane.smith@example.com' };
    await pages().done(pages().bright.owner, 'contact.confirm_email', confirmed);
    const request = await askFor(pages(), 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-20T13:00',
      lines: [{ service_id: 'S-1' }],
      technician_ids: ['Theo'],
      notify_customer: true,
    });
    const { text } = await see(`/review/${request}`);
    expect(text).toContain('wants to book a visit on Fri, Nov 20, 2026, 1:00 PM for Jane Smith C-1001');
    expect(text).toContain('and send an e-mail to jane.smith@example.com');
    expect(text).toContain('None is moved; amounts that change: total of visit: $180.00');
    expect(text).toContain('The message cannot be taken back once sent.');
    expect(text).toContain('Subject: Your appointment on Friday, November 20 at 1:00 PM');
    expect(text).toContain('We have you down for Friday, November 20 at 1:00 PM');
    expect(text).toContain('technician nothing → Theo');
  });

  test('to add the holidays of a year names them, the first four of many', async () => {
    const request = await askFor(pages(), 'absence.add_holidays', { year: 2026 });
    const { text } = await see(`/review/${request}`);
    expect(text).toContain(
      'wants to add the holidays Thanksgiving Day, from 2026-11-26, Christmas Day, from 2026-12-25.',
    );
    const year = await askFor(pages(), 'absence.add_holidays', { year: 2027 });
    expect((await see(`/review/${year}`)).text).toMatch(
      /wants to add the holidays New Year’s Day, from 2027-01-01, .{60,120} and 7 more\./,
    );
  });

  test('of a visit says which one, and that cancelling is final', async () => {
    const request = await askFor(pages(), 'ticket.cancel', { ticket_id: 'T-2001' });
    const { text } = await see(`/review/${request}`);
    expect(text).toContain(
      'wants to cancel the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for Jane Smith C-1001',
    );
    expect(text).toContain('Cannot be undone.');
    expect(text).toContain('status scheduled → cancelled');
  });

  test('to close a visit says that this is final, and what is frozen and planned with it', async () => {
    const request = await askFor(pages(), 'ticket.close', {
      ticket_id: 'T-2001',
      duration_minutes: 95,
      notes: 'Parrot in the sunroom.',
      next_service: 'no',
    });
    const { text } = await see(`/review/${request}`);
    expect(text).toContain(
      'wants to close the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for Jane Smith C-1001.',
    );
    expect(text).toContain('Cannot be undone: it is final.');
    expect(text).toContain('actual nothing → 95 min');
    expect(text).toContain('Parrot in the sunroom.');
  });

  test('spells out what nobody can see, and folds what is long without losing any of it', async () => {
    const why = `Please\u202E allow\u200B this. ${'really '.repeat(200)}`;
    const { request } = await askToDelete(pages(), 'Fay Turned', why);
    const { markup } = await see(`/review/${request}`);
    expect(markup).toContain('Please<mark>[U+202E]</mark> allow<mark>[U+200B]</mark> this.');
    expect(markup).not.toMatch(/[\u202E\u200B]/);
    expect(markup).toContain('really '.repeat(200).trim());
    expect(plain(markup)).toMatch(/show all 1,4\d\d characters/);
  });

  test('that does not exist is a friendly 404', async () => {
    expect((await see('/review/R-99999')).status).toBe(404);
    expect((await see('/review/nonsense')).status).toBe(404);
  });
});

describe('Allow Once', () => {
  test('does it, says so, and shows by whom; a second press finds it decided', async () => {
    const { request, contact } = await askToDelete(pages(), 'Gail Once');
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    const done = await decide(request, 'allow-once');
    expect(done.status).toBe(303);
    expect(done.text).toMatch(/Done\..*Olivia Bright allowed it once.*Done, exactly as shown\./);
    expect(await isThere(pages(), contact)).toBe(false);
    const again = await press(`/review/${request}/allow-once`, { digest });
    expect(again.status).toBe(409);
    expect(again.text).toContain('Olivia Bright has decided it already.');
  });

  test('pressed twice at the same moment happens once', async () => {
    const { request } = await askToDelete(pages(), 'Hope Twice');
    const { digest } = await requestRow(pages(), request);
    const presses = await Promise.all(
      Array.from({ length: 4 }, () => press(`/review/${request}/allow-once`, { digest: String(digest) })),
    );
    expect(presses.map(({ status }) => status).sort()).toEqual([303, 409, 409, 409]);
  });

  test('of what changed meanwhile does nothing and shows what would happen now, with what is new', async () => {
    const { request, contact } = await askToDelete(pages(), 'Ida Changed');
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    const office = as(pages().bright, 'Dana');
    await pages().done(office, 'address.create', {
      contact_id: contact,
      line1: '77 Second Home',
      city: 'Huntsville',
    });
    const pressed = await decide(request, 'allow-once', { digest });
    expect(pressed.location).toMatch(new RegExp(`^/review/R-\\d+\\?was=${request}$`));
    expect(pressed.text).toContain('Not what you decided about');
    expect(pressed.text).toContain('It would not do what was shown any more. So nothing was done for');
    expect(pressed.text).toMatch(/Delete address \S+ 77 Second Home[^D]* new /);
    expect(pressed.text).not.toMatch(/Delete address \S+ 9 New Road, Madison new /);
    expect(await isThere(pages(), contact)).toBe(true);
    await decide(/R-\d+/.exec(pressed.location)?.[0] ?? '', 'allow-once');
    expect(await isThere(pages(), contact)).toBe(false);
  });

  test('of a change that would come out otherwise says what it was before', async () => {
    const office = as(pages().bright, 'Dana');
    const before = 'Before, in the morning.';
    await pages().done(office, 'contact.update', { contact_id: 'C-1002', notes: before });
    const request = await askFor(pages(), 'contact.update', { contact_id: 'C-1002', notes: 'Rings twice' });
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    await pages().done(office, 'contact.update', { contact_id: 'C-1002', notes: 'Now, at noon.' });
    const { text } = await decide(request, 'allow-once', { digest });
    expect(text).toMatch(
      /The customer was changed after this was asked\..*no longer so:.*Before, in the morning\. → Rings twice/,
    );
    expect(text).toMatch(/Change customer C-1002 Mrs Hart new notes Now, at noon\. → Rings twice/);
    expect(text).not.toContain('What goes out is not the same');
  });

  test('is not possible any more when its time is over', async () => {
    const { request, contact } = await askToDelete(pages(), 'Joy Expired');
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    await asTableOwner(
      pages(),
      `update authorization_requests set expires_at = '2000-01-01' where reference = '${request}'`,
    );
    const late = await press(`/review/${request}/allow-once`, { digest });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Nobody decided in time; nothing was done.');
    expect((await see('/review')).text).not.toContain('Joy Expired');
    expect(await isThere(pages(), contact)).toBe(true);
  });

  test('with another digest than what is stored does nothing and asks to look again', async () => {
    const { request, contact } = await askToDelete(pages(), 'Jo Digest');
    const pressed = await press(`/review/${request}/allow-once`, { digest: 'f'.repeat(64) });
    expect(pressed.status).toBe(409);
    expect(pressed.text).toContain('Look at it again; nothing was done.');
    expect(await isThere(pages(), contact)).toBe(true);
  });

  test('that fails says why', async () => {
    const { request, contact } = await askToDelete(pages(), 'Kim Tampered');
    await asTableOwner(
      pages(),
      `update authorization_requests set input = '{"contact_id": "x"}' where reference = '${request}'`,
    );
    const { text } = await decide(request, 'allow-once');
    expect(text).toContain('It failed, and nothing was changed. What is stored is not what was asked for');
    expect(await isThere(pages(), contact)).toBe(true);
  });
});

describe('Allow Always', () => {
  test('says in words what it allows', async () => {
    const { request } = await askToDelete(pages(), 'Lea Always');
    expect((await see(`/review/${request}`)).text).toContain(
      'Office Manager may delete customers without asking, also when the customer has history, until you end it.',
    );
  });

  test('does it, holds as far as its limits go, and can be revoked', async () => {
    const rename = (full_name: string) => ({ contact_id: 'C-1001', full_name });
    const request = await askFor(pages(), 'contact.update', rename('Jane Granted'));
    const decided = await decide(request, 'allow-always', { per_day: '1', until: '2030-01-31' });
    expect(decided.text).toContain('Done, and allowed from now on.');
    const grants = await see('/review/grants');
    expect(grants.text).toContain('Office Manager may change customers without asking, at most 1 a day');
    expect(grants.text).toMatch(new RegExp(`from ${request}; until Fri, Feb 1, 2030, 12:00 AM`));

    const { bright, act } = pages();
    const change = async (name: string) =>
      (await act(bright.agent, 'contact.update', rename(name), { reasoning: 'She married' })).status;
    expect(await change('Jane Once')).toBe('done');
    expect(await change('Jane Twice')).toBe('pending_authorization');
    pages().setClock('2026-11-19T08:00:00-06:00');
    await press('/review/grants/revoke', { id: fieldOf(grants.markup, 'id') });
    expect((await see('/review/grants')).text).not.toContain('may change customers');
    expect(await change('Jane Revoked')).toBe('pending_authorization');
    pages().setClock('2026-11-18T08:00:00-06:00');
  });

  test('with limits that make no sense keeps what was typed and does nothing', async () => {
    const { request, contact } = await askToDelete(pages(), 'Nan Limits');
    const pressed = await decide(request, 'allow-always', { per_day: '0', until: '2030-01-31' });
    expect(pressed.status).toBe(400);
    expect(await isThere(pages(), contact)).toBe(true);
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    const response = await pages().send(`/review/${request}/allow-always`, {
      session: session[owner] ?? '',
      form: {
        csrf_token: await csrfOf(pages(), session[owner] ?? ''),
        digest,
        per_day: 'many',
        until: '2030-01-31',
      },
    });
    const markup = await response.text();
    expect(response.status).toBe(400);
    expect(markup).toContain('value="many"');
    expect(markup).toContain('value="2030-01-31"');
  });

  test('is not offered for a bulk', async () => {
    const { bright, done, act } = pages();
    const ids: unknown[] = [];
    for (let n = 0; n < 7; n += 1) {
      ids.push((await done(bright.owner, 'contact.create', { full_name: `Many ${n}` })).id);
    }
    let request = '';
    for (const contact_id of ids) {
      const { status, data } = await act(
        bright.agent,
        'contact.delete',
        { contact_id },
        {
          reasoning: 'They are in the list twice',
        },
      );
      if (status === 'pending_authorization') request = String(data.request);
    }
    const { text, markup } = await see(`/review/${request}`);
    expect(text).toContain('Every bulk is asked for by itself');
    expect(markup).not.toContain('/allow-always');
    expect(markup).toContain('/allow-once');
  });
});

describe('Deny', () => {
  test('leaves everything as it is, and the agent reads the note', async () => {
    const { request, contact } = await askToDelete(pages(), 'Ola Denied');
    const denied = await decide(request, 'deny', { content: 'She is only away\r\nfor the winter' });
    expect(denied.text).toContain('Denied.');
    expect(denied.text).toContain('She is only away for the winter');
    const { read, bright } = pages();
    const [row] = await read(bright.agent, 'authorization_requests', { id: request });
    expect(row).toMatchObject({ status: 'denied', decision_note: 'She is only away\nfor the winter' });
    expect(await isThere(pages(), contact)).toBe(true);
  });

  test('too late shows who decided, and the note is not lost', async () => {
    const { request } = await askToDelete(pages(), 'Pam Late');
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    await decide(request, 'allow-once');
    const late = await press(`/review/${request}/deny`, { digest, content: 'No, keep her please' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Olivia Bright has decided it already.');
    expect(late.text).toContain('What you wrote, so that it is not lost:No, keep her please');
  });

  test('with a note that is too long keeps it in the field', async () => {
    const { request } = await askToDelete(pages(), 'Quin Long');
    const long = await decide(request, 'deny', { content: `No! ${'x'.repeat(40_000)}` });
    expect(long.status).toBe(400);
    expect(long.text).toContain('x'.repeat(40_000));
    expect((await requestRow(pages(), request)).status).toBe('pending');
  });
});
