import { beforeAll, describe, expect, test } from 'vitest';
import { sizes, useBrowser } from '../support/browser.ts';
import { useCloseOutPages } from './close-out-pages.ts';

const { pages, panes, session, book, see } = useCloseOutPages();
const openTab = useBrowser();

/** Of which a technician needs nothing: the mail address, the office's own notes, what it cost last time. */
const notForTheVisit = /jane\.smith@|pays late|400\.00|Carla/;

describe('whoever goes to a visit is told what helps', () => {
  let visit: string;

  beforeAll(async () => {
    const { done } = pages();
    const { dana, theo } = panes();
    const before = await panes().book('2026-11-18T11:00', {
      address_id: 'A-1001',
      lines: [{ service_id: 'S-1' }],
      technician_ids: [pages().bright.people.Theo?.id],
    });
    await done(theo, 'ticket.close', {
      ticket_id: before.reference,
      duration_minutes: 60,
      notes: 'Very nice. Brought the extension ladder.',
      next_service: 'no',
      lines: [{ line_id: '1', unit_price_cents: 40_000 }],
      attributes: [
        { key: 'pet', value: 'dog', details: { name: 'Biscuit' } },
        { key: 'gate_code', value: '4411' },
      ],
    });
    await done(dana, 'note.create', { ticket_id: before.reference, content: 'She pays late. Ask Carla.' });
    await done(pages().bright.agent, 'attribute.set', {
      contact_id: 'C-1001',
      key: 'equipment_needed',
      value: 'ladder',
    });
    visit = await book({}, '2026-11-18T14:00');
  });

  test.each(['/close-out/', '/tickets/'])('on %s: facts, last visit, phone and the way there', async path => {
    const { status, markup, text } = await see(path + visit);
    expect(status).toBe(200);
    expect(text).toContain('Good to know');
    expect(text).toContain('pet: dog (name: Biscuit)');
    expect(text).toContain('gate code: 4411');
    // What nobody has confirmed says so.
    expect(text).toContain('equipment needed: ladder (unconfirmed)');
    expect(text).toMatch(/Last visit ?Wednesday, November 18, 2026 · Gutter Cleaning · Theo/);
    expect(text).toContain('“Very nice. Brought the extension ladder.”');
    expect(markup).toContain('href="tel:+12565550142"');
    expect(markup).toMatch(/href="https:\/\/www\.google\.com\/maps\/dir\/[^"]*123%20Main%20Street[^"]*"/);
    expect(markup).not.toMatch(notForTheVisit);
  });

  test('and of nobody else’s visit a word: another technician, and the data behind the page', async () => {
    for (const path of ['/close-out/', '/tickets/']) {
      const { status, markup } = await see(path + visit, 'tess');
      expect(status).toBe(404);
      expect(markup).not.toMatch(/Biscuit|4411|555-0142|Main Street/);
    }
    const read = (name: 'theo' | 'tess') =>
      pages().read(panes()[name], 'good_to_know', { params: { ticket_id: visit } });
    await expect(read('tess')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [row] = await read('theo');
    expect(Object.keys(row ?? {}).sort()).toEqual([
      'address',
      'customer',
      'facts',
      'last_visit',
      'phone',
      'reference',
    ]);
    expect(JSON.stringify(row)).not.toMatch(notForTheVisit);
    expect(JSON.stringify(row)).toContain('Biscuit');
  });

  test('a customer of whom nothing is known has nothing to say, and no empty box', async () => {
    const tess = [pages().bright.people.Tess?.id];
    const other = await book(
      { contact_id: 'C-1002', address_id: 'A-1002', technician_ids: tess },
      '2026-11-18T16:00',
    );
    const { text, markup } = await see(`/close-out/${other}`, 'tess');
    expect(text).not.toMatch(/Good to know|Last visit/);
    expect(markup).toContain('href="tel:+12565550119"');
  });

  test.each([true, false])('in a browser on a phone, JavaScript: %s', async javaScript => {
    const { page, context } = await openTab({ javaScript, size: sizes[0] });
    await context.addCookies([{ name: 'deskhand_session', value: session('theo'), url: pages().url }]);
    await page.goto(`${pages().url}/close-out/${visit}`);
    await page.getByText('dog (name: Biscuit)').waitFor();
    await page.getByRole('link', { name: '(256) 555-0142' }).waitFor();
    await page.getByRole('link', { name: 'Directions' }).waitFor();
  });
});
