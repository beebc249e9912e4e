import { describe, expect, test } from 'vitest';
import { example, exampleNotes, nextDay, useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, book, see, send, post, upTo, row, setClock } = useCloseOutPages();

const steps = ['work', 'notes', 'next', 'review', 'payment'] as const;

describe('the close-out of the example (CLO-17)', () => {
  test('goes from the work to the calendar, one form a step, and leaves everything behind it', async () => {
    const { done, read, bright, newestMail } = pages();
    const reference = await book();
    const at = (step: string) => `/close-out/${reference}/${step}`;
    setClock('2026-11-18T09:04:00-06:00');
    await done(panes().theo, 'ticket.clock_in', { ticket_id: reference });
    setClock('2026-11-18T12:26:00-06:00');
    await done(panes().theo, 'ticket.clock_out', { ticket_id: reference });

    const work = await see(`/close-out/${reference}`);
    expect(work.location).toBe(at('work'));
    expect(work.text).toContain('T-2001 · Jane Smith Step 1 of 6 What was done?');
    expect(work.text).toContain('Wed, Nov 18, 2026, 9:00 AM · 123 Main Street, Madison, AL 35758');
    expect(work.text).toContain('By the clock, 9:04 AM to 12:26 PM.');
    expect(work.text).toContain('The price of this visit is an estimate .');
    expect(work.text).toMatch(/Screen Cleaning Done How many Price each Comes to \$100\.00/);
    // Looking at it begins nothing.
    expect(await row('closeout_sessions', {})).toEqual({});

    const notes = await send(work, at('work'), { line_1_price: '562', price_confirmed: '1' });
    expect(notes).toMatchObject({ status: 200, location: at('notes') });
    expect(notes.text).toContain('Step 2 of 6 What did you notice?');

    const next = await send(notes, at('notes'), example.notes);
    expect(next).toMatchObject({ status: 200, location: at('next') });
    expect(next.text).toContain('Step 3 of 6 What comes next?');

    const review = await send(next, at('next'), example.next);
    expect(review).toMatchObject({ status: 200, location: at('review') });
    expect(review.text).toContain('Step 4 of 6 Check before it is final');
    expect(review.text).toContain(
      '3 h 22 min Interior and Exterior Window Cleaning $562.00 Screen Cleaning 20 × $5.00 $100.00 Total $662.00',
    );
    expect(review.text).toContain(exampleNotes);
    expect(review.text).toContain('A mail to the customer in 6 months');
    expect(review.text).toContain('Found in the notes by simple rules: no language model is set up.');
    expect(review.text).toContain('This is final: T-2001 cannot be changed afterwards. Complete visit');
    // Nothing of it is in the visit yet.
    expect(await row('tickets', { id: reference })).toMatchObject({
      status: 'in_progress',
      actual_minutes: null,
    });

    const payment = await send(review, at('review'));
    expect(payment).toMatchObject({ status: 200, location: at('payment') });
    expect(payment.text).toContain('Done. T-2001 is closed: $662.00.');
    expect(payment.text).toContain('The invoice goes to jane.smith@example.com . Send invoice');
    expect(payment.text).not.toMatch(/card payment/i);

    const calendar = await send(payment, at('payment'), example.payment);
    expect(calendar).toMatchObject({ status: 200, location: '/' });
    expect(calendar.text).toContain(
      'T-2001 is closed: $662.00. Invoice INV-2026-001 is on its way to jane.smith@example.com. A mail goes to the customer on Tuesday, May 18, 2027.',
    );
    expect(calendar.text).toContain('Today Wednesday, November 18, 2026');
    expect(calendar.markup).toMatch(
      /<a href="\/" aria-current="page"><svg[^>]*><use[^>]*><\/svg><span>My visits/,
    );

    expect(await row('tickets', { id: reference, include: ['line_items'] })).toMatchObject({
      status: 'closed',
      closed_by: 'Theo',
      actual_minutes: 202,
      total_cents: 66_200,
      is_price_estimated: false,
      line_items: [
        { description: 'Interior and Exterior Window Cleaning', quantity: 1, total_cents: 56_200 },
        { description: 'Screen Cleaning', quantity: 20, unit_price_cents: 500, total_cents: 10_000 },
      ],
    });
    expect(await row('notes', { params: { ticket_id: reference } })).toMatchObject({
      content: exampleNotes,
      source: 'close_out',
      extraction_status: 'done',
    });
    const facts = await read(bright.owner, 'attributes', {
      params: { contact_id: 'C-1001' },
      fields: ['key', 'value', 'details', 'source', 'is_confirmed', 'confirmed_by'],
    });
    const confirmed = { source: 'ticket', is_confirmed: true, confirmed_by: bright.people.Theo?.id };
    expect(facts).toHaveLength(5);
    expect(facts).toEqual(
      expect.arrayContaining(
        [
          { key: 'customer_demographic', value: 'elderly', details: {} },
          { key: 'pet', value: 'dog', details: { name: 'Biscuit' } },
          { key: 'property_note', value: 'keep gate closed', details: {} },
          { key: 'equipment_needed', value: 'extension ladder', details: {} },
          { key: 'property_detail', value: 'complex 2nd story sill', details: {} },
        ].map(fact => expect.objectContaining({ ...fact, ...confirmed })),
      ),
    );
    expect(
      await row('scheduled_messages', { params: { ticket_id: reference, kind: 'outreach' } }),
    ).toMatchObject({
      kind: 'outreach',
      status: 'pending',
      send_at: '2027-05-18T14:00:00.000Z',
    });
    expect(await row('invoices', { id: 'INV-2026-001' })).toMatchObject({
      reference: 'INV-2026-001',
      status: 'sent',
      total_cents: 66_200,
      sent_to: 'jane.smith@example.com',
    });
    expect(await newestMail('jane.smith@example.com')).toContain('INV-2026-001');
    expect(pages().defects).toEqual([]);

    const again = await see(`/close-out/${reference}`);
    expect(again.text).toContain(
      'T-2001 is done T-2001 is closed: $662.00. Invoice INV-2026-001 is on its way',
    );
  });
});

