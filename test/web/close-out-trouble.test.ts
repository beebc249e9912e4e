import { beforeAll, describe, expect, test } from 'vitest';
import { example, formOf, nextDay, type Seen, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, session, book, see, send, post, upTo, row } = useCloseOutPages();

const steps = ['work', 'notes', 'next', 'review', 'payment'] as const;
const free = { lines: [{ service_id: 'S-1' }] };
const listOf = (type: string, reference: string) =>
  pages().read(pages().bright.owner, type, { params: { ticket_id: reference }, limit: 100 });
const countOf = async (type: string, reference: string) => (await listOf(type, reference)).length;

describe('a visit that somebody else ends meanwhile', () => {
  /** Dana closes it while Theo stands at a step of it. */
  async function closedAt(step: (typeof steps)[number]) {
    const reference = await book(free, nextDay());
    const page = await upTo(reference, step);
    await pages().done(panes().dana, 'ticket.close', {
      ticket_id: reference,
      duration_minutes: 60,
      notes: '',
      next_service: 'no',
    });
    return { reference, page, at: `/close-out/${reference}/${step}` };
  }

  test.each([
    ['work', { hours: '2', minutes: '5', line_1_price: '140' }, ['Took 2 h 5 min', 'Gutter Cleaning: 140']],
    ['notes', { notes: 'Two cats.' }, ['Took 3 h 22 min', 'Total $562.00', 'Two cats.']],
    [
      'next',
      { next_service: 'reach_out', months: '9' },
      ['Elderly woman', 'A mail to the customer in 9 months'],
    ],
    [
      'review',
      { more: 'gate code: 12' },
      ['A mail to the customer in 6 months', 'pet: dog', 'gate code: 12'],
    ],
  ] as const)(
    'at %s: it says by whom and when, and shows everything that was written',
    async (step, typed, words) => {
      const { reference, page, at } = await closedAt(step);
      const ended = await send(page, at, typed);
      expect(ended).toMatchObject({ status: 409, location: `/close-out/${reference}` });
      expect(ended.text).toContain(
        `${reference} is closed Closed by Dana on Wed, Nov 18, 2026, 8:00 AM. It can be closed out no more.`,
      );
      const { content = '' } = formOf(ended.markup, `/close-out/${reference}/note`);
      for (const word of words) expect(content).toContain(word);
      expect((await see(at)).location).toBe(`/close-out/${reference}`);
      const looked = await see(`/close-out/${reference}`);
      expect(looked).toMatchObject({ status: 200 });
      expect(looked.text).toContain('Closed by Dana');
    },
  );

  test('what was written can be saved as a note on the visit, once', async () => {
    const { reference, page, at } = await closedAt('notes');
    const ended = await send(page, at, { notes: 'Two cats, card 4242 4242 4242 4242.' });
    const note = `/close-out/${reference}/note`;
    const [saved, again] = [await send(ended, note), await send(ended, note)];
    expect([saved, again]).toMatchObject([
      { status: 303, location: '/' },
      { status: 303, location: '/' },
    ]);
    expect(await countOf('notes', reference)).toBe(1);
    const { content } = await row('notes', { params: { ticket_id: reference } });
    expect(content).toContain('Two cats, card [REDACTED CARD ..4242].');
    const empty = await send(ended, note, { content: ' ' });
    expect(empty.text).toContain('It can be closed out no more.');
    expect(await countOf('notes', reference)).toBe(1);
  });

  test('cancelled, it says so as well', async () => {
    const reference = await book(free, nextDay());
    const page = await upTo(reference, 'notes');
    await pages().done(panes().dana, 'ticket.cancel', { ticket_id: reference, reason: 'Rain' });
    const ended = await send(page, `/close-out/${reference}/notes`, { notes: 'Nobody home.' });
    expect(ended).toMatchObject({ status: 409 });
    expect(ended.text).toContain(`${reference} is cancelled Cancelled on Wed, Nov 18, 2026, 8:00 AM.`);
    expect(ended.markup).toContain('Nobody home.</textarea>');
  });

  test('taken from the technician, it is not found, and what was written is shown', async () => {
    const reference = await book(free, nextDay());
    const page = await upTo(reference, 'notes');
    await pages().done(panes().dana, 'ticket.unassign_technician', {
      ticket_id: reference,
      technician_id: String(pages().bright.people.Theo?.id),
    });
    const gone = await send(page, `/close-out/${reference}/notes`, { notes: 'Two cats.' });
    expect(gone).toMatchObject({ status: 404 });
    expect(gone.markup).toMatch(/<textarea id="wrote" rows="8" readonly>Two cats\.<\/textarea>/);
  });
});

