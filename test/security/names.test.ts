import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// What is changed, called off or mailed by words instead of a reference is what the words say, and nothing that comes near
// it. Whoever is not understood is told what there is.

const panes = useBrightPanes();

interface Answer {
  code?: string;
  reference?: unknown;
  references?: unknown[];
}

const offered = z.object({ candidates: z.array(z.object({ reference: z.string() })).optional() });

/** What a caller gets: what it would be done to, or why not and what is offered. */
async function attempt(action: string, data: Record<string, unknown>): Promise<Answer> {
  const { act, dana } = panes();
  try {
    const { data: row } = await act(dana, action, data);
    return { reference: row.reference };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    const { candidates = [] } = offered.parse(error.details);
    return { code: error.code, references: candidates.map(({ reference }) => reference) };
  }
}

const update = (ticket_id: string) => attempt('ticket.update', { ticket_id, notes: 'Ladder' });
const send = (invoice_id: string) => attempt('invoice.send', { invoice_id });

const customer = async (full_name: string, more: Record<string, unknown> = {}) =>
  String((await panes().done(panes().dana, 'contact.create', { full_name, ...more })).reference);
const visit = async (contact_id: string, scheduled_at: string) =>
  String((await panes().book(scheduled_at, { contact_id })).reference);
const bill = async (contact_id: string) =>
  String(
    (
      await panes().done(panes().dana, 'invoice.create', {
        contact_id,
        lines: [{ description: 'Screens', unit_price_cents: 4_000 }],
      })
    ).reference,
  );

beforeAll(() => panes().setClock('2026-11-18T08:00:00-06:00'));

describe('of ten of one name', () => {
  const firsts = ['Ann', 'Bob', 'Cid', 'Dee', 'Eve', 'Fay', 'Gil', 'Hal', 'Ida', 'Joe'];

  test.each([
    ['Quillan', 0, 9],
    ['Harrow', 9, 0],
    ['Tolland', 5, 6],
  ])('two %s have a visit to come, and one is asked which', async (family, one, other) => {
    for (const first of firsts) await customer(`${first} ${family}`);
    const visits = [
      await visit(`${firsts[one]} ${family}`, '2026-12-01T10:00'),
      await visit(`${firsts[other]} ${family}`, '2026-12-02T10:00'),
    ];
    expect(await attempt('ticket.cancel', { ticket_id: family, reason: 'Moved' })).toEqual({
      code: 'AMBIGUOUS',
      references: visits,
    });
  });

  test('only the last has one, and is understood', async () => {
    for (const first of firsts) await customer(`${first} Bixby`);
    const only = await visit('Joe Bixby', '2026-12-03T10:00');
    expect(await update('Bixby')).toEqual({ reference: only });
  });
});

