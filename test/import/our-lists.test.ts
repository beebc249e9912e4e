import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useFolder } from '../exports/archives.ts';
import { unzipped, writeFiles } from '../exports/files.ts';
import { tellWholeStory } from '../exports/whole-story.ts';
import { useOffice } from '../support/office.ts';

// What one business takes out as spreadsheets, another takes in: all of it is the same there but for its numbers.

const office = useOffice();
const folder = useFolder();
let files: Map<string, string>;
const lists = ['companies', 'services', 'contacts', 'leads', 'tickets', 'notes'] as const;
type List = (typeof lists)[number];

/** Fields that a file does not bring, or that tell of this business and no other, each with the reason. */
const notBrought: Readonly<Record<List, readonly string[]>> = {
  // Who looks after them works elsewhere; what we have heard of their mail, and what their bills say, follows from other rows.
  contacts: ['owner_user_id', 'email_status', 'email_status_at', 'preferences', 'is_system'],
  companies: ['is_billing_email_confirmed', 'source'],
  services: ['currency'],
  // How far an inquiry was worked on is told by what was done with it, and nothing of that is in the file.
  leads: [
    ...[
      'status',
      'pipeline_stage',
      'disqualification_reason',
      'closed_reason',
      'owner_user_id',
      'reminder_at',
    ],
    ...[
      'extraction',
      'extraction_status',
      'extracted_by',
      'confirmed_by',
      'confirmed_at',
      'form_id',
      'form_digest',
    ],
    ...['converted_at', 'currency'],
  ],
  tickets: [
    ...[
      'confirmation_status',
      'answered_at',
      'asked_for_at',
      'customer_words',
      'is_price_estimated',
      'cancelled_at',
    ],
    ...[
      'cancel_reason',
      'closed_at',
      'closed_by',
      'rescheduled_from_id',
      'series_id',
      'occurrence_on',
      'to_place_why',
    ],
    ...['currency', 'time_entries', 'is_imported', 'told_at', 'as_planned', 'is_reminded'],
  ],
  notes: ['ticket_id', 'source', 'extraction_status', 'extracted_by'],
};
const everywhere = [
  'id',
  'reference',
  'version',
  'created_at',
  'updated_at',
  'deleted_at',
  'import_batch_id',
];

const olivia = () => office().bright.owner;
const carla = () => office().clear.owner;
const take = (who: Caller, list: string, extra = {}) =>
  office().done(who, 'import.csv', { content: files.get(`${list}.csv`), ...extra });

beforeAll(async () => {
  const { bright, done } = office();
  // Whoever went is found by the name.
  for (const name of ['Brightly Walker', 'Theo Park', 'Tess Lang'])
    await done(carla(), 'member.create', {
      name,
      email: `${name.replace(' ', '.').toLowerCase()}@clearview.example`,
      role: 'technician',
    }).catch(() => undefined);
  await tellWholeStory(office(), bright, 'Brightly');
  const { id } = await done(olivia(), 'contact.create', {
    full_name: "=cmd|'calc'!A1",
    nickname: '-5',
    emails: [
      { email: 'one@customers.example', type: 'home', primary: false },
      { email: 'two@customers.example', type: 'work', primary: true },
    ],
    phones: [
      { number: '(256) 555-0101', type: 'work', primary: true },
      { number: '(256) 555-0102', type: 'mobile', primary: false },
    ],
    tags: ['weekly', 'gate code'],
    preferred_channel: 'email',
    lifecycle_stage: 'customer',
    custom_fields: { birthday: '1980-02-29', screens: 12, wants_ladder: true },
    notes: '\'=not a formula\n"quoted", and; semicolons',
  });
  await done(olivia(), 'address.create', {
    contact_id: id,
    line1: '-1 Minus Road',
    country: 'CA',
    notes: '+1 gate',
  });
  await done(olivia(), 'note.create', { contact_id: id, content: '@everybody: the dog bites\n\n - twice' });
  await done(olivia(), 'ticket.record_visit', {
    contact_id: id,
    scheduled_at: '2026-10-05T09:00',
    duration_minutes: 45,
    lines: [{ service_id: 'Brightly windows', quantity: 3, unit_price_cents: 1250, description: 'Gutters' }],
    close: {},
  });
  const { reference } = await done(olivia(), 'export.run', { types: [...lists] });
  await writeFiles(office(), olivia());
  files = await unzipped(office(), olivia(), { export_id: String(reference), folder: folder() });
});

