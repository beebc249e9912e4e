import { beforeEach, describe, expect, test } from 'vitest';
import { scriptedModel, unavailable } from '../extraction/model.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { example, formOf, nextDay, type Seen, useCloseOutPages } from './close-out-pages.ts';

const model = scriptedModel();
const { pages, panes, book, see, send, post, upTo, row } = useCloseOutPages(model);

const dog = { attributes: [{ key: 'pet', value: 'dog', details: { name: 'Biscuit' } }] };

beforeEach(() => {
  model.says = () => dog;
});

const statusOf = async (reference: string) =>
  (await row('closeout_sessions', { params: { ticket_id: reference }, fields: ['extraction_status'] }))
    .extraction_status;

/** A visit of a customer nobody knows anything of, at its review. */
async function review(notes: Record<string, string | undefined> = example.notes) {
  const customer = await pages().done(panes().dana, 'contact.create', { full_name: 'Ann Lee' });
  const reference = await book({ contact_id: customer.id, address_id: undefined }, nextDay());
  customers.set(reference, String(customer.id));
  const page = await upTo(reference, 'notes');
  const next = await send(page, `/close-out/${reference}/notes`, notes);
  const shown = await send(next, `/close-out/${reference}/next`, { next_service: 'no' });
  return { reference, at: `/close-out/${reference}/review`, next, shown };
}

const textsOf = (seen: Seen, at: string) =>
  Object.entries(formOf(seen.markup, at)).flatMap(([name, text]) =>
    /^fact_\d+_text$/.test(name) ? [text] : [],
  );

const customers = new Map<string, string>();

/** What is known of the customer of a visit. */
const factsOf = async (reference: string) => {
  const rows = await pages().read(pages().bright.owner, 'attributes', {
    params: { contact_id: customers.get(reference) },
    fields: ['key', 'value', 'is_confirmed'],
  });
  return rows
    .map(({ key, value, is_confirmed }) => `${String(key)}: ${String(value)}${is_confirmed ? '' : '?'}`)
    .sort();
};

/** Presses the button that has the notes read once more. */
const lookAgain = (seen: Seen, at: string, changes: Record<string, string> = {}) => {
  const [, button = 'no such button'] = / formaction="([^"]*\/look-again)"/.exec(seen.markup) ?? [];
  return post(button, { ...formOf(seen.markup, at), ...changes });
};

