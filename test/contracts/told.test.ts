import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { useBrightPanes } from '../support/bright-panes.ts';
import { registry } from './registered.ts';
import { type Story, tellStory } from './story.ts';

// What happened is told in words, for every record there is: names, money and local times, never columns and ids.

const panes = useBrightPanes();
let story: Story;

beforeAll(async () => {
  story = await tellStory(panes(), panes().bright, 'Brightly');
});

const entries = z.array(z.looseObject({ changed: z.array(z.string()) }));
async function changesOf(plural: string, id: string): Promise<string[]> {
  const [row] = await panes().read(panes().olivia, plural, { id, include: ['history'] });
  return entries.parse(row?.history).flatMap(({ changed }) => changed);
}

const told = [...registry.records.values()].filter(
  ({ plural }) => registry.view(plural).spec.includes?.history !== undefined,
);

test.each(told.map(({ name, plural }) => ({ name, plural })))('a $name', async ({ name, plural }) => {
  const changed = await changesOf(plural, String(story[name]));
  for (const words of changed) {
    expect(words).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(words).not.toMatch(/\d{4}-\d\d-\d\dT\d\d/);
    expect(words).not.toMatch(/\bnull\b|[[\]{}]|"|_cents|\[object/);
  }
});

test('every record says something of how it came to be', async () => {
  const silent: string[] = [];
  for (const { name, plural } of told) {
    if ((await changesOf(plural, String(story[name]))).length === 0) silent.push(name);
  }
  expect(silent).toEqual([]);
});

test('a visit says who went, for whom, when by the clock on the wall, and for how much', async () => {
  const { book, done, dana } = panes();
  const { reference } = await book('2026-11-24T10:00', {
    technician_ids: ['Theo'],
    lines: ['Gutter Cleaning'],
  });
  const ticket = { ticket_id: reference };
  await done(dana, 'ticket.update_line', { ...ticket, line_id: '1', unit_price_cents: 18_000 });
  await done(dana, 'ticket.assign_technician', { ...ticket, technician_id: 'Tess' });
  const changed = await changesOf('tickets', String(reference));
  expect(changed).toContain('line: unit price $150.00 → $180.00');

  expect(changed).toEqual(expect.arrayContaining(['technician Theo', 'technician Tess']));
  expect(changed.join('; ')).toMatch(/contact C-1001 «Jane Smith».*scheduled Tue 2026-11-24 10:00/);
});

test('a customer’s tags, numbers and preferences are told as words, and who owns them by name', async () => {
  const { done, dana } = panes();
  const { reference } = await done(dana, 'contact.create', {
    full_name: 'Marjorie Applewhite',
    tags: ['spring'],
  });
  const contact = { contact_id: reference };
  await done(dana, 'contact.update', { ...contact, tags: ['spring', 'gutters'], owner_user_id: 'Olivia' });
  await done(dana, 'contact.set_preferences', { ...contact, technician_id: 'Tess', time_of_day: 'morning' });
  const changed = (await changesOf('contacts', String(reference))).join('; ');
  expect(changed).toContain('tags «spring» → «spring, gutters»');
  expect(changed).toMatch(/owner user .*Olivia/);
  expect(changed).toMatch(/preferences «.*Tess.*»/);
});