describe('a button that is pressed twice', () => {
  test('at every step does its work once, and both presses see the next page', async () => {
    const reference = await book({}, nextDay());
    let page = await see(`/close-out/${reference}/work`);
    for (const [index, step] of steps.entries()) {
      const at = `/close-out/${reference}/${step}`;
      const both: Seen[] = await Promise.all([send(page, at, example[step]), send(page, at, example[step])]);
      const next = steps[index + 1];
      expect(both.map(({ status, location }) => [status, location])).toEqual(
        both.map(() => [200, next ? `/close-out/${reference}/${next}` : '/']),
      );
      page = both[0] ?? page;
    }
    expect(await countOf('closeout_sessions', reference)).toBe(1);
    expect(await countOf('notes', reference)).toBe(1);
    const written = await listOf('scheduled_messages', reference);
    expect(written.map(({ kind }) => kind).sort()).toEqual(['invoice', 'outreach']);
    expect(await countOf('invoices', reference)).toBe(1);
  });

  test('pages that are sent again much later lead to where one is', async () => {
    const reference = await book({}, nextDay());
    const at = (step: string) => `/close-out/${reference}/${step}`;
    const work = await see(at('work'));
    const notes = await send(work, at('work'), example.work);
    await send(notes, at('notes'), example.notes);
    // Reloading the page that answered the first form sends that form again.
    expect(await send(work, at('work'), example.work)).toMatchObject({ status: 200, location: at('next') });
    const review = await send(await see(at('next')), at('next'), example.next);
    const payment = await send(review, at('review'));
    expect(await send(review, at('review'))).toMatchObject({ status: 200, location: at('payment') });
    await send(payment, at('payment'), example.payment);
    expect(await send(payment, at('payment'), example.payment)).toMatchObject({ status: 200, location: '/' });
    expect(await countOf('invoices', reference)).toBe(1);
  });

  test('another answer from an old page of a closed visit changes nothing, and is not lost', async () => {
    const reference = await book({}, nextDay());
    const at = (step: string) => `/close-out/${reference}/${step}`;
    const review = await upTo(reference, 'review');
    const payment = await send(review, at('review'));
    const late = await send(review, at('review'), { more: 'gate code: 12' });
    expect(late).toMatchObject({ status: 409 });
    expect(late.text).toContain('You closed it already; nothing on it can change any more.');
    expect(late.text).toContain('Go on: how is it paid?');
    expect(formOf(late.markup, at('note')).content).toContain('gate code: 12');
    await send(payment, at('payment'), { payment_choice: 'send_invoice' });
    const skipped = await post(at('payment'), { payment_choice: 'skip', reason: 'paid already' });
    expect(skipped).toMatchObject({ status: 409 });
    expect(skipped.text).toContain('It was said already how this visit is paid.');
    expect(await countOf('invoices', reference)).toBe(1);
  });
});