describe('who read the notes is said plainly (CFL-32)', () => {
  test('not answered yet: simple rules stand in, and looking again shows the answer beside what was typed', async () => {
    const { reference, at, shown } = await review();
    expect(shown.text).toContain(
      'The language model has not answered yet; simple rules found these facts. You need not wait',
    );
    expect(textsOf(shown, at)).toHaveLength(5);
    const still = await lookAgain(shown, at, {
      more: 'gate code: 12',
      fact_1_text: 'customer demographic: retired',
    });
    expect(still).toMatchObject({ status: 200, location: at });
    expect(still.text).toContain('has not answered yet');
    expect(formOf(still.markup, at)).toMatchObject({
      fact_1_text: 'customer demographic: retired',
      more: 'gate code: 12',
    });
    await whileWorking(pages(), async () => {
      await expect.poll(() => statusOf(reference), soon).toBe('done');
    });
    const answered = await lookAgain(still, at);
    expect(answered.text).toContain('Found in the notes by the language model.');
    expect(textsOf(answered, at)).toEqual(['pet: dog (name: Biscuit)']);
    // A correction of what the rules had found is no fact of the model's; it is not lost.
    expect(formOf(answered.markup, at).more).toBe('gate code: 12\ncustomer demographic: retired');
    expect((await send(answered, at)).location).toBe(at.replace('review', 'payment'));
    expect(await factsOf(reference)).toEqual(['customer_demographic: retired', 'gate_code: 12', 'pet: dog']);
    expect(await row('notes', { params: { ticket_id: reference } })).toMatchObject({
      extraction_status: 'done',
    });
  });

  test('could not be reached: it is said loudly, can be tried again, and one can go on without', async () => {
    model.says = unavailable;
    const { reference, at } = await review();
    await whileWorking(pages(), async () => {
      await expect.poll(() => statusOf(reference), soon).toBe('failed');
    });
    const failed = await see(at);
    expect(failed.markup).toMatch(/role="alert"><p><b>The language model could not be reached\.<\/b>/);
    expect(failed.text).toContain('Simple rules found these facts instead; it will read the notes later');
    expect(failed.text).toContain('Try again');
    const asked = await lookAgain(failed, at, { fact_2_text: 'pet: dog (name: Bisky)' });
    expect(asked.text).toContain('has not answered yet');
    expect(formOf(asked.markup, at)).toMatchObject({ fact_2_text: 'pet: dog (name: Bisky)' });
    await whileWorking(pages(), async () => {
      await expect.poll(() => statusOf(reference), soon).toBe('failed');
    });
    const none = Object.fromEntries([1, 2, 3, 4, 5].map(n => [`fact_${n}_keep`, undefined]));
    const closed = await send(await see(at), at, none);
    expect(closed.location).toBe(at.replace('review', 'payment'));
    expect(await factsOf(reference)).toEqual([]);
    // The notes themselves are kept, and read later.
    expect(await row('notes', { params: { ticket_id: reference } })).toMatchObject({
      content: example.notes.notes,
      extraction_status: 'pending',
    });
  });

  test('an answer that comes while the review is read changes nothing of what was reviewed, and waits for the office', async () => {
    model.says = () => ({ attributes: [...dog.attributes, { key: 'hobby', value: 'stamps' }] });
    const { reference, at, shown } = await review();
    await whileWorking(pages(), async () => {
      await expect.poll(() => statusOf(reference), soon).toBe('done');
    });
    expect(await send(shown, at)).toMatchObject({ location: at.replace('review', 'payment') });
    expect(await factsOf(reference)).toEqual([
      'customer_demographic: elderly',
      'equipment_needed: extension ladder',
      'pet: dog',
      'property_detail: complex 2nd story sill',
      'property_note: keep gate closed',
    ]);
    await whileWorking(pages(), async () => {
      await expect.poll(() => factsOf(reference), soon).toContain('hobby: stamps?');
    });
  });

  test('found nothing: that is said too', async () => {
    model.says = () => ({ attributes: [] });
    const { reference, at } = await review({ notes: 'All went well.' });
    await whileWorking(pages(), async () => {
      await expect.poll(() => statusOf(reference), soon).toBe('done');
    });
    expect((await see(at)).text).toContain('The notes were read by the language model. No facts were found.');
  });

  test('nothing to note: nobody was asked, and facts can be added by hand', async () => {
    const { reference, at, next, shown } = await review({ notes: '', nothing: '1' });
    expect(next.location).toBe(at.replace('review', 'next'));
    expect(shown.text).toContain('Nothing to note');
    expect(shown.text).toContain('There are no notes, so nothing was looked for in them.');
    expect(shown.text).not.toContain('Look again');
    await send(shown, at, { more: 'Pet: cat (name: Tom)\n\nhates ladders\n' });
    expect(await factsOf(reference)).toEqual(['pet: cat', 'remark: hates ladders']);
    expect(await row('notes', { params: { ticket_id: reference } })).toEqual({});
  });
});

describe('the notes (CLO-05)', () => {
  test('are not passed over by an empty field, and not dropped by the wrong button', async () => {
    const reference = await book({}, nextDay());
    const at = `/close-out/${reference}/notes`;
    const page = await upTo(reference, 'notes');
    const empty = await send(page, at, { notes: '  \n ' });
    expect(empty).toMatchObject({ status: 400, location: at });
    expect(empty.text).toContain('Write what you noticed, or press “Nothing to note”.');
    const both = await send(page, at, { notes: 'Two cats.', nothing: '1' });
    expect(both).toMatchObject({ status: 400, location: at });
    expect(formOf(both.markup, at)).toMatchObject({ notes: 'Two cats.' });
    expect((await send(both, at)).status).toBe(200);
    const [session] = await pages().read(panes().olivia, 'closeout_sessions', {
      params: { ticket_id: reference },
    });
    expect(await row('closeout_sessions', { id: String(session?.id) })).toMatchObject({ notes: 'Two cats.' });
  });

  test('lose card numbers, and the next page says so without a round trip (SAN-05)', async () => {
    const { at, next, shown } = await review({ notes: 'Pays by card 4242 4242 4242 4242.\r\nTwo cats.' });
    expect(next.status).toBe(200);
    expect(next.markup).toMatch(/<div class="said warning" role="status"><p>A card number was removed from/);
    expect(shown.text).toContain('Pays by card [REDACTED CARD ..4242]. Two cats.');
    expect(shown.text).not.toContain('was removed');
    const closed = await send(shown, at, { more: 'card: 5555 5555 5555 4444' });
    expect(closed.text).toContain('A card number was removed');
    expect(closed.markup).not.toMatch(/4242 4242|5555 5555/);
  });
});

