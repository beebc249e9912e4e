import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { knownOf } from '../attributes/known-of.ts';
import { scriptedModel, unavailable } from '../extraction/model.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { useCloseOuts } from './desk.ts';

// With a language model, which may be slow, or away: closing a visit never waits for it (CFL-32, GAP-28).

const model = scriptedModel();
const panes = useBrightPanes({ model });
const desk = useCloseOuts(panes);

const notes = 'Elderly woman. The beast is called Biscuit.';
/** What rules find in the notes, and what the model finds. */
const byRules = ['customer_demographic: elderly'];
const dog = { key: 'pet', value: 'dog', details: { name: 'Biscuit' } };
const elderly = { key: 'customer_demographic', value: 'elderly' };
const byModel = ['customer_demographic: elderly', 'pet: dog (name: Biscuit)'];

beforeEach(async () => {
  model.asked = [];
  model.says = () => ({ attributes: [elderly, dog] });
  await panes().database.owner.query('delete from jobs');
});

const worker = (): Caller => ({ via: 'system', organization_id: panes().bright.id, name: 'worker' });
const known = (contact: string) => knownOf(panes(), contact);
const factsOf = ({ attributes }: { attributes: { shown: string }[] }) => attributes.map(({ shown }) => shown);

async function atReview() {
  const contact = await desk.customer();
  const ticket = await desk.visit({ contact_id: contact });
  return { contact, ticket, shown: await desk.toReview(ticket, { notes }) };
}

/** Has the model read the notes of the close-out now, as the worker does; `failed`: in vain. */
async function modelReads(ticket: string, failed = false): Promise<Record<string, unknown>> {
  const [session] = await panes().read(panes().dana, 'closeout_sessions', { params: { ticket_id: ticket } });
  return panes().done(worker(), 'closeout.read_notes', { session_id: session?.id, failed });
}

const noteOf = async (ticket: string) =>
  (await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } }))[0];

/** Lets the worker do what waits, until the note of a visit was read. */
const untilRead = (ticket: string) =>
  whileWorking(panes(), async () => {
    await expect.poll(() => noteOf(ticket), soon).toMatchObject({ extraction_status: 'done' });
  });

