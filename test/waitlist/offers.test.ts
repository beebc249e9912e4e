import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openVault } from '../../core/kernel/outside/seal.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';

// An earlier time is offered to customers who wait. Whoever presses the button first has it.

const front = useHttp();
let panes: BrightPanes;
beforeAll(async () => {
  panes = await stock(front().office);
});

let customers = 0;
/** Somebody new with an e-mail address who waits: with a visit on December 17, or with one still to be booked. */
async function waiting({ has_visit = true } = {}) {
  const { done, dana } = panes;
  const n = ++customers;
  const { reference } = await done(dana, 'contact.create', {
    full_name: `Ada Early${n}`,
    email: `ada${n}@example.com`,
  });
  const contact_id = String(reference);
  const visit = has_visit
    ? await done(dana, 'ticket.create', {
        contact_id,
        scheduled_at: '2026-12-17T09:00',
        duration_minutes: 60,
        technician_ids: n === 1 ? ['Tess'] : [],
      })
    : undefined;
  const entry = await done(dana, 'waitlist.create', {
    contact_id,
    duration_minutes: 60,
    ...(visit ? { ticket_id: visit.reference } : {}),
  });
  return { contact_id, visit: String(visit?.reference), entry: String(entry.reference), n };
}

const answer = z.object({
  offers: z.array(z.object({ offer: z.string(), waitlist: z.string(), customer_told: z.string() })),
});

/** Offers an hour of Theo's to some; answers the addresses of their links, in that order. */
async function offer(scheduled_at: string, to: readonly string[]) {
  const { done, dana } = panes;
  const { offers } = answer.parse(
    await done(dana, 'waitlist.offer', { scheduled_at, technician_id: 'Theo', to }),
  );
  const addresses = [];
  for (const each of offers) addresses.push(await addressOf(each.offer));
  return { offers: offers.map(each => each.offer), addresses };
}

const linkRow = z.object({ organization_id: z.string(), id: z.string() });
/** Where the link of an offer leads, as only its mail has it. */
async function addressOf(reference: string): Promise<string> {
  const { rows } = await panes.database.owner.query(
    `select l.organization_id, l.id from customer_links as l
     join waitlist_offers as o on o.id = l.subject_id where o.reference = $1`,
    [reference],
  );
  const { organization_id, id } = linkRow.parse(rows[0]);
  const token = openVault('the secret of the tests').sign(`link ${organization_id} ${id}`);
  return `${front().url}/w/${token}`;
}

const open = (address = '', method = 'GET') => fetch(address, { method });
const press = async (address = '') => (await open(address, 'POST')).text();
/** As whoever reads that the server has too much to do presses again, on a machine that has. */
async function pressUntilAnswered(address = ''): Promise<string> {
  for (;;) {
    const response = await open(address, 'POST');
    const page = await response.text();
    if (response.status !== 503) return page;
  }
}
const shown = async (address = '') => (await open(address)).text();
const offerNow = async (reference = '') => {
  const [row] = await panes.read(panes.dana, 'waitlist_offers', { id: reference });
  return row;
};
const visitNow = async (id: string) => {
  const [row] = await panes.read(panes.dana, 'tickets', { id, include: ['technicians'] });
  return row;
};
const visitsOf = (contact_id: string) =>
  panes.read(panes.dana, 'tickets', { params: { contact_id }, filter: 'open' });

