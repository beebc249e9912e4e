import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { localTime } from '../../core/kernel/words/time.ts';
import { scheduleOutreach } from '../../core/messages/outreach.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const input = z.strictObject({
  contact_id: z.string(),
  ticket_id: z.string(),
  months: z.int(),
  then_fail: z.boolean().default(false),
});

/** An action that plans an outreach by the way, as closing a visit does. */
const finish = defineAction({
  domain: 'chore',
  name: 'finish',
  summary: 'Finish a chore.',
  input,
  output: z.object({ reference: z.string().optional(), told: z.string() }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  async run(context, { then_fail, ...outreach }) {
    const { message, told } = await scheduleOutreach(context, outreach);
    if (then_fail) throw invalid('then_fail', 'Something was wrong after all.');
    return { reference: message?.reference, told };
  },
});

const panes = useBrightPanes({
  domains: [defineDomain({ name: 'chore', summary: 'Chores.', actions: [finish] })],
});

beforeEach(() => panes().setClock(storyTime));

/** What Jane gets after a visit to her house, unless `more` says otherwise. */
async function outreachAfter(months: number, more: Partial<z.input<typeof input>> = {}) {
  const { done, read, dana } = panes();
  const [visit] = await read(dana, 'tickets', { limit: 1 });
  const ticket =
    visit ?? (await panes().book('2026-11-23T09:00', { lines: ['Gutter Cleaning', 'Screen Cleaning'] }));
  const { reference } = await done(dana, 'chore.finish', {
    contact_id: ticket.contact_id,
    ticket_id: ticket.id,
    months,
    ...more,
  });
  const [message] = await read(dana, 'scheduled_messages', { id: String(reference) });
  return message;
}

/** When it goes out, on the wall of the business. */
const wallOf = (message: Record<string, unknown> | undefined) =>
  localTime(String(message?.send_at), 'America/Chicago').slice(0, 20);

const openAll = (hours: [string, string][]) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(day => [day, hours]));
const open = (hours: Record<string, [string, string][]>) =>
  panes().done(panes().olivia, 'organization.update_settings', { business_hours: hours });

describe('the mail that asks a customer for the next visit', () => {
  test('says what was done, where and how long ago, and belongs to the visit', async () => {
    const message = await outreachAfter(6);
    const [visit] = await panes().read(panes().dana, 'tickets', { limit: 1 });
    expect(message).toMatchObject({
      kind: 'outreach',
      status: 'pending',
      contact_id: visit?.contact_id,
      ticket_id: visit?.id,
      subject: 'Would you like us to come again?',
      body: [
        'Hello Jane,',
        'It has been 6 months since our last visit.',
        'What we did: Gutter Cleaning and Screen Cleaning\nWhere: 123 Main Street, Madison, AL 35758',
        'Would you like to book the next visit? Just reply to this mail.',
      ].join('\n\n'),
    });
  });

  test.each([
    [1, 'It has been a month since'],
    [5, 'It has been 5 months since'],
    [12, 'It has been a year since'],
    [18, 'It has been 18 months since'],
    [24, 'It has been 2 years since'],
  ])('after %i months says so as people do: %s', async (months, words) => {
    expect((await outreachAfter(months))?.body).toContain(words);
  });

  test('says nothing of work and places nobody knows', async () => {
    const { book, done, read, dana } = panes();
    const contact = await done(dana, 'contact.create', {
      full_name: 'Nora Place',
      email: 'nora@example.com',
    });
    const { id: ticket_id } = await book('2026-11-24T09:00', { contact_id: contact.reference, lines: [] });
    const { reference } = await done(dana, 'chore.finish', { contact_id: contact.id, ticket_id, months: 6 });
    const [message] = await read(dana, 'scheduled_messages', { id: String(reference) });
    expect(message?.body).toBe(
      [
        'Hello Nora Place,',
        'It has been 6 months since our last visit.',
        'Would you like to book the next visit? Just reply to this mail.',
      ].join('\n\n'),
    );
  });

  test('does not exist when what it came from did not happen', async () => {
    const { act, dana, read } = panes();
    const before = await read(dana, 'scheduled_messages', { limit: 100 });
    const [visit] = await read(dana, 'tickets', { limit: 1 });
    const chore = {
      contact_id: visit?.contact_id,
      ticket_id: visit?.id,
      months: 6,
    };
    expect((await refusal(act(dana, 'chore.finish', { ...chore, then_fail: true }))).code).toBe(
      'VALIDATION_ERROR',
    );
    expect(await read(dana, 'scheduled_messages', { limit: 100 })).toEqual(before);
    await act(dana, 'chore.finish', chore);
    expect(await read(dana, 'scheduled_messages', { limit: 100 })).toHaveLength(before.length + 1);
  });

  test('is a call to come for whoever has no address, with a word to the one who plans it', async () => {
    const { act, dana, book } = panes();
    const { id: ticket_id, contact_id } = await book('2026-11-27T09:00', { contact_id: 'C-1002' });
    const { data, warnings } = await act(dana, 'chore.finish', { contact_id, ticket_id, months: 6 });
    expect(warnings).toEqual([
      'As things are, somebody has to call instead of this message: The customer has no e-mail address.',
    ]);
    expect(data).toMatchObject({ told: 'a call is planned' });
  });
});

describe('the day it goes out', () => {
  // It is Wednesday, the eighteenth of November; the business is open on weekdays.
  test.each([
    [6, 'Tue 2027-05-18 09:00'],
    [12, 'Thu 2027-11-18 09:00'],
  ])('is %i months later at nine in the morning: %s', async (months, wall) => {
    expect(wallOf(await outreachAfter(months))).toBe(wall);
  });

  test('is the last one of a shorter month, and nine on the wall although the clocks have changed', async () => {
    panes().setClock('2027-08-31T16:00:00-05:00');
    const message = await outreachAfter(6);
    expect(wallOf(message)).toBe('Tue 2028-02-29 09:00');
    expect(message?.send_at).toBe('2028-02-29T15:00:00.000Z');
  });

  test('is counted from today as the business has it, late in the evening', async () => {
    panes().setClock('2026-11-30T23:30:00-06:00');
    expect(wallOf(await outreachAfter(1))).toBe('Wed 2026-12-30 09:00');
  });

  test('is the next open one when the business is closed', async () => {
    panes().setClock('2026-11-20T12:00:00-06:00');
    // The twentieth of December is a Sunday.
    expect(wallOf(await outreachAfter(1))).toBe('Mon 2026-12-21 09:00');
  });

  test('begins when the business opens, where it is closed at nine', async () => {
    await open(openAll([['10:30', '16:00']]));
    expect(wallOf(await outreachAfter(6))).toBe('Tue 2027-05-18 10:30');
    await open(openAll([['05:00', '08:00']]));
    expect(wallOf(await outreachAfter(6))).toBe('Tue 2027-05-18 05:00');
    await open(
      openAll([
        ['06:00', '08:30'],
        ['13:00', '18:00'],
      ]),
    );
    expect(wallOf(await outreachAfter(6))).toBe('Tue 2027-05-18 13:00');
    await open(openAll([]));
    expect(wallOf(await outreachAfter(6))).toBe('Tue 2027-05-18 09:00');
  });
});
