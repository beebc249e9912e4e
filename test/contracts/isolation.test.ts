import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { useOffice } from '../support/office.ts';
import { type Answer, answerOf } from './answers.ts';
import { exampleParams, withAlong, withValue } from './example-input.ts';
import { freshInput } from './ready-input.ts';
import { calls, views } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';
import { everyPointer, neighbourWord, type Pair, pairOf, pairsFor, unmarkedPointers } from './strangers.ts';

/** What our own records answer where it is not "done", and why. */
const refusedAnyway: Readonly<Record<string, string>> = {
  'contact.delete': 'INVALID_STATE', // has a visit to come
  'lead.reopen': 'INVALID_STATE', // is open
  'invoice.note_not_at_stripe': 'FORBIDDEN', // is noted by a job
  'invoice.sync_setup': 'FORBIDDEN', // is done by a job
  'invoice.open_checkout': 'INVALID_STATE', // is not paid at Stripe
  'invoice.say_paid': 'FORBIDDEN', // is said by a link alone
  'message.send_due': 'FORBIDDEN', // is done by no person
  'payment.record_refund': 'FORBIDDEN',
  'export.finish': 'FORBIDDEN', // is done by a job
  'closeout.read_notes': 'FORBIDDEN',
  'message.check_delivery': 'FORBIDDEN',
  'message.record_delivery': 'FORBIDDEN',
  'message.unsubscribe': 'FORBIDDEN',
  'ticket.respond': 'FORBIDDEN',
  'ticket.clock_in': 'CONFLICT', // is clocked in already
  'ticket.unassign_technician': 'INVALID_STATE', // the same
  'waitlist.create': 'CONFLICT', // is on the waitlist already
};

/** None of our own is deleted, so none can be brought back. */
const answerAnyway = (id: string) =>
  refusedAnyway[id] ?? (id.endsWith('.restore') ? 'INVALID_STATE' : 'done');

const office = useOffice();
let own: Story;
let theirs: Story;

beforeAll(async () => {
  own = await tellStory(office(), office().bright, 'Brightly');
  // Twice, so that the neighbour has references (C-1007) that do not exist here.
  await tellStory(office(), office().clear, 'Quorl');
  theirs = await tellStory(office(), office().clear, neighbourWord);
});

const callers = (): Caller[] => [office().bright.owner, office().bright.agent];
const pairs = (record: string) => pairsFor(office(), office().clear, theirs, record);
const ownId = (record: string) => pickFrom(own, record);
/** Members of which one is said, and not both. */
const payers = ['contact_id', 'company_id'];
const oneOfBoth: Readonly<Record<string, readonly string[]>> = {
  'statement.send': payers,
  statement: payers,
  statement_paper: payers,
};
const withoutOther = (id: string, input: Record<string, unknown>, [member = '']: readonly string[]) =>
  Object.fromEntries(
    Object.entries(input).filter(
      ([name]) => name === member || !oneOfBoth[id]?.includes(member) || !oneOfBoth[id].includes(name),
    ),
  );
/** With a record of ours at a path; what the example or its state puts there stays. */
const withOwn = (input: Record<string, unknown>, path: readonly string[], ours: string) =>
  path.length === 1 && !Object.hasOwn(input, path[0] ?? '') ? withValue(input, path, ours) : input;
/** The record of ours that an action or view is asked about: one it can do something with. */
const oursFor = (record: string, asked: string) => own[`${record} of ${asked}`] ?? ownId(record);

function act(caller: Caller, action: string, data: unknown, preview: boolean): Promise<unknown> {
  const call = { action, data, preview, reasoning: 'The customer asked us to do so' };
  return office().app.execute(caller, call, { request_id: newId() });
}

function read(caller: Caller, type: string, query: ReadQuery): Promise<unknown> {
  return office().app.read(caller, type, { limit: 100, ...query }, { request_id: newId() });
}

/** Asks both questions of a pair and expects that the answers cannot be told apart. */
async function expectAlike(pair: Pair, ask: (value: string) => Promise<unknown>): Promise<Answer> {
  const about = await answerOf(() => ask(pair.theirs), [pair.theirs]);
  expect(about.code).not.toBe('INTERNAL_ERROR');
  expect(about).toEqual(await answerOf(() => ask(pair.nobodys), [pair.nobodys]));
  return about;
}

const hasRows = (answer: Answer) => answer.code === 'done' && !answer.text.includes('"rows":[]');