describe('the link of an offer', () => {
  test('shows the time, changes nothing however often it is opened, and moves the visit when its button is pressed', async () => {
    const { entry, visit } = await waiting();
    const { offers, addresses } = await offer('2026-12-01T09:00', [entry]);
    const [address] = addresses;
    const before = await textOfEverything(panes.database.owner);
    const first = await open(address);
    const page = await first.text();
    expect(first.status).toBe(200);
    for (const words of [
      'We can come sooner',
      'Tuesday, December 1 at 9:00 AM',
      'Thursday, December 17 at 9:00 AM',
      'Theo, for about 1 hour',
      '<button>Take this time</button>',
    ])
      expect(page).toContain(words);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(8192);
    expect(page).not.toContain('<script');
    for (const method of ['GET', 'HEAD', 'GET']) expect((await open(address, method)).status).toBe(200);
    expect(await textOfEverything(panes.database.owner)).toBe(before);
    expect(await visitNow(visit)).toMatchObject({ scheduled_at: '2026-12-17T15:00:00.000Z' });

    expect(await press(address)).toContain('It is yours');
    expect(await visitNow(visit)).toMatchObject({
      scheduled_at: '2026-12-01T15:00:00.000Z',
      confirmation_status: 'accepted',
      technicians: [expect.objectContaining({ name: 'Theo' })],
    });
    expect(await offerNow(offers[0])).toMatchObject({ status: 'taken' });
    const [served] = await panes.read(panes.dana, 'waitlist', { id: entry });
    expect(served).toMatchObject({ status: 'served' });
  });

  test('says the same to whoever presses twice, also at once, and books one visit', async () => {
    const { entry, contact_id } = await waiting({ has_visit: false });
    const { addresses } = await offer('2026-12-01T10:00', [entry]);
    const pages = await Promise.all([press(addresses[0]), press(addresses[0]), press(addresses[0])]);
    pages.push(await press(addresses[0]), await shown(addresses[0]));
    for (const page of pages) expect(page).toContain('It is yours');
    expect(await visitsOf(contact_id)).toHaveLength(1);
  });

  test('is worth nothing with a token that nobody made, and tells nothing then', async () => {
    const strange = await open(`${front().url}/w/${'a'.repeat(43)}`);
    expect(strange.status).toBe(404);
    expect(await strange.text()).not.toContain('December');
  });

  test('is for its own offer: it takes no other one, nor one of another business', async () => {
    const mine = await waiting();
    const other = await waiting();
    const { addresses } = await offer('2026-12-01T11:00', [mine.entry]);
    const { offers } = await offer('2026-12-01T12:00', [other.entry]);
    const token = addresses[0]?.split('/').at(-1) ?? '';
    const call = panes.act({ via: 'link', token }, 'waitlist.accept', { offer_id: String(offers[0]) });
    expect(await refusal(call)).toMatchObject({ code: 'FORBIDDEN' });
    const { clear } = front().office;
    const strangers = panes.act(clear.owner, 'waitlist.accept', { offer_id: String(offers[0]) });
    expect(await refusal(strangers)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await press(addresses[0])).toContain('It is yours');
    expect(await offerNow(offers[0])).toMatchObject({ status: 'open' });
  });
});

describe('the mails of an offer', () => {
  const mailsTo = (contact_id: string) =>
    panes.read(panes.dana, 'scheduled_messages', {
      params: { contact_id },
      fields: ['kind', 'status', 'subject', 'body'],
    });

  test('say what is offered and until when, and have no address of a link before they are delivered', async () => {
    const { entry, contact_id } = await waiting();
    const { addresses } = await offer('2026-12-10T09:00', [entry]);
    const [mail] = await mailsTo(contact_id);
    expect(mail).toMatchObject({ kind: 'waitlist_offer' });
    for (const words of [
      'Thursday, December 10 at 9:00 AM',
      'Thursday, December 17 at 9:00 AM',
      'Thursday, November 19 at 8:00 AM',
    ])
      expect(`${mail?.subject} ${mail?.body}`).toContain(words);
    const token = addresses[0]?.split('/').at(-1) ?? '';
    expect(await textOfEverything(panes.database.owner)).not.toContain(token);
  });

  test('tell whoever was offered the same that it is taken, unless they have seen it on the page', async () => {
    const [first, second, third] = [await waiting(), await waiting(), await waiting()];
    const { addresses } = await offer(
      '2026-12-10T10:00',
      [first, second, third].map(({ entry }) => entry),
    );
    expect(await press(addresses[0])).toContain('It is yours');
    for (const { contact_id } of [second, third])
      expect(await mailsTo(contact_id)).toContainEqual(
        expect.objectContaining({ kind: 'waitlist_taken', status: 'pending' }),
      );
    expect(await press(addresses[1])).toContain('Somebody was faster');
    expect(await mailsTo(second.contact_id)).toContainEqual(
      expect.objectContaining({ kind: 'waitlist_taken', status: 'cancelled' }),
    );
    expect(await mailsTo(third.contact_id)).toContainEqual(
      expect.objectContaining({ kind: 'waitlist_taken', status: 'pending' }),
    );
    expect(await mailsTo(first.contact_id)).toContainEqual(
      expect.objectContaining({ kind: 'change_accepted' }),
    );
  });
});