describe('the facts (CLO-07)', () => {
  test('are kept, corrected, dropped and added, and confirmed by whoever did it', async () => {
    const { reference, at, shown } = await review();
    await send(shown, at, {
      fact_1_keep: undefined,
      fact_2_text: 'pet: dog (name: Biscuits)',
      fact_3_text: '',
      more: 'parking: in the back',
    });
    expect(await factsOf(reference)).toEqual([
      'equipment_needed: extension ladder',
      'parking: in the back',
      'pet: dog',
      'property_detail: complex 2nd story sill',
    ]);
  });

  test('that are too long or too many are refused with everything that was typed', async () => {
    const { at, shown } = await review();
    const long = await send(shown, at, { more: `remark: ${'x'.repeat(300)}`, fact_1_keep: undefined });
    expect(long).toMatchObject({ status: 400, location: at });
    expect(long.text).toContain('A fact has at most 300 characters.');
    expect(long.markup).toContain('<a href="#more">');
    expect(formOf(long.markup, at)).not.toHaveProperty('fact_1_keep');
    const many = await send(long, at, { more: 'remark: x\n'.repeat(27) });
    expect(many).toMatchObject({ status: 400 });
    expect(many.text).toContain('A visit takes at most 30 facts.');
    expect((await send(many, at, { more: '' })).location).toBe(at.replace('review', 'payment'));
  });

  test('are not completed by a page that shows something else than what would be frozen', async () => {
    const { reference, at, shown } = await review();
    const work = await see(at.replace('review', 'work'));
    await send(work, at.replace('review', 'work'), { hours: '1', minutes: '0', price_confirmed: '1' });
    const refused = await send(shown, at, { more: 'gate code: 12' });
    expect(refused).toMatchObject({ status: 409, location: at });
    expect(refused.text).toContain('This is not what you reviewed: something was changed since.');
    expect(refused.text).toContain('What was done Change what was done 1 h');
    expect(formOf(refused.markup, at)).toMatchObject({ more: 'gate code: 12' });
    expect(await row('tickets', { id: reference })).toMatchObject({ status: 'scheduled' });
    expect((await send(refused, at)).location).toBe(at.replace('review', 'payment'));
  });
});

test('a phone without signal says what it showed instead; only then is it completed, and nothing found was validated', async () => {
  const { reference, at } = await review();
  const wrong = await post(at, { offline_minutes: '202', offline_total_cents: '1', more: 'pet: cat' });
  expect(wrong).toMatchObject({ status: 409, location: at });
  expect(wrong.text).toContain('Duration or total are not what your phone showed.');
  expect(formOf(wrong.markup, at)).toMatchObject({ more: 'pet: cat' });
  const closed = await post(at, { offline_minutes: '202', offline_total_cents: '66200', more: 'pet: cat' });
  expect(closed).toMatchObject({ status: 200, location: at.replace('review', 'payment') });
  expect(await factsOf(reference)).toEqual(['pet: cat']);
  expect(await row('notes', { params: { ticket_id: reference } })).toMatchObject({
    extraction_status: 'pending',
  });
});

test('hostile texts are shown as they were written, on every page', async () => {
  const evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
  const eve = await pages().done(panes().dana, 'contact.create', { full_name: `Eve ${evil}` });
  await pages().done(panes().dana, 'service.create', {
    name: `Wash ${evil}`,
    pricing: 'fixed',
    price_cents: 100,
  });
  const reference = await book(
    { contact_id: eve.id, address_id: undefined, lines: [{ service_id: 'S-4' }] },
    nextDay(),
  );
  const at = (step: string) => `/close-out/${reference}/${step}`;
  const seen: Seen[] = [await see(at('work'))];
  const go = async (step: string, changes: Record<string, string | undefined>) => {
    const page = await send(
      seen.at(-1) ?? { markup: '', text: '', status: 0, location: '' },
      at(step),
      changes,
    );
    seen.push(page);
    return page;
  };
  expect((await go('work', { hours: evil })).status).toBe(400);
  await go('work', { hours: '1' });
  await go('notes', { notes: `${evil}</textarea></template> Dog named Rex.` });
  await go('next', { next_service: 'no' });
  expect((await go('review', { more: `${evil}</textarea>${'x'.repeat(300)}` })).status).toBe(400);
  await go('review', { more: `remark: ${evil}` });
  await go('payment', { payment_choice: 'send_invoice', email: evil });
  seen.push(await see('/close-out'), await see('/close-out/offline'), await see(at('payment')));
  for (const { markup } of seen) {
    expect(markup).not.toMatch(/<script>|<img|onerror=alert\(2\)>"/);
    expect(markup.match(/<\/textarea>/g)?.length ?? 0).toBe(markup.match(/<textarea/g)?.length ?? 0);
  }
  expect(seen.some(({ markup }) => markup.includes('&lt;script&gt;alert(1)&lt;/script&gt;'))).toBe(true);
});