describe('the order of the steps (CLO-11)', () => {
  test.each([
    ['notes', { notes: 'x' }, 'work', 'Confirming duration, services and prices comes first.'],
    ['next', { next_service: 'no' }, 'work', 'Confirming duration, services and prices comes first.'],
    ['review', { review: 'x' }, 'work', 'Confirming duration, services and prices comes first.'],
    ['payment', { payment_choice: 'skip' }, 'work', 'You have not closed out this visit.'],
    [
      'next',
      { next_service: 'no' },
      'notes',
      'Writing the notes (or saying that there are none) comes first.',
    ],
    ['review', { review: 'x' }, 'notes', 'Writing the notes (or saying that there are none) comes first.'],
    ['payment', { payment_choice: 'skip' }, 'notes', 'You have not closed out this visit.'],
    ['review', { review: 'x' }, 'next', 'Saying what follows comes first.'],
    ['payment', { payment_choice: 'skip' }, 'next', 'You have not closed out this visit.'],
    ['payment', { payment_choice: 'skip' }, 'review', 'You have not closed out this visit.'],
  ] as const)('%s is refused while another step is due', async (step, fields, due, sentence) => {
    const reference = await book({ technician_ids: [pages().bright.people.Tess?.id] }, nextDay());
    await upTo(reference, due, 'tess');
    const refused = await post(`/close-out/${reference}/${step}`, fields, 'tess');
    expect(refused).toMatchObject({ status: 409, location: `/close-out/${reference}/${due}` });
    expect(refused.markup).toMatch(/<p class="problem" id="problem" role="alert">/);
    expect(refused.text).toContain(sentence);
    const looked = await see(`/close-out/${reference}/${step}`, 'tess');
    expect(looked).toMatchObject({ status: 303, location: `/close-out/${reference}` });
    // In its turn the same step is there.
    expect(await see(`/close-out/${reference}/${due}`, 'tess')).toMatchObject({ status: 200 });
  });

  test('what was typed for a step that is not due yet is not lost', async () => {
    const reference = await book({ technician_ids: [pages().bright.people.Tess?.id] }, nextDay());
    const refused = await post(`/close-out/${reference}/notes`, { notes: 'Ring "twice" & wait' }, 'tess');
    expect(refused.location).toBe(`/close-out/${reference}/work`);
    const notes = await send(refused, `/close-out/${reference}/work`, example.work, 'tess');
    expect(notes.location).toBe(`/close-out/${reference}/notes`);
    expect(notes.markup).toContain('\nRing &quot;twice&quot; &amp; wait</textarea>');
  });

  test('steps that were passed can be looked at and corrected until the visit is closed', async () => {
    const reference = await book({ technician_ids: [pages().bright.people.Tess?.id] }, nextDay());
    const at = (step: string) => `/close-out/${reference}/${step}`;
    const review = await upTo(reference, 'review', 'tess');
    expect(review.markup).toContain(`href="${at('work')}">Change`);
    const work = await see(at('work'), 'tess');
    expect(work.text).toContain('As you confirmed it.');
    const corrected = await send(
      work,
      at('work'),
      { hours: '2', minutes: '0', line_2_quantity: '22', price_confirmed: '1' },
      'tess',
    );
    expect(corrected.location).toBe(at('review'));
    expect(corrected.text).toContain(
      '2 h Interior and Exterior Window Cleaning $562.00 Screen Cleaning 22 × $5.00',
    );
    const noted = await send(await see(at('notes'), 'tess'), at('notes'), { notes: 'Two cats.' }, 'tess');
    expect(noted.text).toContain('Two cats.');
    const left = await send(await see(at('next'), 'tess'), at('next'), { next_service: 'no' }, 'tess');
    expect(left.text).toContain('No follow-up');
    expect((await send(left, at('review'), {}, 'tess')).location).toBe(at('payment'));
    expect(await row('tickets', { id: reference })).toMatchObject({
      actual_minutes: 120,
      total_cents: 67_200,
    });
    expect(await row('notes', { params: { ticket_id: reference } })).toMatchObject({ content: 'Two cats.' });
    for (const step of ['work', 'notes', 'next', 'review']) {
      expect(await see(at(step), 'tess')).toMatchObject({ status: 303, location: `/close-out/${reference}` });
    }
  });
});