describe('a visit of somebody who is known by more than a name', () => {
  let friday = '';
  beforeAll(async () => {
    await customer('Nell Garvey', {
      email: 'nell@garvey.example',
      notes: 'Neighbour of Albert Winterbottom, sister of Clara',
    });
    friday = await visit('Nell Garvey', '2026-11-20T09:00');
  });

  test.each([
    'Nell Garvey',
    'garvey nell',
    'Nell',
    'Nell Garvey Friday',
    'Nell Garvey’s on Friday',
    'Garvey 2026-11-20',
  ])('goes by «%s»', async words => {
    expect(await update(words)).toEqual({ reference: friday });
  });

  test.each([
    ['a word in her notes', 'Winterbottom'],
    ['a first name in her notes', 'Clara'],
    ['her name with a word of her notes', 'Nell Winterbottom'],
    ['a misspelling', 'Garvy'],
    ['a name that resembles hers', 'Neal Harvey'],
    ['half of another name', 'Nell Harvey'],
    ['the beginning of her name', 'Nell Garv'],
  ])('does not go by %s, and is offered', async (_what, words) => {
    expect(await update(words)).toEqual({ code: 'NOT_FOUND', references: [friday] });
  });

  test.each([
    'next Friday',
    'this Friday',
    'not Friday',
    '3pm',
    'afternoon',
    'Saturday morning',
    'Dec 4',
    'Gutters',
    'Jr',
    'Saturday',
  ])('does not go by what nobody understands behind her name: «%s»', async more => {
    expect(await update(`Nell Garvey ${more}`)).toEqual({ code: 'NOT_FOUND', references: [friday] });
  });

  test('goes by nothing without words, and a day that is none is no mistake of ours', async () => {
    expect(await update('!!!')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await update('Nell Garvey 2026-13-45')).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('goes by her name with or without accents', async () => {
    await customer('Zoë Núñez');
    const hers = await visit('Zoë Núñez', '2026-11-23T09:00');
    expect(await update('Zoe Nunez')).toEqual({ reference: hers });
    expect(await update('Zoë Núñez Monday')).toEqual({ reference: hers });
  });

  test('may be of one called May, or in May: then one is asked', async () => {
    await customer('Orla May Finch');
    await customer('Orla Pike');
    const hers = await visit('Orla May Finch', '2027-01-04T09:00');
    expect(await update('Orla May')).toEqual({ reference: hers });
    const inMay = await visit('Orla Pike', '2027-05-04T09:00');
    expect(await update('Orla May')).toEqual({ code: 'AMBIGUOUS', references: [hers, inMay] });
  });
});

describe('what a technician may not see', () => {
  test('is not offered to them', async () => {
    const { act, theo } = panes();
    await customer('Vera Lindqvist');
    await visit('Vera Lindqvist', '2026-11-27T09:00');
    await panes().book('2026-11-25T09:00', { technician_ids: ['Theo'] });
    const ask = (ticket_id: string) => act(theo, 'ticket.update', { ticket_id, notes: 'Ladder' });
    await expect(ask('Vera Lindqvist Jr')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: expect.not.objectContaining({ candidates: expect.anything() }),
    });
    await expect(ask('Jane Smith')).resolves.toMatchObject({ status: 'done' });
  });
});

describe('a bill', () => {
  let sent = '';
  beforeAll(async () => {
    await customer('Opal Vance', { email: 'opal@vance.example', notes: 'Friend of Hester' });
    sent = await bill('Opal Vance');
  });

  test('is mailed by the whole name alone, not by a friend’s', async () => {
    expect(await send('Hester')).toEqual({ code: 'NOT_FOUND', references: [sent] });
    expect(await send('Opal Vance')).toEqual({ reference: sent });
  });

  test('that is out is not mailed again for the name: one is told what there is', async () => {
    expect(await send('Opal Vance')).toEqual({ code: 'INVALID_STATE', references: [sent] });
    expect(await send(sent)).toEqual({ reference: sent });
  });

  test('is cancelled by name only while it is a draft', async () => {
    const cancel = () => attempt('invoice.cancel', { invoice_id: 'Opal Vance', reason: 'Free' });
    expect(await cancel()).toEqual({ code: 'INVALID_STATE', references: [sent] });
    const draft = await bill('Opal Vance');
    expect(await cancel()).toEqual({ reference: draft });
  });

  test('that has no day yet goes by the day it was made on where the business is', async () => {
    await customer('Ivy Late', { email: 'ivy@late.example' });
    const draft = await bill('Ivy Late');
    // Wednesday evening in Chicago, Thursday in Greenwich.
    await asTableOwner(
      panes(),
      `update invoices set created_at = '2026-11-12T03:00:00Z' where reference = '${draft}'`,
    );
    expect(await send('Ivy Late Thursday')).toEqual({ code: 'NOT_FOUND', references: [draft] });
    expect(await send('Ivy Late Wednesday')).toEqual({ reference: draft });
  });
});

describe('a task', () => {
  test('goes by whole words of its title, not by a part of one', async () => {
    const { done, dana } = panes();
    const task = await done(dana, 'task.create', {
      title: 'Order squeegees for the van',
      due_at: '2026-11-24T09:00',
    });
    const complete = (task_id: string) => attempt('task.complete', { task_id });
    expect(await complete('squeeg')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await complete('order squeegees')).toEqual({ reference: task.reference });
  });
});