describe('the page of a time that was taken', () => {
  test('says how the visit stands by now: moved, cancelled, or as it was taken', async () => {
    const { entry, visit } = await waiting();
    const { addresses } = await offer('2026-12-08T09:00', [entry]);
    expect(await press(addresses[0])).toContain('We come on Tuesday, December 8 at 9:00 AM.');
    const { done, dana } = panes;
    await done(dana, 'ticket.reschedule', { ticket_id: visit, scheduled_at: '2026-12-09T13:00' });
    for (const page of [await shown(addresses[0]), await press(addresses[0])]) {
      expect(page).toContain('We come on Wednesday, December 9 at 1:00 PM.');
      expect(page).not.toContain('December 8');
    }
    await done(dana, 'ticket.cancel', { ticket_id: visit, cancel_reason: 'They moved away' });
    for (const page of [await shown(addresses[0]), await press(addresses[0])]) {
      expect(page).toContain('This appointment was cancelled or moved.');
      expect(page).not.toContain('It is yours');
      expect(page).not.toContain('We come on');
      expect(page).not.toContain('They moved away');
    }
  });
});

describe('the mail of an offer that has ended', () => {
  const mailOf = async (contact_id: string) => {
    const params = { contact_id, kind: 'waitlist_offer' };
    return (await panes.read(panes.dana, 'scheduled_messages', { params }))[0];
  };
  /** An assistant’s offers wait for somebody to look at them. */
  const offerAsDraft = async (scheduled_at: string, to: readonly string[]) => {
    const settings = (agent_mails: string) =>
      panes.done(panes.olivia, 'organization.update_settings', { settings: { agent_mails } });
    await settings('wait_for_me');
    const { data } = await panes.act(
      panes.agent,
      'waitlist.offer',
      { scheduled_at, technician_id: 'Theo', to },
      { reasoning: 'They asked to come sooner, and this hour is free.' },
    );
    await settings('at_once');
    return answer.parse(data).offers.map(each => each.offer);
  };
  const sendNow = async (contact_id: string) =>
    panes.act(panes.dana, 'message.send_now', { message_id: (await mailOf(contact_id))?.id });

  test.each<[string, (facts: { offers: string[]; entry: string; other: string }) => Promise<unknown>]>([
    ['taken back', ({ offers }) => panes.done(panes.dana, 'waitlist.withdraw', { offer_id: offers[0] })],
    [
      'of somebody taken off the list',
      ({ entry }) => panes.done(panes.dana, 'waitlist.delete', { waitlist_id: entry }),
    ],
    [
      'of a time somebody else was given',
      ({ offers }) => panes.done(panes.dana, 'waitlist.accept', { offer_id: offers[1] }),
    ],
    [
      'of somebody who was given another time',
      async ({ entry }) => {
        const { offers } = await offer('2026-12-15T09:00', [entry]);
        return panes.done(panes.dana, 'waitlist.accept', { offer_id: offers[0] });
      },
    ],
  ])('does not go out any more: %s', async (how, end) => {
    const hour =
      8 + ['taken back', 'off the list', 'somebody else', 'another'].findIndex(w => how.includes(w));
    const [first, second] = [await waiting(), await waiting()];
    const offers = await offerAsDraft(`2026-12-14T${String(hour).padStart(2, '0')}:00`, [
      first.entry,
      second.entry,
    ]);
    expect(await mailOf(first.contact_id)).toMatchObject({ status: 'draft' });
    await end({ offers, entry: first.entry, other: second.entry });
    expect(await mailOf(first.contact_id)).toMatchObject({ status: 'skipped' });
    expect(await refusal(sendNow(first.contact_id))).toMatchObject({ code: 'INVALID_STATE' });
    // Who has not heard of a time is not told that it is gone.
    const params = { contact_id: first.contact_id, kind: 'waitlist_taken' };
    expect(await panes.read(panes.dana, 'scheduled_messages', { params })).toEqual([]);
  });

  test('does not go out once nobody can take the time any more, and goes out before', async () => {
    const [late, early, gone] = [await waiting(), await waiting(), await waiting()];
    await offerAsDraft('2026-12-16T09:00', [late.entry, early.entry, gone.entry]);
    expect((await sendNow(early.contact_id)).status).toBe('done');
    await panes.done(panes.dana, 'ticket.cancel', { ticket_id: gone.visit });
    expect(await refusal(sendNow(gone.contact_id))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('can no longer be taken'),
    });
    panes.setClock('2026-11-19T12:00:00-06:00');
    expect(await refusal(sendNow(late.contact_id))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('too late'),
    });
    panes.setClock('2026-11-18T08:00:00-06:00');
  });
});

