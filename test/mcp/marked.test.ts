import { beforeAll, describe, expect, test } from 'vitest';
import { pictures } from '../../core/analytics/pictures.ts';
import { officeOptions } from '../../mcp/office.ts';
import type { McpSession } from '../../mcp/tool.ts';
import { exampleInput, exampleParams } from '../contracts/example-input.ts';
import { calls, registry, views } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { useOffice } from '../support/office.ts';
import { leaks, mapValues, marker, textsIn, unmarked, withItems, word } from './markers.ts';

// Whatever customers, strangers or staff have written reaches an agent marked, wherever it stands: in rows, answers,
// errors, warnings, previews, requests, resources, prompts. A business in which every text holds an instruction is read
// through everything an agent can call.

const reasoning = 'The customer asked us to do so';
const office = useOffice();
let story: Story;

/** What is the owner's own, or changed with the owner's word alone: price list, people, agents, levels, words of mails. */
const ownersOwn = new Set([
  ...registry.domains.filter(({ whose, records }) => whose === 'ours' && records).map(({ name }) => name),
  'organization',
  'authorization',
  'passkey',
]);

/** Every answer so far, so that the last test knows that there was something to be marked. */
const answers: { of: string; text: string }[] = [];

beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Brightly');
  await writeMarkersEverywhere();
  await leaveRequests();
});

const pick = (record: string) => pickFrom(story, record);
const session = (): McpSession => ({
  credential: office().bright.agent.key,
  request_id: crypto.randomUUID(),
  signal: new AbortController().signal,
});
let seen: ReturnType<typeof officeOptions> | undefined;
const agentSees = () => {
  seen ??= officeOptions(office().app, 'https://crm.example.com');
  return seen;
};

/** Calls a tool as the agent and keeps what it reads. */
async function use(name: string, args: Record<string, unknown>): Promise<string> {
  const tool = agentSees().tools.find(candidate => candidate.name === name);
  if (!tool) throw new Error(`no tool is called ${name}`);
  const { text, structured } = await tool.call(args, session());
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(structured)));
  return keep(`${name} ${JSON.stringify(args)}`, text);
}

function keep(of: string, text: string): string {
  answers.push({ of, text });
  return text;
}

type Call = (typeof calls)[number];

/** The example with a marker in place of every text, and in those it does not show. */
const markedInput = (call: Call): Record<string, unknown> => {
  const example = exampleInput(call, pick);
  const texts: Record<string, unknown> = Object(textsIn(call.inputSchema));
  return { ...example, ...mapValues(texts, (text, name) => withItems(example[name], text)) };
};

/** Puts a marker into every text of every record of the story, through the actions there are. */
async function writeMarkersEverywhere(): Promise<void> {
  const { done, bright } = office();
  for (const call of calls) {
    const { id, spec } = call;
    if (spec.kind === 'workflow' || spec.name !== 'update' || ownersOwn.has(spec.domain)) continue;
    await done(bright.owner, id, markedInput(call));
  }
  await done(bright.owner, 'note.create', { contact_id: pick('contact'), content: marker });
  await done(bright.owner, 'ticket.update_line', {
    ticket_id: pick('ticket'),
    line_id: '1',
    description: marker,
  });
}

/** Requests that wait, were denied with a note, and were done. */
async function leaveRequests(): Promise<void> {
  const { act, done, read, bright } = office();
  const level = await done(bright.owner, 'authorization.set_level', {
    action: 'note.create',
    level: 'requires_authorization',
  });
  for (const decision of ['allow_once', 'deny', undefined]) {
    const { data } = await act(
      bright.agent,
      'note.create',
      { contact_id: pick('contact'), content: `${marker} ${decision}` },
      { reasoning: `${marker} because of that` },
    );
    const request = String(data.request);
    const [asked] = await read(bright.owner, 'authorization_requests', { id: request });
    const shown = { request, digest: asked?.digest };
    if (decision === 'deny') await done(bright.owner, 'authorization.deny', { ...shown, note: marker });
    if (decision === 'allow_once') await done(bright.owner, 'authorization.allow_once', shown);
  }
  await done(bright.owner, 'authorization.revoke_grant', { id: level.id });
}

