import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { useBrightPanes } from '../support/bright-panes.ts';
import { registry } from './registered.ts';
import { type Story, tellStory } from './story.ts';

// The groups of a list come to its total, or the answer says why they come to more.

const panes = useBrightPanes();
let story: Story;

beforeAll(async () => {
  story = await tellStory(panes(), panes().bright, 'Brightly');
  const { book, done, olivia } = panes();
  await book('2026-12-01T09:00', { technician_ids: ['Theo', 'Tess'], lines: ['Gutter Cleaning'] });
  const { id } = await book('2026-12-02T09:00', { technician_ids: ['Theo'], lines: ['Gutter Cleaning'] });
  await done(olivia, 'ticket.cancel', { ticket_id: id });
  const billed = await done(olivia, 'invoice.create', {
    contact_id: 'C-1001',
    lines: [{ description: 'Hooks', quantity: 1, unit_price_cents: 500 }],
  });
  await done(olivia, 'invoice.cancel', { invoice_id: billed.id, reason: 'Not wanted' });
});

const answer = z.looseObject({ count: z.number(), hint: z.string().optional() });
const group = z.looseObject({ count: z.number() });

async function totalsOf(type: string) {
  const page = await panes().app.read(panes().olivia, type, { totals: true }, { request_id: 'totals' });
  return answer.parse(page.totals);
}

const summedUp = [...registry.views.values()].flatMap(({ spec }) =>
  spec.totals === undefined ? [] : [{ type: spec.type }],
);

test.each(summedUp)('$type', async ({ type }) => {
  const { count, hint = '', ...more } = await totalsOf(type);
  const groups = Object.entries(more).filter(([name]) => name.startsWith('by_'));
  for (const [name, by] of groups) {
    const counts = z.record(z.string(), group).parse(by);
    const sum = Object.values(counts).reduce((all, each) => all + each.count, 0);
    if (sum === count) continue;
    expect({ name, more: sum > count, hint }).toEqual({
      name,
      more: true,
      hint: expect.stringContaining(`${name}: `),
    });
  }
});

test('a cancelled visit counts in no group, and a visit of two is said to count for each', async () => {
  expect(Object.keys(story)).toContain('ticket');
  const totals = await totalsOf('tickets');
  expect(totals).toMatchObject({
    left_out: { why: 'cancelled' },
    hint: 'by_technician: a visit of two technicians counts for each.',
  });
  expect(Object.keys(Object(totals.by_status))).not.toContain('cancelled');
  const { left_out, by_status } = await totalsOf('invoices');
  expect(left_out).toMatchObject({ count: 1 });
  expect(Object.keys(Object(by_status))).not.toContain('cancelled');
});