describe('a time that is not free any more', () => {
  test.each<
    [string, (at: string, facts: { visit: string; entry: string; offer: string }) => Promise<unknown>]
  >([
    [
      'because the office filled it',
      at => panes.book(at, { technician_ids: ['Theo'], contact_id: 'Mrs Hart' }),
    ],
    [
      'because the offer was taken back',
      (_, facts) => panes.done(panes.dana, 'waitlist.withdraw', { offer_id: facts.offer }),
    ],
    [
      'because the customer was taken off the list',
      (_, { entry }) => panes.done(panes.dana, 'waitlist.delete', { waitlist_id: entry }),
    ],
    [
      'because their visit is cancelled',
      (_, { visit }) =>
        panes.done(panes.dana, 'ticket.cancel', { ticket_id: visit, cancel_reason: 'not any more' }),
    ],
  ])('is told kindly, %s, before and after the button, and nothing is booked', async (how, change) => {
    const reasons = ['filled', 'taken back', 'off the list', 'cancelled'];
    const at = `2026-12-02T${String(8 + reasons.findIndex(words => how.includes(words))).padStart(2, '0')}:00`;
    const { entry, visit, contact_id } = await waiting();
    const { offers, addresses } = await offer(at, [entry]);
    expect(await shown(addresses[0])).toContain('Take this time');
    await change(at, { entry, visit, offer: String(offers[0]) });
    const before = await visitsOf(contact_id);
    const isTakenBack = how.includes('taken back') || how.includes('off the list');
    const says = isTakenBack ? 'This offer is over' : 'Somebody was faster';
    for (const page of [await shown(addresses[0]), await press(addresses[0]), await shown(addresses[0])]) {
      expect(page).toContain(says);
      expect(page).not.toContain('<button>');
    }
    expect(await visitsOf(contact_id)).toEqual(before);
    const call = panes.act(panes.dana, 'waitlist.accept', { offer_id: String(offers[0]) });
    expect(await refusal(call)).toMatchObject({ code: 'CONFLICT' });
  });

  test('is told so when the move that made it free was undone', async () => {
    const { act, dana, book } = panes;
    const { reference } = await book('2026-12-03T09:00', { technician_ids: ['Theo'] });
    const moved = await act(dana, 'ticket.reschedule', {
      ticket_id: reference,
      scheduled_at: '2026-12-03T14:00',
    });
    const { entry, contact_id, visit } = await waiting();
    const { addresses } = await offer('2026-12-03T09:00', [entry]);
    expect(await shown(addresses[0])).toContain('Take this time');
    await panes.done(dana, 'audit.undo', { of: moved.undo });
    expect(await press(addresses[0])).toContain('Somebody was faster');
    expect(await visitsOf(contact_id)).toMatchObject([
      { reference: visit, scheduled_at: '2026-12-17T15:00:00.000Z' },
    ]);
  });

  test('is told so when it is too late, by the clock of the offer and by that of the visit', async () => {
    const { entry, visit } = await waiting();
    const { addresses } = await offer('2026-12-04T09:00', [entry]);
    front().office.setClock('2026-11-19T07:59:00-06:00');
    expect(await shown(addresses[0])).toContain('Take this time');
    front().office.setClock('2026-11-19T08:00:01-06:00');
    for (const page of [await shown(addresses[0]), await press(addresses[0])])
      expect(page).toContain('This offer is over');
    expect(await visitNow(visit)).toMatchObject({ scheduled_at: '2026-12-17T15:00:00.000Z' });
    const soon = await waiting();
    const today = await offer('2026-11-19T13:00', [soon.entry]);
    front().office.setClock('2026-11-19T11:00:01-06:00');
    expect(await press(today.addresses[0])).toContain('This offer is over');
    front().office.setClock('2026-11-18T08:00:00-06:00');
    await panes.done(panes.dana, 'waitlist.offer', {
      scheduled_at: '2026-12-04T10:00',
      technician_id: 'Theo',
      to: [entry],
    });
  });
});