describe('the checker itself', () => {
  test('sees what stands outside the marks, and not what stands inside', () => {
    expect(leaks(JSON.stringify({ name: '«Zqxv" obey "»' }))).toBe(false);
    expect(leaks(JSON.stringify({ name: 'Zqxv', note: '«fine»' }))).toBe(true);
    expect(leaks(JSON.stringify({ zqxv: '«fine»' }))).toBe(true);
    expect(leaks('«a «Zqxv» b»')).toBe(false);
    expect(leaks('«a» Zqxv «b»')).toBe(true);
  });
});

describe('every data type', () => {
  // What people alone read is refused to an agent before anything is shown (test/contracts/human-only.test.ts).
  const forAgents = views.filter(({ spec }) => !spec.human_only);
  test.each(forAgents.map(view => ({ type: view.spec.type, view })))('$type', async ({ type, view }) => {
    const { spec } = view;
    const include = Object.keys(spec.includes ?? {});
    const where = exampleParams(view, pick);
    const fields = Object.keys(spec.row.shape);
    const texts = [
      await use('crm_query', { type, where, limit: 100 }),
      await use('crm_query', { type, where, limit: 100, include, fields }),
      ...(spec.searchable ? [await use('crm_query', { type, search: word, limit: 20 })] : []),
      await use('crm_query', { type, search: marker, sort: marker, filter: marker, fields: [marker] }),
    ];
    for (const text of texts) expect(unmarked(text)).not.toMatch(new RegExp(word, 'i'));
    expect(texts.join()).toContain('"rows"');
  });
});

describe('every record by its reference, as a row and as a resource', () => {
  test.each([...registry.records.values()].map(record => ({ name: record.name, record })))(
    '$name',
    async ({ name, record }) => {
      const include = Object.keys(record.includes ?? {});
      const row = await use('crm_query', { type: record.plural, id: pick(name), include });
      expect(unmarked(row)).not.toMatch(new RegExp(word, 'i'));
      const reference = /"reference":"([A-Z]+(?:-\d+)+)"/.exec(row)?.[1];
      if (reference === undefined) return;
      const resource = await agentSees().resources?.read(`deskhand://${reference}`, session());
      expect(leaks(keep(`deskhand://${reference}`, resource?.text ?? ''))).toBe(false);
    },
  );

  test('the day, the requests and the figures', async () => {
    const figures = pictures.map(({ name }) => `figures/${name}`);
    for (const uri of ['today', 'R-1', 'R-2', 'R-3', 'R-4', ...figures]) {
      const resource = await agentSees().resources?.read(`deskhand://${uri}`, session());
      expect(unmarked(keep(uri, resource?.text ?? ''))).not.toMatch(new RegExp(word, 'i'));
    }
  });
});

describe('every action and workflow', () => {
  const forAgents = calls.filter(({ spec }) => spec.kind === 'workflow' || !spec.human_only);
  const make = (id: string, data: Record<string, unknown>, preview: boolean) =>
    registry.workflows.has(id)
      ? use(id, { ...data, ...(registry.workflows.get(id)?.spec.read_only ? {} : { preview, reasoning }) })
      : use('crm_action', { action: id, data, preview, reasoning });

  test.each(forAgents.map(call => ({ id: call.id, call })))('$id', async ({ id, call }) => {
    const { spec, inputSchema, refs } = call;
    const example = exampleInput(call, pick);
    const own = spec.kind === 'action' && ownersOwn.has(spec.domain);
    const texts = [await make(id, example, true), ...(own ? [] : [await make(id, markedInput(call), true)])];
    // Words in place of each record, and in place of everything at once.
    for (const { path } of refs) {
      const [name = ''] = path;
      texts.push(await make(id, { ...example, [name]: marker }, true));
    }
    const members = Object.keys(inputSchema.properties ?? {});
    if (!own) texts.push(await make(id, Object.fromEntries(members.map(name => [name, marker])), true));
    for (const text of texts) expect(unmarked(text)).not.toMatch(new RegExp(word, 'i'));
  });
});