describe('how it is paid (CLO-09, GAP-32)', () => {
  const pay = async (more: Record<string, unknown>, fields: Record<string, string | undefined>) => {
    const reference = await book({ ...free, ...more }, nextDay());
    const page = await upTo(reference, 'payment');
    const at = `/close-out/${reference}/payment`;
    return { reference, at, page, answer: await send(page, at, fields) };
  };
  const sessionOf = (reference: string) =>
    row('closeout_sessions', {
      params: { ticket_id: reference },
      fields: ['payment_choice', 'payment_reason', 'invoice_id'],
    });

  test.each([
    [{}, null],
    [{ reason: 'paid already' }, 'paid already'],
    [{ reason: 'other', reason_more: 'Cash, and a pie' }, 'other: Cash, and a pie'],
    [{ reason_more: 'Swapped for honey' }, 'Swapped for honey'],
  ])('skipping with %o is written down', async (fields, payment_reason) => {
    const { reference, answer } = await pay({}, { payment_choice: 'skip', ...fields });
    expect(answer).toMatchObject({ status: 200, location: '/' });
    expect(answer.text).toContain(`${reference} is closed: $562.00. No invoice was sent.`);
    expect(await sessionOf(reference)).toMatchObject({
      payment_choice: 'skip',
      payment_reason,
      invoice_id: null,
    });
    expect(await countOf('invoices', reference)).toBe(0);
  });

  test('a customer without an e-mail address gets one on the way', async () => {
    const hart = await pages().done(panes().dana, 'contact.create', { full_name: 'Mr Mailless' });
    const to = { contact_id: hart.id, address_id: undefined };
    const { reference, at, page, answer } = await pay(to, {
      payment_choice: 'send_invoice',
      email: 'nonsense',
    });
    expect(page.text).toContain('E-mail address of Mr Mailless');
    expect(answer).toMatchObject({ status: 400, location: at });
    expect(answer.markup).toMatch(
      /id="email" name="email" aria-describedby="problem email-hint" aria-invalid="true"/,
    );
    expect(answer.markup).toContain('value="nonsense"');
    const missing = await send(answer, at, { payment_choice: 'send_invoice', email: '' });
    expect(missing).toMatchObject({ status: 409, location: at });
    expect(missing.text).toContain('has no e-mail address');
    const sent = await send(missing, at, { payment_choice: 'send_invoice', email: 'mr@example.com' });
    expect(sent).toMatchObject({ status: 200, location: '/' });
    expect(sent.text).toMatch(/Invoice INV-2026-\d+ is on its way to mr@example\.com\./);
    expect(await row('contacts', { id: String(hart.id) })).toMatchObject({ email: 'mr@example.com' });
    expect(await sessionOf(reference)).toMatchObject({ payment_choice: 'send_invoice' });
  });

  test('what costs nothing needs no invoice', async () => {
    const reference = await book(free, nextDay());
    const notes = await send(await see(`/close-out/${reference}/work`), `/close-out/${reference}/work`, {
      line_1_price: '0',
    });
    const next = await send(notes, notes.location, example.notes);
    const review = await send(next, next.location, { next_service: 'no' });
    const payment = await send(review, review.location);
    expect(payment.text).toContain('There is nothing to be paid.');
    expect(payment.text).not.toContain('Send invoice');
    const done = await send(payment, payment.location);
    expect(done.text).toContain(`${reference} is closed: $0.00.`);
    expect(done.text).not.toContain('No invoice was sent');
  });

  test('nothing chosen is refused', async () => {
    const { at, answer } = await pay({}, { payment_choice: 'later' });
    expect(answer).toMatchObject({ status: 400, location: at });
    expect(answer.text).toContain('Send the invoice, or skip it.');
  });
});

describe('when signing in runs out in the middle', () => {
  let reference = '';
  beforeAll(async () => {
    reference = await book({}, nextDay());
  });

  test('the way to sign in leads back to the step, and what was written is shown', async () => {
    const at = `/close-out/${reference}/notes`;
    const page = await upTo(reference, 'notes');
    const form = { ...formOf(page.markup, at), notes: 'Two cats, card 4242 4242 4242 4242.' };
    const refused = await pages().send(at, { form });
    const markup = await refused.text();
    expect(refused.status).toBe(401);
    expect(markup).toContain('You are signed out, so nothing was saved.');
    expect(markup).toContain('readonly>Two cats, card [REDACTED CARD ..4242].</textarea>');
    const signIn = /href="(\/sign-in[^"]*)"/.exec(markup)?.[1];
    expect(signIn).toBe(`/sign-in?next=${encodeURIComponent(at)}`);
    expect((await pages().send(at, {})).headers.get('location')).toBe(signIn);
    const asked = await (await pages().send(signIn ?? '')).text();
    expect(asked).toContain(`name="next" value="${at}"`);
  });

  test('a form of an earlier sign-in is refused with everything that was written and the way back', async () => {
    const at = `/close-out/${reference}/work`;
    const page = await see(at);
    const form = { ...formOf(page.markup, at), csrf_token: 'of-yesterday', hours: '7', line_1_price: '555' };
    const refused = await pages().send(at, { session: session('theo'), form });
    const markup = await refused.text();
    expect(refused.status).toBe(403);
    expect(markup).toContain('This form is from an earlier sign-in');
    expect(markup).toMatch(/readonly>Took 7 h 22 min\n[^<]*: 555\n[^<]*: 20 × 5\.00<\/textarea>/);
    expect(markup).toContain(`<a class="button" href="${at}">Back to the form</a>`);
  });

  test('a form nobody can read is refused with a sentence', async () => {
    const huge = await post(`/close-out/${reference}/notes`, { notes: 'x'.repeat(300_000) });
    expect(huge.status).toBe(413);
    expect(huge.text).toContain('This is more text than fits; nothing was saved.');
  });
});
