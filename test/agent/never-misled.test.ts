import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useDesk } from './desk.ts';

// Four runs of a capable model did everything an owner asked, and met the same traps again and again: answers from which
// one understands something that is not so. Each trap stands here as the owner would have been misled by it.

const panes = useBrightPanes();
const desk = useDesk(panes);

const because = { reasoning: 'The owner asked for it' };
/** The whole answer of an action, warnings and all. */
const action = (name: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  desk().use('crm_action', { action: name, data, ...more });

const customer = async (full_name: string, more: Record<string, unknown> = {}) =>
  String((await panes().done(panes().dana, 'contact.create', { full_name, ...more })).reference);

const visit = async (contact_id: string, scheduled_at: string, more: Record<string, unknown> = {}) =>
  String((await panes().book(scheduled_at, { contact_id, ...more })).reference);

describe('“When were you last at Mrs Hart’s, and when do you come again?”', () => {
  beforeAll(async () => {
    const { done, dana, setClock } = panes();
    setClock('2026-11-02T08:00:00-06:00');
    const was = await visit('Mrs Hart', '2026-11-02T09:00');
    setClock('2026-11-02T12:00:00-06:00');
    await done(dana, 'ticket.close', {
      ticket_id: was,
      duration_minutes: 60,
      notes: 'All done.',
      next_service: 'no',
    });
    await visit('Mrs Hart', '2026-11-12T09:00');
    setClock('2026-11-18T08:00:00-06:00');
    await visit('Mrs Hart', '2026-12-10T09:00');
  });

  test('the last visit is one that was, the next is to come, and the forgotten one is neither', async () => {
    const { booking_context } = await desk().use('find_customer', { query: 'Mrs Hart' });
    expect(booking_context).toMatchObject({
      last_visit: { local: expect.stringContaining('2026-11-02') },
      next_visit: { local: expect.stringContaining('2026-12-10') },
      should_be_over: [{ local: expect.stringContaining('2026-11-12') }],
    });
  });

  test('“Did anybody forget to close a job?” names it in the briefing, too, with its visit', async () => {
    const { data } = await desk().use('daily_briefing', {});
    expect(data).toMatchObject({
      should_be_over: [expect.stringMatching(/2026-11-12 09:00 T-\d+ «Mrs Hart»/)],
    });
  });
});

describe('“Make a customer of her.”', () => {
  const inquiry = (full_name: string, phone: string) =>
    panes().done(panes().dana, 'lead.create', { full_name, phone, follow_up: false });

  test('when two of our customers could be meant, each says why, and a new one can be made all the same', async () => {
    await customer('Anna Twin', { phone: '256 555 0305' });
    await customer('Bella Twin', { phone: '256 555 0305' });
    const { reference } = await inquiry('A. Twin', '256 555 0305');
    const refused = await desk().refused('crm_action', { action: 'lead.convert', data: { lead: reference } });
    expect(refused).toMatchObject({
      code: 'AMBIGUOUS',
      candidates: [
        { label: '«Anna Twin»', why: expect.stringContaining('same phone') },
        { label: '«Bella Twin»', why: expect.stringContaining('same phone') },
      ],
    });
    expect(await desk().act('lead.convert', { lead: reference, new_customer: true })).toMatchObject({
      contact_created: true,
      contact: { full_name: '«A. Twin»' },
    });
  });

  test('a neighbour’s telephone is no reason to ask: she is a customer of her own, and the number is said', async () => {
    await customer('Carl House', { phone: '256 555 0306' });
    const { reference } = await inquiry('Emily Garden', '256 555 0306');
    expect(await action('lead.convert', { lead: reference })).toMatchObject({
      data: { contact_created: true, contact: { full_name: '«Emily Garden»' } },
      warnings: [expect.stringMatching(/«Carl House» has the same phone/)],
    });
  });

  test('nobody is told to call her back after that', async () => {
    const summary = JSON.stringify(await desk().use('crm_query', { type: 'workflows' }));
    expect(summary).toContain('lead.end_call_backs');
  });
});

test('“That was an advertisement.” An inquiry can be closed as spam', async () => {
  const { done, dana } = panes();
  const { reference } = await done(dana, 'lead.create', { raw_notes: 'Rank first in every search engine!' });
  expect(await desk().act('lead.disqualify', { lead: reference, reason: 'spam' })).toMatchObject({
    status: 'disqualified',
    disqualification_reason: 'spam',
  });
});

test('whether to delete, archive or disqualify an inquiry is said where it is chosen', async () => {
  const of = ['lead.delete', 'lead.archive', 'lead.disqualify'];
  const summaries = await desk().use('crm_capabilities', { of });
  expect(summaries).toMatchObject({
    'lead.delete': { summary: expect.stringMatching(/mistake.*Spam and lost ones: disqualify/) },
    'lead.archive': { summary: expect.stringMatching(/without a verdict.*With a verdict: disqualify/) },
    'lead.disqualify': { summary: expect.stringMatching(/came to nothing, or spam/) },
  });
});

test('“Mrs Colquitt has moved.” When two are called so, the answer says which is which', async () => {
  for (const [city, phone] of [
    ['Athens', '256 555 0167'],
    ['Madison', '256 555 0168'],
  ] as const) {
    const contact_id = await customer('Mary Colquitt', { phone });
    await panes().done(panes().dana, 'address.create', {
      contact_id,
      line1: '21 Pryor St',
      city,
      state: 'AL',
    });
  }
  const { candidates } = await desk().refused('crm_action', {
    action: 'contact.update',
    data: { contact: 'Mary Colquitt', phone: '256 555 0199' },
  });
  expect(candidates).toMatchObject([
    { label: '«Mary Colquitt»', known_by: '«21 Pryor St, Athens, AL; (256) 555-0167»' },
    { label: '«Mary Colquitt»', known_by: '«21 Pryor St, Madison, AL; (256) 555-0168»' },
  ]);
});

describe('“Can Theo come on Monday at ten?”', () => {
  let reference: string;
  beforeAll(async () => {
    reference = await visit('Jane Smith', '2026-11-23T09:00', {
      technician_ids: ['Theo'],
      duration_minutes: 240,
    });
  });
  const wish = { contact_id: 'Mrs Hart', duration_minutes: 60 };

  test('no, and with what he is busy, when he can, and that Tess could', async () => {
    const { data } = await desk().use('schedule_appointment', {
      ...wish,
      scheduled_at: '2026-11-23T10:00',
      technician_id: 'Theo',
    });
    expect(data).toMatchObject({
      booked: false,
      busy: [expect.stringMatching(new RegExp(`^Theo is on ${reference} «.+» from 09:00 to 13:00$`))],
      free_then: ['Tess'],
      hint: expect.stringContaining('Nothing is booked: Theo is busy then.'),
    });
  });

  test('that Theo is busy and that nobody is free are two things', async () => {
    await visit('Jane Smith', '2026-11-23T09:30', { technician_ids: ['Tess'] });
    const { data } = await desk().use('schedule_appointment', { ...wish, scheduled_at: '2026-11-23T10:00' });
    expect(data).toMatchObject({ booked: false, hint: expect.stringContaining('nobody is free then') });
  });

  test('trying it out first says that it would not be booked, and not that nothing would change', async () => {
    const refused = await desk().refused('schedule_appointment', {
      ...wish,
      scheduled_at: '2026-11-23T10:00',
      technician_id: 'Theo',
      preview: true,
    });
    expect(refused).toMatchObject({
      code: 'CONFLICT',
      message: 'This would book nothing: the time is taken.',
      busy: [expect.stringMatching(new RegExp(`^Theo is on ${reference} «.+» from 09:00 to 13:00$`))],
      // As the clock on the wall says, like every other time that is told.
      slots: expect.arrayContaining([{ starts_at: 'Mon 2026-11-23 13:00 -06:00', free: ['Theo'] }]),
    });
  });

  test('trying out what works counts what it lists', async () => {
    const answer = await desk().use('schedule_appointment', {
      ...wish,
      scheduled_at: '2026-11-23T14:00',
      preview: true,
    });
    const { data } = answer;
    const { affected_rows, would_change } = Object(data);
    expect(would_change.length).toBeGreaterThan(0);
    expect(affected_rows).toBe(would_change.length);
  });
});

test('“When could you come?” is answered with times over the whole week and everybody who is free', async () => {
  const { data } = await desk().use('schedule_appointment', {
    contact_id: 'Mrs Hart',
    duration_minutes: 60,
    from: '2026-12-14',
    to: '2026-12-18',
  });
  const slots: { starts_at: string; free: string[] }[] = Object(data).slots;
  expect(new Set(slots.map(({ starts_at }) => starts_at.slice(0, 10))).size).toBe(5);
  expect(slots[0]?.free).toEqual(expect.arrayContaining(['Tess', 'Theo']));
});

test('“Mornings, and only Tess.” What she likes comes first and is said', async () => {
  const reference = await customer('Doris Langford', { phone: '256 555 0165' });
  await desk().act('contact.set_preferences', {
    contact: reference,
    time_of_day: 'morning',
    technician: 'Tess',
  });
  const { data } = await desk().use('schedule_appointment', {
    contact_id: reference,
    duration_minutes: 60,
    from: '2026-12-14',
    to: '2026-12-15',
  });
  expect(data).toMatchObject({ customer_likes: 'mornings, with Tess' });
  for (const { starts_at } of Object(data).slots) expect(starts_at).toMatch(/ (0\d|1[01]):/);
});

describe('“She cannot make it. Friday at ten instead.”', () => {
  let was: string;
  let answer: Record<string, unknown>;
  beforeAll(async () => {
    was = await visit('Jane Smith', '2026-12-01T10:00', { technician_ids: ['Theo'] });
    answer = await desk().use('handle_reschedule_request', {
      ticket_id: was,
      scheduled_at: '2026-12-04T10:00',
      reason: 'Mrs Smith asked for Friday at ten',
    });
  });

  test('the answer says who goes and how she was told', () => {
    expect(answer.data).toMatchObject({
      who_goes: 'Theo',
      customer_told: 'mailed to «jane.smith@example.com»',
    });
  });

  test('somebody without e-mail was not told, and the number to call stands there', async () => {
    const other = await visit('Mrs Hart', '2026-12-02T14:00', { technician_ids: ['Tess'] });
    const { data } = await desk().use('handle_reschedule_request', {
      ticket_id: other,
      scheduled_at: '2026-12-03T14:00',
      reason: 'Mrs Hart asked for a day later',
    });
    expect(data).toMatchObject({
      customer_told: expect.stringMatching(
        /^not told: has no e-mail, call \(256\) 555-0119 \(TASK-\d+ has the words\)$/,
      ),
    });
  });

  test('“What happened to it?” is one story, whichever of the two is asked', async () => {
    const { reference } = Object(Object(answer.data).ticket);
    const moved = `moved from Tue 2026-12-01 10:00 to Fri 2026-12-04 10:00 (${was} → ${reference})`;
    for (const id of [was, reference]) {
      const [row] = await desk().query('tickets', { id, include: ['history'] });
      const [latest] = Object(row).history;
      expect(latest).toMatchObject({
        changed: [moved],
        actor_name: expect.stringContaining('Office Manager'),
      });
      expect(JSON.stringify(Object(row).history)).not.toContain('"old":null');
    }
  });

  test('without a reason the refusal speaks of the tool that was called, and of no other', async () => {
    const other = await visit('Jane Smith', '2026-12-07T10:00');
    const wish = { ticket_id: other, scheduled_at: '2026-12-07T12:00' };
    const refused = await desk().refused('handle_reschedule_request', wish);
    expect(refused).toMatchObject({
      code: 'REASONING_REQUIRED',
      message: 'handle_reschedule_request needs a reasoning that says why.',
    });
    expect(JSON.stringify(refused)).not.toContain('ticket.cancel');
  });
});

test('“Call it off.” says that nobody has told her', async () => {
  const ticket = await visit('Jane Smith', '2026-12-08T13:00');
  const { data } = await action('ticket.cancel', { ticket }, { ...because, preview: true });
  expect(Object(data).result).toMatchObject({
    status: 'cancelled',
    customer_told: 'not told: only notify_customer: true writes to them',
  });
});

test('“Call it off and tell her.” says how she was told', async () => {
  const reference = await visit('Jane Smith', '2026-12-08T09:00');
  const { data } = await action('ticket.cancel', { ticket: reference, notify_customer: true }, because);
  expect(data).toMatchObject({ status: 'cancelled', customer_told: 'mailed to «jane.smith@example.com»' });
});

describe('“We agreed on 510.”', () => {
  const windows = 'Interior and Exterior Window Cleaning';

  test('what is agreed is no estimate any more', async () => {
    const reference = await visit('Jane Smith', '2026-12-09T09:00', { lines: [windows] });
    const [before] = await desk().query('tickets', { id: reference });
    expect(before).toMatchObject({ is_price_estimated: true });
    expect(
      await desk().act('ticket.update_line', { ticket: reference, line: '1', unit_price_cents: 51_000 }),
    ).toMatchObject({ is_price_estimated: false, total_cents: 51_000 });
  });

  test('“Gutters are 175 from now on.” names the visits that keep the old price', async () => {
    const reference = await visit('Jane Smith', '2026-12-16T09:00', { lines: ['Gutter Cleaning'] });
    const { warnings } = await action('service.update', { service: 'Gutter Cleaning', price_cents: 17_500 });
    expect(JSON.stringify(warnings)).toContain(reference);
    const [kept] = await desk().query('tickets', { id: reference });
    expect(kept).toMatchObject({ total_cents: 15_000 });
  });
});

test('“She has a new number.” says that the old one stays, and how the list is replaced', async () => {
  const reference = await customer('Nora Quinn', { phone: '256 555 0177' });
  const { warnings } = await action('contact.update', { contact: reference, phone: '256 555 0178' });
  expect(warnings).toEqual([
    'The old number (256) 555-0177 stays as a second one; give phones to replace the list.',
  ]);
});

describe('“Gate code for whoever goes to Mrs Langford.”', () => {
  let who: string;
  beforeAll(async () => {
    who = await customer('Delia Langford', { phone: '256 555 0188' });
  });

  test('a visit goes by its customer’s name when it is her only one to come, as a customer does', async () => {
    await visit(who, '2026-12-18T09:00');
    const { meant } = await action('ticket.update', { ticket: 'Delia Langford', notes: 'Gate code 4711' });
    expect(JSON.stringify(meant)).toContain('T-');
    const noted = await desk().query('tickets', { where: { contact: who }, fields: ['notes'] });
    expect(JSON.stringify(noted)).toContain('«Gate code 4711»');
  });

  test('with two of them one is asked back, with when they are', async () => {
    await visit(who, '2026-12-19T09:00');
    const call = { action: 'ticket.update', data: { ticket: 'Delia Langford', notes: 'Gate code 4712' } };
    expect(await desk().refused('crm_action', call)).toMatchObject({
      code: 'AMBIGUOUS',
      candidates: [
        { label: '«Delia Langford, Fri 2026-12-18 09:00 -06:00»' },
        { label: '«Delia Langford, Sat 2026-12-19 09:00 -06:00»' },
      ],
    });
  });

  test('somebody who has none to come has none that could be meant', async () => {
    await customer('Ruth Langdon', { phone: '256 555 0189' });
    const call = { action: 'ticket.update', data: { ticket: 'Ruth Langdon', notes: 'Gate code 4713' } };
    expect(await desk().refused('crm_action', call)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('“Write to her in six months.”', () => {
  const closing = (ticket_id: string) => ({
    ticket_id,
    duration_minutes: 60,
    notes: 'All done.',
    next_service: 'reach_out',
    reach_out_months: 6,
  });

  test('whoever has no e-mail is called on the day on which others are written to', async () => {
    const silent = await customer('Walter Green', { phone: '256 555 0164' });
    const closed = await action('ticket.close', closing(await visit(silent, '2026-11-18T07:00')), because);
    expect(closed.data).toMatchObject({ reach_out: 'call on Tue 2027-05-18 09:00' });
    const due = await desk().query('follow_ups', { where: { contact: silent, until: '2027-06-01' } });
    expect(due).toHaveLength(1);
    const reached = await customer('Tom Alvarez', { email: 'tom@alvarez.example' });
    const { done, dana } = panes();
    expect(await done(dana, 'ticket.close', closing(await visit(reached, '2026-11-18T07:00')))).toMatchObject(
      {
        reach_out: 'mail on Tue 2027-05-18 09:00',
      },
    );
  });
});

describe('“She has a dog, I saw it myself.”', () => {
  test('what the owner has said counts as said by the owner', async () => {
    const reference = await customer('Otto Reinhardt');
    expect(
      await desk().act('attribute.set', { contact: reference, key: 'pet', value: 'dog', said_by: 'owner' }),
    ).toMatchObject({ is_confirmed: true });
    const [row] = await desk().query('attributes', { where: { contact: reference } });
    expect(row).toMatchObject({ is_confirmed: true });
  });

  test('what the agent has understood by itself does not', async () => {
    const reference = await customer('Nell Garvey');
    expect(
      await desk().act('attribute.set', { contact: reference, key: 'pet', value: 'parrot' }),
    ).toMatchObject({ is_confirmed: false });
  });
});

describe('“What is on today?”', () => {
  test('what is counted is named, so that it can be asked for', async () => {
    const { done, dana } = panes();
    const reference = await customer('Priya Raman');
    await done(dana, 'note.create', { contact_id: reference, content: 'A cat named Tiger.', extract: 'now' });
    const { data } = await desk().use('daily_briefing', {});
    const { summary, attributes_to_confirm } = Object(data);
    expect(summary).toMatch(/\d+ attributes? to confirm/);
    expect(JSON.stringify(attributes_to_confirm)).toMatch(/AT-\d+ «Priya Raman»: «pet: cat/);
  });

  test('it is about the day it names, and it is no write', async () => {
    const { data } = await desk().use('daily_briefing', { date: '2026-11-19' });
    expect(data).toMatchObject({ day: 'Thu 2026-11-19' });
    expect(JSON.stringify(Object(data).visits ?? [])).not.toContain('Mrs Hart');
    const { isError } = await desk().attempt('daily_briefing', { preview: true });
    expect(isError).toBe(true);
  });
});

test('“Eighteen screens.” take longer than one does', async () => {
  const { done, olivia } = panes();
  await done(olivia, 'service.update', { service_id: 'Screen Cleaning', minutes_per_unit: 5 });
  const { data } = await desk().use('schedule_appointment', {
    contact_id: 'Jane Smith',
    lines: [{ service_id: 'Screen Cleaning', quantity: 18 }],
    scheduled_at: '2026-12-17T09:00',
  });
  expect(Object(data).ticket).toMatchObject({ duration_minutes: 90 });
});

describe('“Bridget called again.”', () => {
  test('who asked for a job and is no customer yet is named, not to be written down twice', async () => {
    const { done, dana } = panes();
    const lead = await done(dana, 'lead.create', {
      full_name: 'Bridget O’Shaughnessy-Nguyễn',
      service_interest: '24 windows and a skylight',
      follow_up: false,
    });
    const asked = () => desk().use('find_customer', { query: 'Bridgit Oshaughnessy' });
    const { customers, hint } = await asked();
    expect(customers).toEqual([]);
    expect(hint).toMatch(
      new RegExp(
        `^No customer is called so, but who asked for a job: ${String(lead.reference)} «Bridget .*» \\(new\\)`,
      ),
    );
    await done(dana, 'lead.convert', { lead_id: lead.reference });
    expect((await asked()).booking_context).toMatchObject({ full_name: expect.stringContaining('Bridget') });
  });
});
