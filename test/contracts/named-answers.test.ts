import { beforeAll, expect, test } from 'vitest';
import { createTools } from '../../mcp/tools/index.ts';
import { useOffice } from '../support/office.ts';
import { exampleParams } from './example-input.ts';
import { readyInput } from './ready-input.ts';
import { calls, registry, views } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';

// An agent reads names and references. A bare id says nothing to it, nor to whom it talks to, and costs it 23 tokens.

const office = useOffice();
let story: Story;
beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Brightly');
});

const ask = async (tool: string, args: Record<string, unknown>) => {
  const found = createTools(office().app, 'https://crm.example').find(({ name }) => name === tool);
  const signal = new AbortController().signal;
  const session = { credential: office().bright.agent.key, request_id: crypto.randomUUID(), signal };
  const answer = await found?.call(args, session);
  return answer?.structured;
};

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Ids in an answer by the path they stand at; the `id` of a row that has no reference is how it is addressed. */
function idsIn(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [...value.matchAll(uuid)].map(([id]) => [path, id]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => idsIn(member, `${path}.${name}`));
}

/** What there is of each record, by id. */
async function known(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, table } of registry.records.values()) {
    const { rows } = await office().database.owner.query<{ id: string }>(`select id from ${table}`);
    for (const { id } of rows) found.set(id, name);
  }
  return found;
}

async function bareIds(answers: readonly (readonly [string, unknown])[]): Promise<string[]> {
  const records = await known();
  const found = answers.flatMap(([of, answer]) => idsIn(answer, of));
  const bare = found.flatMap(([path, id]) => {
    const record = registry.records.get(records.get(id) ?? '');
    const hasName = record?.reference || Object.values(record?.fields ?? {}).some(({ label }) => label);
    // By its own id, or by where it is opened, goes what has no reference.
    const isOwn = !record?.reference && /\.(id|open)$/.test(path);
    return record && hasName && !isOwn ? [`${path} is the id of a ${record.name}`] : [];
  });
  return [...new Set(bare.map(line => line.replace(/\.\d+\./g, '.*.')))];
}

/** Names that begin with the reference that stands before them already. */
const saidTwice = (answers: readonly (readonly [string, unknown])[]): string[] =>
  answers.flatMap(
    ([of, answer]) =>
      JSON.stringify(answer)
        .match(/\b([A-Z]{1,6}(?:-\d{4})?-\d+) «\1\b/g)
        ?.map(name => `${of} ${name}`) ?? [],
  );

const forAgents = calls.filter(({ spec }) => spec.kind === 'workflow' || !spec.human_only);

test('no answer to an action or workflow names a customer, visit or person by an id', async () => {
  const answers: [string, unknown][] = [];
  for (const call of forAgents) {
    const input = await readyInput(office(), story, call);
    const isWorkflow = call.spec.kind === 'workflow';
    const facts = { reasoning: 'The customer asked us to do so', preview: true };
    const reads = call.spec.kind === 'workflow' && call.spec.read_only === true;
    const answer = await (isWorkflow
      ? ask(
          call.id,
          reads ? input : { ...input, ...(call.id === 'daily_briefing' ? { preview: true } : facts) },
        )
      : ask('crm_action', { action: call.id, data: input, ...facts }));
    answers.push([call.id, answer]);
  }
  const refused = answers.filter(([, answer]) => JSON.stringify(answer).startsWith('{"error"'));
  expect(refused.map(([id]) => id).length).toBeLessThan(answers.length / 4);
  expect(await bareIds(answers)).toEqual([]);
});

test('no list does either, with everything it can show', async () => {
  const answers: [string, unknown][] = [];
  for (const view of views.filter(({ spec }) => !spec.human_only)) {
    const { spec } = view;
    const answer = await ask('crm_query', {
      type: spec.type,
      where: exampleParams(view, record => pickFrom(story, record)),
      fields: Object.keys(spec.row.shape),
      include: Object.keys(spec.includes ?? {}),
      limit: 100,
      ...(spec.type === 'search' ? { search: 'Brightly' } : {}),
    });
    expect({ [spec.type]: answer?.error }).toEqual({ [spec.type]: undefined });
    answers.push([spec.type, answer]);
  }
  expect(await bareIds(answers)).toEqual([]);
  expect(saidTwice(answers)).toEqual([]);
  expect(JSON.stringify(Object.fromEntries(answers).refunds)).toMatch(/"PAY-\d+ «\$[\d,.]+»"/);
});

test('whom and what words meant is said with the answer', async () => {
  const { meant } =
    (await ask('crm_query', { type: 'tickets', where: { contact: 'Brightly Customer' } })) ?? {};
  expect(meant).toEqual({ contact_id: expect.stringMatching(/^C-\d+ «Brightly Customer»$/) });
  const booked = await ask('schedule_appointment', {
    contact_id: 'Brightly Customer',
    address_id: pickFrom(story, 'address'),
    lines: ['Brightly windows'],
  });
  expect(booked).toMatchObject({
    meant: { contact_id: expect.stringMatching(/^C-\d+ «Brightly Customer»$/) },
    data: { booked: false },
  });
});