describe('a record of another business is for every action like one that does not exist', () => {
  for (const call of calls.filter(call => call.refs.length > 0)) {
    const { id, refs } = call;
    test(id, async () => {
      for (const { path, record } of refs) {
        const input = withAlong(
          call,
          withOwn(withoutOther(id, freshInput(call, ownId), path), path, oursFor(record, id)),
          path,
          ownId,
        );
        for (const [index, pair] of (await pairs(record)).entries()) {
          for (const caller of callers()) {
            // By id for good, by reference and name as a preview: a name may resemble one of our own.
            const ask = (value: string) => act(caller, id, withValue(input, path, value), index > 0);
            const { code } = await expectAlike(pair, ask);
            if (index < 2) expect({ [path.join('.')]: code }).not.toEqual({ [path.join('.')]: 'done' });
          }
        }
        // With our own record the same call goes through.
        const found = await answerOf(() => act(office().bright.owner, id, input, true), []);
        expect(found).toMatchObject({ code: answerAnyway(id) });
      }
    });
  }
});

describe('a record of another business is for every view like one that does not exist', () => {
  for (const view of views.filter(view => view.refs.length > 0)) {
    const { spec, refs } = view;
    test(spec.type, async () => {
      for (const { path, record } of refs) {
        const params = withoutOther(spec.type, exampleParams(view, ownId), path);
        const ask = (caller: Caller) => (value: string) =>
          read(caller, spec.type, {
            params: withValue(params, path, value),
            include: Object.keys(spec.includes ?? {}),
          });
        for (const pair of await pairs(record)) {
          for (const caller of callers()) await expectAlike(pair, ask(caller));
        }
        const ours = oursFor(record, spec.type);
        const found = await answerOf(() => ask(office().bright.owner)(ours), []);
        expect({ [path.join('.')]: hasRows(found) }).toEqual({ [path.join('.')]: true });
      }
    });
  }

  for (const { spec } of views.filter(view => view.spec.by_id)) {
    test(`${spec.type} by id`, async () => {
      const include = Object.keys(spec.includes ?? {});
      const ask = (caller: Caller) => (id: string) => read(caller, spec.type, { id, include });
      const record = [...office().app.registry.records.values()].find(({ plural }) => plural === spec.type);
      for (const caller of callers()) {
        for (const pointer of await everyPointer(office(), office().clear)) {
          expect(await expectAlike(pairOf(pointer), ask(caller))).toMatchObject({ code: 'NOT_FOUND' });
        }
        // A name may resemble one of our own.
        for (const pair of record ? await pairs(record.name) : []) await expectAlike(pair, ask(caller));
      }
      const found = await Promise.all(
        (await everyPointer(office(), office().bright)).map(id =>
          answerOf(() => ask(office().bright.owner)(id), []),
        ),
      );
      expect(found.some(hasRows)).toBe(true);
    });
  }
});

describe('an id of another business in a plain text member says nothing either', () => {
  for (const call of calls) {
    const { id, inputSchema } = call;
    for (const name of unmarkedPointers(inputSchema)) {
      test(`${name} of ${id}`, async () => {
        const ask = (caller: Caller) => (value: string) =>
          act(caller, id, withValue(freshInput(call, ownId), [name], value), true);
        for (const pointer of await everyPointer(office(), office().clear)) {
          for (const caller of callers()) await expectAlike(pairOf(pointer), ask(caller));
        }
        // The newest line of all belongs to another visit.
        const pointers = [...(await everyPointer(office(), office().bright)), ownId('line')];
        const answers = pointers.map(pointer => answerOf(() => ask(office().bright.owner)(pointer), []));
        expect((await Promise.all(answers)).map(({ code }) => code)).toContain('done');
      });
    }
  }

  for (const { spec, paramsSchema } of views) {
    for (const name of unmarkedPointers(paramsSchema)) {
      test(`${name} of ${spec.type}`, async () => {
        const ask = (caller: Caller) => (value: string) =>
          read(caller, spec.type, { params: { [name]: value } });
        for (const pointer of await everyPointer(office(), office().clear)) {
          for (const caller of callers()) await expectAlike(pairOf(pointer), ask(caller));
        }
        const own = (await everyPointer(office(), office().bright)).map(pointer =>
          answerOf(() => ask(office().bright.owner)(pointer), []),
        );
        expect((await Promise.all(own)).some(hasRows)).toBe(true);
      });
    }
  }
});