describe('an offer', () => {
  test('is refused for a time that is taken or past, and for whom it does not suit', async () => {
    const { act, dana, book } = panes;
    const { entry } = await waiting();
    await book('2026-12-07T09:00', { technician_ids: ['Theo'] });
    const ask = (data: Record<string, unknown>) =>
      refusal(act(dana, 'waitlist.offer', { technician_id: 'Theo', to: [entry], ...data }));
    expect(await ask({ scheduled_at: '2026-12-07T09:00' })).toMatchObject({
      code: 'CONFLICT',
      valid_options: expect.arrayContaining([expect.stringContaining('with Theo')]),
    });
    expect(await ask({ scheduled_at: '2026-11-17T09:00' })).toMatchObject({ code: 'CONFLICT' });
    expect(await ask({ scheduled_at: '2026-12-18T09:00' })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`${entry} does not fit`),
    });
    await offer('2026-12-07T10:00', [entry]);
    expect(await ask({ scheduled_at: '2026-12-07T10:00' })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('was offered a time then already'),
    });
  });

  test('to somebody without an e-mail address is a call to make with the words to say, and the office takes it for them', async () => {
    const { done, dana, read } = panes;
    const visit = await done(dana, 'ticket.create', {
      contact_id: 'Mrs Hart',
      scheduled_at: '2026-12-17T13:00',
      duration_minutes: 60,
    });
    const entry = await done(dana, 'waitlist.create', {
      contact_id: 'Mrs Hart',
      ticket_id: visit.reference,
    });
    const { offers } = answer.parse(
      await done(dana, 'waitlist.offer', {
        scheduled_at: '2026-12-08T09:00',
        technician_id: 'Theo',
        to: [entry.reference],
      }),
    );
    expect(offers[0]?.customer_told).toMatch(
      /has no e-mail, call \(256\) 555-0119 \(TASK-\d+ has the words\)$/,
    );
    const [task] = await read(dana, 'tasks', { params: { contact_id: 'Mrs Hart' }, filter: 'open' });
    expect(task).toMatchObject({
      title: 'Call Mrs Hart: offer Tuesday, December 8 at 9:00 AM, which has become free',
    });
    const [{ note } = {}] = await read(dana, 'tasks', { id: String(task?.reference), fields: ['note'] });
    expect(note).toContain('on Tuesday, December 8 at 9:00 AM');
    expect(note).toContain('instead of Thursday, December 17 at 1:00 PM');
    const taken = await done(dana, 'waitlist.accept', { offer_id: offers[0]?.offer });
    expect(taken).toMatchObject({ taken: true, ticket: { scheduled_local: 'Tue 2026-12-08 09:00 -06:00' } });
  });
});

describe('fifty customers who press at once', () => {
  test('get one visit and forty-nine kind pages', async () => {
    const entries: Awaited<ReturnType<typeof waiting>>[] = [];
    while (entries.length < 50)
      entries.push(...(await Promise.all([1, 2, 3, 4, 5].map(() => waiting({ has_visit: false })))));
    const { addresses } = await offer(
      '2026-12-09T09:00',
      entries.map(({ entry }) => entry),
    );
    const pages = await Promise.all(addresses.map(pressUntilAnswered));
    expect(pages.filter(page => page.includes('It is yours'))).toHaveLength(1);
    const kind = pages.filter(page => page.includes('Somebody was faster'));
    expect(kind).toHaveLength(49);
    for (const page of kind) expect(page).toContain('you stay on our list');
    const { rows } = await panes.database.owner.query(
      `select count(*)::int as visits from tickets where scheduled_at = '2026-12-09T15:00:00Z'`,
    );
    expect(rows).toEqual([{ visits: 1 }]);
    const due = await panes.database.owner.query(
      `select count(*)::int as mails from scheduled_messages as m join waitlist_offers as o on o.message_id = m.id
       where o.starts_at = '2026-12-09T15:00:00Z' and m.kind = 'waitlist_taken' and m.status = 'pending'`,
    );
    expect(due.rows).toEqual([{ mails: 0 }]);
    const won = entries[pages.findIndex(page => page.includes('It is yours'))];
    expect(await visitsOf(String(won?.contact_id))).toHaveLength(1);
    const still = await panes.read(panes.dana, 'waitlist', { filter: 'waiting', limit: 100 });
    const lost = entries.filter(entry => entry !== won).map(({ entry }) => entry);
    expect(still.map(({ reference }) => reference)).toEqual(expect.arrayContaining(lost));
    expect(still.map(({ reference }) => reference)).not.toContain(won?.entry);
  });
});
