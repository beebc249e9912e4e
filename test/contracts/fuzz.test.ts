import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { DeskhandError, describeError } from '../../core/kernel/words/errors.ts';
import { parseInput } from '../../core/kernel/words/parse-input.ts';
import { useOffice } from '../support/office.ts';
import { examples, fc } from '../support/properties.ts';
import { exampleParams } from './example-input.ts';
import { fuzzedEnvelope, fuzzedInput, fuzzedQuery } from './fuzz-inputs.ts';
import { freshInput } from './ready-input.ts';
import { calls, registry, views } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';
import { neighbourWord } from './strangers.ts';

/** More by hand: PROPERTY_TIMES=20 PROPERTY_SEED=random npx vitest run test/contracts/fuzz.test.ts */
const runs = { numRuns: examples(100) };

const office = useOffice();
let story: Story;
let wentThrough = 0;

beforeAll(async () => {
  await tellStory(office(), office().clear, neighbourWord);
  story = await tellStory(office(), office().bright, 'Brightly');
});

const pick = (record: string) => pickFrom(story, record);
const caller = fc.constantFrom('agent' as const, 'owner' as const);
const callerOf = (who: 'agent' | 'owner'): Caller => office().bright[who];

/** What must never be in an answer: our code, our database, somebody else's data. */
const telltale = new RegExp(
  `node_modules|\\.ts:\\d|\\.js:\\d|\\bat (async )?\\w+ \\(|select \\w|insert into|delete from|returning|\\bpg_(catalog|class|proc|temp|toast)|` +
    `relation "|column "|constraint|violates|syntax error|organization_id" =|${neighbourWord}|key_hash`,
  'i',
);

/** Makes a call and throws unless it went through or was refused as it should be. */
async function check(call: () => Promise<unknown>, sent: unknown): Promise<void> {
  let answer: string;
  try {
    answer = JSON.stringify(await call());
    wentThrough += 1;
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    const refusal = describeError(error);
    if (['INTERNAL_ERROR', 'TIMEOUT', 'UNAVAILABLE', 'UPSTREAM_ERROR'].includes(refusal.code)) throw error;
    answer = JSON.stringify(refusal);
    if (answer.length > 6000) throw new Error(`a refusal of ${answer.length} characters`);
  }
  const told = telltale.exec(answer)?.[0];
  if (told !== undefined && !JSON.stringify(sent).includes(told))
    throw new Error(`the answer tells ${told}: ${answer}`);
}

/**
 * What the schema refuses, the pipeline refuses with the same words once it knows who calls: three of four such inputs are only
 * read here, for what is asked of the database each time says nothing about them.
 */
let refusedInputs = 0;
function refusedByItsSchema({ spec, inputSchema }: (typeof calls)[number], data: unknown) {
  try {
    parseInput(spec.input, inputSchema, data, { aliases: registry.aliases });
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    refusedInputs += 1;
    if (refusedInputs % 4 > 0) return error;
  }
  return undefined;
}

describe('whatever is sent, nothing comes back but an answer or a refusal', () => {
  for (const call of calls) {
    const { id, spec, inputSchema } = call;
    test(id, async () => {
      // What takes something away is only tried, so that there is something left for the others.
      const onlyTry =
        spec.kind === 'action' &&
        (spec.effect === 'delete' || spec.human_only === true || id === 'ticket.close');
      const sent = fc.record({
        data: fuzzedInput(inputSchema, () => freshInput(call, pick), pick),
        rest: fuzzedEnvelope,
        who: caller,
      });
      await fc.assert(
        fc.asyncProperty(sent, ({ data, rest, who }) => {
          const refused = refusedByItsSchema(call, data);
          const sent = { action: id, data, ...rest, ...(onlyTry ? { preview: true } : {}) };
          return check(
            () =>
              refused
                ? Promise.reject(refused)
                : office().app.execute(callerOf(who), sent, { request_id: newId() }),
            [data, rest],
          );
        }),
        runs,
      );
    });
  }

  for (const view of views) {
    const { spec, paramsSchema } = view;
    test(`the list ${spec.type}`, async () => {
      const query = fc.record({
        params: fuzzedInput(paramsSchema, () => exampleParams(view, pick), pick),
        rest: fuzzedQuery({
          sorts: spec.sorts ?? [],
          filters: Object.keys(spec.filters ?? {}),
          includes: Object.keys(spec.includes ?? {}),
          fields: Object.keys(spec.row.shape),
          pick,
        }),
        who: caller,
      });
      await fc.assert(
        fc.asyncProperty(query, ({ params, rest, who }) =>
          check(
            () =>
              office().app.read(
                callerOf(who),
                spec.type,
                { ...rest, params: typeof params === 'object' ? { ...params } : {} },
                { request_id: newId() },
              ),
            [params, rest],
          ),
        ),
        runs,
      );
    });
  }
});

test('any other name of an action or a list is unknown, whatever it is', async () => {
  const { app, bright } = office();
  const name = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.constantFrom('__proto__', 'constructor', 'contact.', ''),
  );
  await fc.assert(
    fc.asyncProperty(name, async text => {
      const facts = { request_id: newId() };
      await expect(app.execute(bright.agent, { action: text, data: {} }, facts)).rejects.toMatchObject({
        code: 'UNKNOWN_ACTION',
      });
      await expect(app.read(bright.agent, text, {}, facts)).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
    }),
    runs,
  );
});

test('the fuzz reaches past the door: many of its calls go through', () => {
  expect(wentThrough).toBeGreaterThan((calls.length + views.length) * 5);
});