describe('while the model reads', () => {
  test('there is something to review at once: what rules found, and that more may come', async () => {
    const { shown } = await atReview();
    expect(shown).toMatchObject({ step: 'review', extraction_status: 'pending', extracted_by: 'rules' });
    expect(factsOf(shown)).toEqual(byRules);
    expect(model.asked).toEqual([]);
  });

  test('its answer takes their place when it comes before the review, asked once by the worker', async () => {
    const { contact, ticket } = await atReview();
    const problems = await whileWorking(panes(), async () => {
      await expect.poll(() => desk.shown(ticket), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(problems).toEqual([]);
    const shown = await desk.shown(ticket);
    expect(shown).toMatchObject({ extracted_by: 'llm' });
    expect(factsOf(shown)).toEqual(byModel);
    expect(model.asked).toMatchObject([{ organization_id: panes().bright.id, purpose: 'note.extract' }]);
    await desk.step('complete', ticket, { review: shown.review });
    expect(await known(contact)).toEqual(byModel);
    expect(await noteOf(ticket)).toMatchObject({ extraction_status: 'done', extracted_by: null });
  });

  test('nobody has to wait: what was seen is confirmed, the rest comes later and waits for somebody', async () => {
    const { contact, ticket, shown } = await atReview();
    await desk.step('complete', ticket, { review: shown.review });
    expect(await known(contact)).toEqual(byRules);
    expect(await noteOf(ticket)).toMatchObject({ extraction_status: 'pending' });
    await untilRead(ticket);
    expect(await known(contact)).toEqual(['customer_demographic: elderly', 'pet: dog (name: Biscuit)?']);
    expect(await noteOf(ticket)).toMatchObject({ extracted_by: 'llm' });
  });

  test('what was dropped of what rules found does not come back by what the model finds', async () => {
    const { contact, ticket, shown } = await atReview();
    await desk.step('complete', ticket, { review: shown.review, attributes: [] });
    await untilRead(ticket);
    expect(await known(contact)).toEqual(['pet: dog (name: Biscuit)?']);
  });

  test('other notes are written: each text has a reading of its own, and the last one counts', async () => {
    const { ticket } = await atReview();
    const sessions = () => panes().read(panes().dana, 'closeout_sessions', { params: { ticket_id: ticket } });
    const [session] = await sessions();
    // The model is asked about the first text; while it thinks, the second one is written.
    model.says = async () => {
      await desk.step('set_notes', ticket, { notes: 'Has a cat.' });
      model.says = () => ({ attributes: [{ key: 'pet', value: 'cat' }] });
      return { attributes: [dog] };
    };
    const data = { session_id: session?.id, failed: false };
    const late = await panes().done(worker(), 'closeout.read_notes', data);
    expect(late).toEqual({ extraction_status: 'pending' });
    expect(factsOf(await desk.shown(ticket))).toEqual(['pet: cat']);
    await modelReads(ticket);
    expect(await desk.shown(ticket)).toMatchObject({ extraction_status: 'done', notes: 'Has a cat.' });
    expect(factsOf(await desk.shown(ticket))).toEqual(['pet: cat']);
  });
});

describe('an answer of the model that comes between the review and the press', () => {
  test('changes nothing of what is confirmed, whether the facts come with the press or not', async () => {
    for (const more of [{}, { attributes: [elderly] }]) {
      const { contact, ticket, shown } = await atReview();
      await modelReads(ticket);
      expect(factsOf(await desk.shown(ticket))).toEqual(byModel);
      await desk.step('complete', ticket, { review: shown.review, ...more });
      expect(await known(contact)).toEqual(byRules);
      expect(await noteOf(ticket)).toMatchObject({ extraction_status: 'pending' });
      // Nobody has called wrong what nobody has seen.
      await untilRead(ticket);
      expect(await known(contact)).toEqual(['customer_demographic: elderly', 'pet: dog (name: Biscuit)?']);
    }
  });

  test('nor of what was reviewed before it came', async () => {
    const { contact, ticket, shown } = await atReview();
    await modelReads(ticket);
    const reviewed = await desk.step('review', ticket, { review: shown.review, attributes: [] });
    expect(reviewed.attributes).toEqual([]);
    await desk.step('complete', ticket, { review: reviewed.review });
    expect(await known(contact)).toEqual([]);
    await untilRead(ticket);
    expect(await known(contact)).toEqual(['pet: dog (name: Biscuit)?']);
  });

  test('and one that comes after the facts were reviewed leaves them alone', async () => {
    const { contact, ticket } = await atReview();
    const reviewed = await desk.step('review', ticket, { attributes: [{ key: 'pet', value: 'ferret' }] });
    expect(await modelReads(ticket)).toEqual({ extraction_status: 'pending' });
    expect(await desk.shown(ticket)).toEqual(reviewed);
    await desk.step('complete', ticket, { review: reviewed.review });
    expect(await known(contact)).toEqual(['pet: ferret']);
  });

  test('is none when the visit is completed by then', async () => {
    const { contact, ticket, shown } = await atReview();
    await desk.step('complete', ticket, { review: shown.review });
    const completed = await desk.shown(ticket);
    await modelReads(ticket);
    expect(await desk.shown(ticket)).toEqual(completed);
    expect(await known(contact)).toEqual(byRules);
  });

  test('does not stop a phone without signal, which showed no facts at all', async () => {
    const { contact, ticket } = await atReview();
    await modelReads(ticket);
    await desk.step('complete', ticket, { offline: { duration_minutes: 75, total_cents: 15_000 } });
    expect(await known(contact)).toEqual([]);
    await untilRead(ticket);
    expect(await known(contact)).toEqual(byModel.map(fact => `${fact}?`));
  });
});

describe('a model that fails', () => {
  test('is said loudly, and what rules found is there all the same', async () => {
    const { ticket } = await atReview();
    model.says = unavailable;
    const problems = await whileWorking(panes(), async () => {
      await expect.poll(() => desk.shown(ticket), soon).toMatchObject({ extraction_status: 'failed' });
    });
    // It is no delivery that comes again and again: somebody stands in a driveway.
    expect(problems).toEqual([]);
    expect(model.asked).toHaveLength(1);
    const shown = await desk.shown(ticket);
    expect(shown).toMatchObject({ step: 'review', extracted_by: 'rules' });
    expect(factsOf(shown)).toEqual(byRules);
  });

  test('is asked once more when the technician says so', async () => {
    const { ticket } = await atReview();
    await modelReads(ticket, true);
    await panes().database.owner.query('delete from jobs');
    expect(await desk.step('look_again', ticket)).toMatchObject({ extraction_status: 'pending' });
    // Pressed again it is still one question.
    expect(await desk.step('look_again', ticket)).toMatchObject({ extraction_status: 'pending' });
    await whileWorking(panes(), async () => {
      await expect.poll(() => desk.shown(ticket), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(model.asked).toHaveLength(1);
    expect(factsOf(await desk.shown(ticket))).toEqual(byModel);
    expect(await desk.step('look_again', ticket)).toMatchObject({ extraction_status: 'done' });
  });

  test('is not asked again once somebody has said which facts hold', async () => {
    const { contact, ticket } = await atReview();
    await modelReads(ticket, true);
    await desk.step('review', ticket, { attributes: [{ key: 'pet', value: 'ferret' }] });
    expect(await desk.refused('look_again', ticket)).toEqual({
      code: 'INVALID_STATE',
      message: 'It was said already which facts hold.',
      hint: 'Complete the visit: its notes are read once more then, and what is found waits for the office.',
    });
    const { review } = await desk.shown(ticket);
    await desk.step('complete', ticket, { review });
    await untilRead(ticket);
    expect(await known(contact)).toEqual(['pet: dog (name: Biscuit)?', 'pet: ferret']);
  });

  test('stops nobody: the visit is completed consciously without, and its notes are read later', async () => {
    const { contact, ticket } = await atReview();
    await modelReads(ticket, true);
    const { review, extraction_status } = await desk.shown(ticket);
    expect(extraction_status).toBe('failed');
    await desk.step('complete', ticket, { review });
    expect(await known(contact)).toEqual(byRules);
    await untilRead(ticket);
    expect(await known(contact)).toEqual(['customer_demographic: elderly', 'pet: dog (name: Biscuit)?']);
  });

  test('between the review and the press changes nothing either', async () => {
    const { contact, ticket, shown } = await atReview();
    await modelReads(ticket, true);
    await desk.step('complete', ticket, { review: shown.review });
    expect(await known(contact)).toEqual(byRules);
  });
});

test('only the machine itself has the notes read', async () => {
  const { act, olivia, theo, agent, read, dana } = panes();
  const { ticket } = await atReview();
  const [session] = await read(dana, 'closeout_sessions', { params: { ticket_id: ticket } });
  const call = (who: Caller) =>
    refusal(act(who, 'closeout.read_notes', { session_id: session?.id, failed: true }));
  expect(await call(olivia)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await call(theo)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await call(agent)).toMatchObject({ code: 'HUMAN_ONLY' });
  expect(await desk.shown(ticket)).toMatchObject({ extraction_status: 'pending' });
  expect(await modelReads(ticket, true)).toEqual({ extraction_status: 'failed' });
});