describe('whose visits one closes out (GAP-26)', () => {
  test('a technician finds no visit of somebody else’s, on no step and by no form; the owner does', async () => {
    const reference = await book({}, nextDay());
    for (const path of [`/close-out/${reference}`, ...steps.map(step => `/close-out/${reference}/${step}`)]) {
      expect(await see(path, 'tess')).toMatchObject({ status: 404 });
    }
    for (const step of [...steps, 'look-again', 'note']) {
      const refused = await post(`/close-out/${reference}/${step}`, { content: 'x', hours: '1' }, 'tess');
      expect(refused.status).toBe(404);
      expect(refused.text).not.toContain('Jane');
    }
    const work = await see(`/close-out/${reference}`, 'olivia');
    expect(work).toMatchObject({ status: 200 });
    const closed = await upTo(reference, 'payment', 'olivia');
    expect(closed.text).toContain(`${reference} is closed: $662.00.`);
    expect(await row('tickets', { id: reference })).toMatchObject({ closed_by: 'Olivia Bright' });
  });

  test('another business’s people find nothing', async () => {
    const reference = await book({}, nextDay());
    const session = await pages().signIn('carla@clearview.example');
    const other = await pages().send(`/close-out/${reference}`, { session });
    expect(other.status).toBe(404);
    expect(await see(`/close-out/${reference}`)).toMatchObject({ status: 200 });
  });

  test('the list has one’s own open visits of today, the current one first, and what is not paid for yet', async () => {
    setClock('2026-12-01T08:00:00-06:00');
    const early = await book({ duration_minutes: 60 }, '2026-12-01T09:00');
    const late = await book(
      { contact_id: 'C-1002', address_id: 'A-1002', duration_minutes: 60 },
      '2026-12-01T14:00',
    );
    const others = await book({ technician_ids: [pages().bright.people.Tess?.id] }, '2026-12-01T09:00');
    setClock('2026-12-01T14:20:00-06:00');
    const { text, markup } = await see('/close-out');
    expect(text).not.toContain(others);
    expect(markup.match(/href="\/close-out\/T-\d+"/g)).toEqual([
      `href="/close-out/${late}"`,
      `href="/close-out/${early}"`,
    ]);
    expect(text).toContain('2:00 PM Mrs Hart');
    expect(text).toContain('Planned for now.');
    expect(markup).toContain('<div id="queue" role="status"></div>');
    await upTo(late, 'payment');
    const after = await see('/close-out');
    expect(after.text).toContain(`Closed, and not said how it is paid ${late}`);
    setClock('2026-12-02T08:00:00-06:00');
    expect((await see('/close-out', 'dana')).text).toContain('You have no open visits today.');
  });
});
