import { beforeAll, describe, expect, test } from 'vitest';
import { storyTime } from '../support/office.ts';
import { formOf, mainOf, useCalendarPages } from './calendar-pages.ts';

const { pages, at, see, post, book } = useCalendarPages();

let open = '';
let closed = '';

beforeAll(async () => {
  const { done, bright } = pages();
  open = await book('2026-11-18T13:00', { technician_ids: ['Theo'], lines: ['Windows'] });
  closed = await book('2026-11-18T08:30', {
    technician_ids: ['Theo'],
    lines: ['Windows', 'Gutters'],
    is_price_estimated: true,
  });
  at('2026-11-18T12:02:00-06:00');
  await done(bright.people.Theo?.caller ?? bright.owner, 'ticket.close', {
    ticket_id: closed,
    duration_minutes: 202,
    notes: '',
    next_service: 'no',
    price_confirmed: true,
  });
  at(storyTime);
});

describe('the page of a visit', () => {
  test('leads its technician to the close-out while it is open, and the office too', async () => {
    for (const name of ['theo', 'dana', 'olivia']) {
      const { markup } = await see(`/tickets/${open}`, name);
      // At eight nobody finishes what begins at one: the way is there, and not the first thing one sees.
      expect(markup, name).toContain(
        `<p><a class="button quiet" href="/close-out/${open}">Finish visit</a></p>`,
      );
    }
    at('2026-11-18T12:35:00-06:00');
    const { markup } = await see(`/tickets/${open}`, 'theo');
    expect(markup).toContain(`<p><a class="button" href="/close-out/${open}">Finish visit</a></p>`);
    at(storyTime);
    expect((await see(`/tickets/${open}`, 'tess')).status).toBe(404);
  });

  test('says of a closed one when and by whom, how long it took, and its final prices', async () => {
    for (const name of ['theo', 'dana']) {
      const text = mainOf((await see(`/tickets/${closed}`, name)).markup);
      expect(text).toContain('closed Nothing on it can change any more. Notes can still be written.');
      expect(text).toContain('Closed Wed, Nov 18, 2026, 12:02 PM by Theo Took 3 h 22 min');
      expect(text).toContain('Windows $90.00 $90.00 Gutters $90.00 $90.00 Total $180.00');
      expect(text).not.toContain('Finish visit');
    }
    expect(mainOf((await see(`/tickets/${open}`)).markup)).not.toMatch(/Closed|Took|Nothing on it/);
  });

  test('has a tappable phone for the technician, whose customer it is', async () => {
    const { markup } = await see(`/tickets/${open}`);
    expect(markup).toContain('<a href="tel:+12565550142">(256) 555-0142</a>');
  });
});

describe('a note on a visit', () => {
  const write = async (reference: string, content: string, name: string) => {
    const { markup } = await see(`/tickets/${reference}`, name);
    const form = formOf(markup, `/tickets/${reference}/notes`);
    return post(`/tickets/${reference}/notes`, { ...form, content }, name);
  };

  test('is written by the office and read there, on a closed visit too', async () => {
    const { location, text } = await write(closed, 'Left the ladder.\r\nFetch it.', 'dana');
    expect(location).toBe(`/tickets/${closed}`);
    expect(text).toContain('The note is saved.');
    expect(text).toMatch(/Left the ladder. Fetch it. Wed, Nov 18, 2026|Left the ladder/);
    const [note] = await pages().read(pages().bright.owner, 'notes', { sort: '-created_at', limit: 1 });
    expect(note?.content).toBe('Left the ladder.\nFetch it.');
    expect((await see('/contacts/C-1001', 'dana')).text).toContain('Left the ladder.');
  });

  test('is written by its technician, who reads none', async () => {
    const { text } = await write(closed, 'Sill is loose.', 'theo');
    expect(text).toContain('The note is saved.');
    expect(text).not.toContain('Sill is loose.');
    expect((await see(`/tickets/${closed}`, 'dana')).text).toContain('Sill is loose.');
    const stranger = await post(`/tickets/${closed}/notes`, { content: 'Not mine.' }, 'tess');
    expect(stranger.status).toBe(404);
    expect((await see(`/tickets/${closed}`, 'dana')).text).not.toContain('Not mine.');
  });

  test('sent twice is one note; an empty one is asked for again, and one that is too long comes back whole', async () => {
    const form = formOf((await see(`/tickets/${open}`, 'dana')).markup, `/tickets/${open}/notes`);
    const twice = { ...form, content: 'Ring twice.' };
    for (const _press of [1, 2]) await post(`/tickets/${open}/notes`, twice, 'dana');
    expect((await see(`/tickets/${open}`, 'dana')).text.match(/Ring twice\./g)).toHaveLength(1);
    const empty = await write(open, '  ', 'theo');
    expect([empty.status, empty.text.includes('Write something first.')]).toEqual([400, true]);
    const long = await write(open, 'ä'.repeat(20_001), 'theo');
    expect([long.status, long.text.includes('ä'.repeat(20_001))]).toEqual([400, true]);
  });
});
