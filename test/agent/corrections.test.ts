import { beforeAll, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { correct, type ToolCall } from './corrections.ts';
import { useDesk } from './desk.ts';

// A refusal is written for the next call. Each mistake here is corrected by a machine that reads nothing but the refusal.

const office = useBrightPanes();
const desk = useDesk(office);

beforeAll(async () => {
  const { dana, done } = office();
  await done(dana, 'contact.create', { full_name: 'Robert Smith', phone: '(256) 555-0199' });
  const gutters = [{ service_id: 'Gutter Cleaning' }];
  const visit = { contact_id: 'C-1002', technician_ids: ['Tess'], lines: gutters };
  await done(dana, 'ticket.create', { ...visit, scheduled_at: '2026-11-19T14:00' });
  await done(dana, 'ticket.create', { ...visit, scheduled_at: '2026-11-20T14:00' });
});

interface Mistake extends ToolCall {
  /** What went wrong, as a person would say it. */
  mistake: string;
  /** What the agent would recognise among several things it is offered. */
  wanted?: string;
}

const action = (name: string, data: Record<string, unknown>, facts: Record<string, unknown> = {}) => ({
  tool: 'crm_action',
  args: { action: name, data, ...facts },
});
const query = (type: string, args: Record<string, unknown> = {}) => ({
  tool: 'crm_query',
  args: { type, ...args },
});
const reasoning = 'The customer called';
const windows = 'Interior and Exterior Window Cleaning';

const mistakes: readonly Mistake[] = [
  {
    mistake: 'the name of an action is misspelt',
    ...action('ticket.cancle', { ticket_id: 'T-2001' }, { reasoning }),
  },
  {
    mistake: 'the words of an action are the other way round',
    ...action('create_customer', { full_name: 'Nora Quinn' }),
  },
  { mistake: 'no reasoning where one is wanted', ...action('ticket.cancel', { ticket_id: 'T-2002' }) },
  { mistake: 'a data type under another name', ...query('appointments') },
  { mistake: 'a filter that does not exist', ...query('tickets', { where: { state: 'scheduled' } }) },
  { mistake: 'a value that does not exist', ...query('tickets', { where: { status: 'canceled' } }) },
  { mistake: 'a sort that does not exist', ...query('contacts', { sort: 'name' }) },
  { mistake: 'too long a list', ...query('contacts', { limit: 500 }) },
  { mistake: 'a relation that does not exist', ...query('contacts', { include: ['address'] }) },
  {
    mistake: 'a name that two customers have',
    tool: 'schedule_appointment',
    args: { contact_id: 'Smith', lines: ['Gutter Cleaning'], scheduled_at: '2026-11-23T09:00' },
    wanted: 'Jane',
  },
  {
    mistake: 'a service that is called otherwise',
    tool: 'schedule_appointment',
    args: { contact_id: 'Robert Smith', lines: ['Window washing'], scheduled_at: '2026-11-24T09:00' },
    wanted: 'Window',
  },
  {
    mistake: 'a technician whose name was misheard',
    ...action('ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-25T09:00',
      technician_ids: ['Teo'],
    }),
  },
  {
    mistake: 'a technician who is busy then',
    ...action('ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-19T14:30',
      technician_ids: ['Tess'],
    }),
  },
  {
    mistake: 'a line of a visit by its name instead of its number',
    ...action('ticket.update_line', { ticket_id: 'T-2001', line_id: 'gutters', unit_price_cents: 9900 }),
  },
  {
    mistake: 'a preference in other words',
    ...action('contact.set_preferences', { contact_id: 'C-1001', time_of_day: 'am' }),
    wanted: 'morning',
  },
  {
    mistake: 'a time in words',
    ...action('ticket.create', { contact_id: 'C-1001', scheduled_at: 'tomorrow at nine', lines: [windows] }),
  },
];

test('nine of ten refused calls are put right from the refusal alone', async () => {
  const stuck: string[] = [];
  // The visit they are about is cancelled by the first of them, so that one comes last.
  for (const { mistake, wanted, ...call } of [...mistakes].reverse()) {
    const error = await desk().refused(call.tool, call.args);
    const next = correct(call, error, wanted);
    const again = next && (await desk().attempt(next.tool, next.args));
    if (!again || again.isError) stuck.push(`${mistake}: ${JSON.stringify(error)}`);
  }
  expect(stuck.length, stuck.join('\n')).toBeLessThanOrEqual(Math.floor(mistakes.length / 10));
});

test('a refusal that says nothing leaves the caller without a next call', () => {
  const call = action('ticket.cancel', { ticket_id: 'T-2001' });
  expect(correct(call, { code: 'NOT_FOUND', message: 'Not found.', field: 'ticket_id' })).toBeUndefined();
});
