import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openLanguageModel } from '../../core/connectors/llm/index.ts';
import { askAbout } from '../../core/connectors/llm/prompt.ts';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { openUsageMeter } from '../../core/llm/meter.ts';
import { type Office, openOffice } from '../support/office.ts';
import { useEndpoint } from './endpoint.ts';
import { petAnswer } from './questions.ts';

// While the model thinks, which may take half a minute, no transaction may stay open: it would hold locks and a
// connection all that time. The endpoint looks at the database while it is asked.

const endpoint = useEndpoint();
let office: Office;
let superuser: pg.Client;
/** How many transactions were open while each question was answered. */
const open: number[] = [];

/** Asks the model of the office once that is open; needed before. */
const model: LanguageModel = {
  ask: question =>
    openLanguageModel({ baseUrl: endpoint().url, model: 'qwen3' }, { meter: openUsageMeter(office.db) }).ask(
      question,
    ),
};

const question = (organization_id: string, note: string) => ({
  organization_id,
  purpose: 'kennel.ask',
  messages: askAbout('Which pet?', { note }),
  answer: petAnswer,
});

const input = z.strictObject({ note: z.string().max(200) });
const output = z.object({ pet: z.string(), name: z.string().optional() });
const shape = {
  domain: 'kennel',
  input,
  output,
  permission: { level: 'unrestricted' },
  effect: 'update',
} as const;

const kennel = defineDomain({
  name: 'kennel',
  summary: 'For this test only.',
  actions: [
    defineAction({
      ...shape,
      name: 'ask',
      summary: 'Asks in its prepare step, as all do.',
      connectors: ['model'],
      async prepare({ connectors: { model }, organization, read }, { note }) {
        // Reading first: what a read leaves open would show as well.
        await read('contacts', {});
        return model ? { ...(await model.ask(question(organization.id, note))).answer } : undefined;
      },
      run: async context => output.parse(context.prepared),
    }),
    defineAction({
      ...shape,
      name: 'ask_inside',
      summary: 'Asks while its transaction is open, as none may.',
      run: async (context, { note }) => (await model.ask(question(context.organization.id, note))).answer,
    }),
  ],
});

beforeAll(async () => {
  office = await openOffice({ domains: [kennel], model });
  superuser = new pg.Client(office.database.admin);
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await office.db.close();
  await office.database.close();
});

// Only a superuser sees what others do.
const transactions = async (): Promise<number> => {
  const { rows } = await superuser.query<{ open: number }>(
    `select count(*)::integer as open from pg_stat_activity
     where datname = current_database() and usename = 'deskhand_app' and xact_start is not null`,
  );
  return rows[0]?.open ?? -1;
};

/** Looks until nothing is open: what is just ending has ended then, and what stays open stays until the answer. */
async function fewestOpen(): Promise<number> {
  let fewest = await transactions();
  for (let looks = 0; looks < 200 && fewest > 0; looks += 1) fewest = Math.min(fewest, await transactions());
  return fewest;
}

test('no transaction is open while an action waits for the model', async () => {
  endpoint().says(async () => {
    open.push(await fewestOpen());
    return { content: '{"pet":"dog","name":"Biscuit"}' };
  });
  const ask = (action: string) => office.done(office.bright.agent, action, { note: 'Dog named Biscuit' });
  expect(await ask('kennel.ask')).toEqual({ pet: 'dog', name: 'Biscuit' });
  expect(open).toEqual([0]);
  // And it would have been seen.
  expect(await ask('kennel.ask_inside')).toEqual({ pet: 'dog', name: 'Biscuit' });
  expect(open).toEqual([0, 1]);
});
