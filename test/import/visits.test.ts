import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { housecallJobs } from './rivals.ts';

const office = useBrightPanes();
const owner = () => office().olivia;
const bring = (content: string, more: Record<string, unknown> = {}) =>
  office().done(owner(), 'import.csv', { content, kind: 'tickets', ...more });
const visitsOf = (contact: string) =>
  office().read(owner(), 'tickets', { params: { contact_id: contact }, include: ['lines', 'technicians'] });

const heading =
  'Job #,Date,Time,Duration,Client,Email,Address,City,Services,Total,Assigned to,Status,Notes\n';
const jane =
  '501,04/13/2024,2:30 PM,90,Jane Smith,jane.smith@example.com,,,"Screen Cleaning, Skylights","$1,250.50",Theo,Completed,Dog in yard\n';
const nobody =
  '502,04/14/2024,9:00 AM,60,Nora Newman,nora@example.com,7 Oak Ln,Madison,Screen Cleaning,$90.00,Gone Guy,Completed,\n';
const called_off =
  '503,05/01/2024,9:00 AM,60,Jane Smith,jane.smith@example.com,,,Screen Cleaning,$0.00,,Cancelled,\n';
const to_come =
  '504,05/01/2031,9:00 AM,60,Jane Smith,jane.smith@example.com,,,Screen Cleaning,$10.00,,Scheduled,\n';
const answers = { unknown_customers: 'make', services: 'text' };

describe('visits of the years before', () => {
  test('are asked about first: who is not known, and what is in no catalog', async () => {
    const content = heading + jane + nobody;
    const preview = await office().done(owner(), 'import.preview_csv', { content });
    expect(preview).toMatchObject({
      kind: 'tickets',
      rows: 2,
      mapping: { 'Job #': 'id', Client: 'customer.full_name' },
    });
    expect(preview.questions).toMatchObject([
      { answer: 'unknown_customers', examples: ['Nora Newman'] },
      { answer: 'services', examples: ['Skylights'] },
    ]);
    const refused = await refusal(bring(content));
    expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', field: 'answers.unknown_customers' });
  });

  test('come in closed, with services, price and who went; nobody is told and nothing waits', async () => {
    const jobs = async () =>
      Number((await office().database.owner.query('select count(*) as n from jobs')).rows[0]?.n);
    const before = await jobs();
    const report = await bring(heading + jane + nobody + called_off + to_come, { answers });
    expect(report).toMatchObject({
      rows_read: 4,
      taken_rows: 3,
      refused_rows: 1,
      created: 3,
      customers_made: 1,
    });
    expect(report.refused).toMatchObject([
      { row: 5, reason: 'This visit is still to come: book it, and it is in the calendar.' },
    ]);
    expect(await jobs()).toBe(before);
    const [last] = await visitsOf('Jane Smith').then(visits =>
      visits.filter(({ status }) => status === 'closed'),
    );
    expect(last).toMatchObject({
      total_cents: 125050,
      duration_minutes: 90,
      technicians: [{ name: expect.stringContaining('Theo') }],
    });
    expect(String(last?.scheduled_at)).toContain('2024-04-13T19:30');
    expect(last?.lines).toMatchObject([{ description: 'Screen Cleaning' }, { description: 'Skylights' }]);
    expect(await office().read(owner(), 'unbilled_visits', {})).toEqual([]);
    expect(await office().read(owner(), 'tickets', { filter: 'to_bill' })).toEqual([]);
    const [nora] = await office().read(owner(), 'contacts', {
      search: 'nora@example.com',
      include: ['addresses'],
    });
    expect(nora).toMatchObject({
      full_name: 'Nora Newman',
      addresses: [{ line1: '7 Oak Ln', city: 'Madison' }],
    });
  });

  test('a second time bring nothing new, and the answers of the first are known', async () => {
    expect(await bring(heading + jane + nobody + called_off)).toMatchObject({
      taken_rows: 0,
      matched_rows: 3,
      created: 0,
    });
  });

  test('are taken back, but not what was billed since', async () => {
    const [batch] = await office().read(owner(), 'imports', { sort: 'created_at' });
    const [visit] = await visitsOf('Jane Smith').then(visits =>
      visits.filter(({ status }) => status === 'closed'),
    );
    await office().done(owner(), 'invoice.create_from_ticket', { ticket_id: String(visit?.id) });
    const undo = (more = {}) =>
      office().done(owner(), 'import.undo', { import_id: String(batch?.reference), ...more });
    expect(await refusal(undo())).toMatchObject({ code: 'INVALID_STATE' });
    expect(await visitsOf('Nora Newman')).toHaveLength(1);
    expect(await undo({ as_far_as_possible: true })).toMatchObject({
      contacts_removed: 1,
      others_removed: 2,
      stays: [`${String(visit?.reference)}: billed since`],
    });
    expect((await visitsOf('Jane Smith')).map(({ reference }) => reference)).toEqual([visit?.reference]);
  });

  test('nobody deletes a closed visit but by taking its import back', async () => {
    const { rows } = await office().database.owner.query(
      `select has_table_privilege('deskhand_app', 'tickets', 'delete') as can`,
    );
    expect(rows).toEqual([{ can: false }]);
    await expect(
      office().database.owner.query(`delete from tickets where status = 'closed'`),
    ).rejects.toThrow('the ticket is final');
  });

  test('of Housecall Pro come in by its own heading, days and months told by the whole column', async () => {
    const content = housecallJobs(400).toString();
    const report = await bring(content, { kind: undefined, answers });
    expect(report).toMatchObject({
      source: 'Housecall Pro jobs',
      rows_read: 400,
      taken_rows: 400,
      customers_made: 300,
    });
    expect(await bring(content)).toMatchObject({ taken_rows: 0, matched_rows: 400 });
  });
});

describe('what a file does not say by itself', () => {
  const dates = (...days: string[]) =>
    `Date,Client,Service,Price\n${days.map(day => `${day},Jane Smith,Screen Cleaning,"1,234"\n`).join('')}`;
  const ask = async (content: string, more = {}) => {
    const { questions } = await office().done(owner(), 'import.preview_csv', {
      content,
      kind: 'tickets',
      ...more,
    });
    return Array.isArray(questions) ? questions.map(({ answer }) => answer) : [];
  };

  test('is asked: which of day and month comes first, and what a comma means', async () => {
    expect(await ask(dates('03/04/2024'))).toEqual(['date_order', 'decimal_sign']);
    expect(await ask(dates('03/04/2024', '25/04/2024'))).toEqual(['decimal_sign']);
    expect(await ask(dates('2024-04-03'), { answers: { decimal_sign: 'point' } })).toEqual([]);
  });

  test('and read as it was answered', async () => {
    const content = dates('03/04/2024');
    const at = async (answered: Record<string, string>) => {
      const { import: made } = await bring(content, { answers: answered });
      const [visit] = (await visitsOf('Jane Smith')).filter(({ total_cents }) =>
        [123400, 123].includes(Number(total_cents)),
      );
      await office().done(owner(), 'import.undo', { import_id: String(made) });
      return [String(visit?.scheduled_at).slice(0, 10), visit?.total_cents];
    };
    expect(await at({ date_order: 'day_first', decimal_sign: 'point' })).toEqual(['2024-04-03', 123400]);
    expect(await at({ date_order: 'month_first', decimal_sign: 'point' })).toEqual(['2024-03-04', 123400]);
  });
});