/** Rows of a list with every column, in the order in which they were written down; what they point to by its name. */
async function rowsOf(who: Caller, list: List): Promise<Record<string, unknown>[]> {
  const { app } = office();
  const fields = Object.keys(app.registry.view(list).spec.row.shape);
  const include =
    { contacts: ['addresses'], companies: [], tickets: ['lines', 'technicians'] }[String(list)] ?? [];
  const rows = await office().read(who, list, { fields, include, limit: 100 });
  const named: Record<string, Map<unknown, unknown>> = {};
  for (const [column, type, label] of [
    ['contact_id', 'contacts', 'full_name'],
    ['company_id', 'companies', 'name'],
    ['lead_id', 'leads', 'title'],
    ['address_id', 'addresses', 'line1'],
    ['service_id', 'services', 'name'],
  ] as const) {
    const known = await office().read(who, type, { fields: ['id', label], limit: 100 });
    named[column] = new Map(known.map(row => [row.id, row[label]]));
  }
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !everywhere.includes(name) && !notBrought[list].includes(name))
        .map(([name, one]) => [name, named[name] ? (named[name].get(one) ?? null) : plain(one)]),
    );
  };
  return rows
    .sort((a, b) => String(a.created_at).localeCompare(String(b.created_at)))
    .map(row => plain(row) as Record<string, unknown>)
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

describe('lists that were taken out of one business and into another', () => {
  test('are known for what they are without a word about their columns', async () => {
    for (const list of lists) {
      const preview = await office().done(carla(), 'import.preview_csv', {
        content: files.get(`${list}.csv`),
      });
      expect([preview.kind, preview.source, preview.questions]).toEqual([list, 'Deskhand', []]);
    }
  });

  test('are the same there, field by field, but for their numbers', async () => {
    const reports: Record<string, unknown>[] = [];
    for (const list of lists) reports.push(await take(carla(), list));
    for (const [index, list] of lists.entries()) {
      const was = (await rowsOf(olivia(), list)).filter(
        row => list !== 'tickets' || ['closed', 'cancelled'].includes(String(row.status)),
      );
      expect(was.length, list).toBeGreaterThan(0);
      expect(reports[index], list).toMatchObject({ taken_rows: was.length });
      expect({ [list]: await rowsOf(carla(), list) }).toEqual({ [list]: was });
    }
  });

  test('are not doubled when they are taken in again', async () => {
    for (const list of lists) {
      const again = await take(carla(), list);
      expect([list, again.taken_rows]).toEqual([list, 0]);
    }
  });

  test('were written down when they were', async () => {
    const moments = async (who: Caller) =>
      (await office().read(who, 'notes', { fields: ['content', 'created_at'], limit: 100 })).map(
        ({ content, created_at }) => `${content} ${created_at}`,
      );
    expect((await moments(carla())).sort()).toEqual((await moments(olivia())).sort());
  });

  test('are refused with a word where something of a row was changed so that it cannot be', async () => {
    for (const [what, by, why] of [
      [',per_unit,', ',per_moon,', 'nothing that can be kept there'],
      [/\n[0-9a-f]{8}-/, '\nx-', 'no number of a Deskhand'],
    ] as const) {
      const content = (files.get('services.csv') ?? '').replace(what, by);
      const report = await office().done(carla(), 'import.csv', { content, dry_run: true });
      expect(report).toMatchObject({ kind: 'services', taken_rows: 0, refused_rows: 1 });
      expect(JSON.stringify(report.refused)).toContain(why);
    }
  });

  test('are taken back as any import is', async () => {
    const batches = await office().read(carla(), 'imports', { limit: 100, fields: ['reference'] });
    const [notes] = batches.filter(({ reference }) => reference === 'I-6');
    await office().done(carla(), 'import.undo', { import_id: notes?.reference });
    expect(await rowsOf(carla(), 'notes')).toEqual([]);
    expect((await rowsOf(carla(), 'contacts')).length).toBeGreaterThan(0);
  });
});