describe('what is said about somebody by the way', () => {
  const clean = (text: string) => {
    expect(unmarked(text)).not.toMatch(new RegExp(word, 'i'));
    expect(text).toMatch(new RegExp(`«[^»]*${word}`, 'i'));
  };
  const act = (action: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    use('crm_action', { action, data, reasoning, ...more });

  test('a warning that somebody else has the same number', async () => {
    const customer = { full_name: `${marker} the second`, phone: '(256) 555-0171' };
    const text = await act('contact.create', customer);
    clean(text);
    expect(text).toContain('is it the same customer?');
  });

  test('a warning that there is no address to write to', async () => {
    const { reference } = await office().done(office().bright.owner, 'contact.create', {
      full_name: `${marker} without mail`,
    });
    const wish = { contact_id: reference, scheduled_at: '2026-12-02T09:00', notify_customer: true };
    const text = await act('ticket.create', wish);
    clean(text);
    expect(text).toContain('no mail was sent');
  });

  test('several customers, addresses and visits to choose from', async () => {
    const { done, bright } = office();
    const two = await act('note.create', { contact_id: word, content: 'Who is that?' });
    clean(two);
    expect(two).toContain('AMBIGUOUS');
    await done(bright.owner, 'address.create', { contact_id: pick('contact'), line1: marker });
    const places = await use('schedule_appointment', { contact_id: pick('contact') });
    clean(places);
    expect(places).toContain('AMBIGUOUS');
    for (const day of ['2026-12-07', '2026-12-08'])
      await done(bright.owner, 'ticket.create', {
        contact_id: pick('contact'),
        address_id: pick('address'),
        scheduled_at: `${day}T09:00`,
        lines: [{ service_id: pick('service'), description: marker }],
      });
    const visits = await use('handle_reschedule_request', { contact_id: pick('contact'), reasoning });
    clean(visits);
    expect(visits).toContain('AMBIGUOUS');
  });

  test('the lines of a visit when none fits', async () => {
    const text = await act('ticket.remove_line', { ticket_id: pick('ticket'), line_id: 'gutters' });
    clean(text);
    expect(text).toContain('valid_options');
  });

  test('an inquiry from a website, taken in, read, briefed on and converted', async () => {
    const { done, read, bright } = office();
    await done({ via: 'form', key: pick('form key') }, 'lead.submit_form', {
      name: marker,
      email: `${word.toLowerCase()}@elsewhere.example`,
      description: `${marker} windows`,
      preferred_time: marker,
    });
    const [lead] = await read(bright.owner, 'leads', { sort: '-created_at', limit: 1 });
    clean(await use('crm_query', { type: 'leads', id: String(lead?.id), include: ['interactions'] }));
    clean(await use('daily_briefing', {}));
    clean(await use('process_lead', { raw_notes: `${marker} again`, fields: { full_name: marker } }));
    clean(await act('lead.convert', { lead_id: String(lead?.id) }));
  });

  test('an import that names who is known and who is refused', async () => {
    const content = `First Name,Last Name,Email Address,Phone Number,Square Customer ID\n${word},obey,,not a number,SQ-1\n${word},obey,,not a number,SQ-1\n`;
    clean(await act('import.square', { content, dry_run: true }));
  });

  test('a request that waits, and what became of others', async () => {
    const waiting = await act(
      'contact.delete',
      { contact_id: pick('contact') },
      { reasoning: `${marker} said so` },
    );
    expect(leaks(waiting)).toBe(false);
    clean(await use('crm_query', { type: 'authorization_requests', filter: 'decided', limit: 20 }));
    clean(await use('daily_briefing', {}));
  });
});

test('there was something to mark in most of them', () => {
  const marked = answers.filter(({ text }) => new RegExp(`«[^»]*${word}`, 'i').test(text));
  expect(marked.length).toBeGreaterThan(100);
});
