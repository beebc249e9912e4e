import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ref } from '../../core/kernel/records/references.ts';
import { defineWorkflow } from '../../core/kernel/registry/define.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { scriptedModel, unavailable } from '../extraction/model.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { useDesk } from './desk.ts';

/** A workflow that writes a note on its way, and asks no model. */
const remember = defineWorkflow({
  name: 'remember',
  title: 'Remember',
  summary: 'Writes a note and its facts.',
  input: z.strictObject({ contact_id: ref('contact'), content: z.string() }),
  output: z.looseObject({}),
  uses: ['note.create'],
  run: (context, input) => context.call('note.create', { ...input, extract: 'now' }),
});

const model = scriptedModel();
const panes = useBrightPanes({ model, workflows: [remember] });

const desk = useDesk(panes);
const { known, noteOf } = desk;
const write = (content: string, more: Record<string, unknown> = {}) =>
  panes().act(panes().dana, 'note.create', { contact_id: desk.customer, content, ...more });
const retryNow = () =>
  panes().database.owner.query('update jobs set run_at = now() where done_at is null; notify deskhand_jobs');
const attempts = async () =>
  (await panes().database.owner.query('select attempts, last_error, locked_by from jobs')).rows;
/** A job that failed so many times, and is under way no longer. */
const failed = (times: number) => [
  { attempts: times, last_error: 'The language model cannot be reached.', locked_by: null },
];
const dog = { attributes: [{ key: 'pet', value: 'dog', details: { name: 'Biscuit' } }] };

beforeEach(() => {
  model.asked = [];
  model.says = () => dog;
});

describe('a note that a model reads', () => {
  test('at once has what it found, and says so', async () => {
    const { data } = await write('The beast is called Biscuit.', { extract: 'now' });
    expect(data).toMatchObject({
      extraction_status: 'done',
      extracted_by: 'llm',
      attributes: [{ shown: 'pet: dog (name: Biscuit)', is_confirmed: false }],
    });
    expect(model.asked).toMatchObject([{ organization_id: panes().bright.id, purpose: 'note.extract' }]);
  });

  test('in a moment is asked about by the worker, once', async () => {
    const { data } = await write('The beast is called Biscuit.');
    expect(model.asked).toEqual([]);
    await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(data.id), soon).toMatchObject({ extracted_by: 'llm' });
    });
    expect(model.asked).toHaveLength(1);
    expect(await known()).toEqual(['pet: dog (name: Biscuit)?']);
  });

  test('is not asked about for nothing: not for what nobody may, nor for an answer that is there already', async () => {
    const { theo, dana, act } = panes();
    await refusal(act(theo, 'note.create', { contact_id: desk.customer, content: 'x', extract: 'now' }));
    await refusal(act(dana, 'note.create', { contact_id: desk.customer, content: '', extract: 'now' }));
    expect(model.asked).toEqual([]);
    const call = { contact_id: desk.customer, content: 'The beast is called Biscuit.', extract: 'now' };
    const extra = { idempotency_key: `once-${desk.customer}` };
    await act(dana, 'note.create', call, extra);
    expect(await act(dana, 'note.create', call, extra)).toMatchObject({ replayed: true });
    expect(model.asked).toHaveLength(1);
  });

  test('is read by the rules where nobody may wait: inside a workflow', async () => {
    const { dana, done } = panes();
    const content = 'Elderly woman.';
    expect(await done(dana, 'remember', { contact_id: desk.customer, content })).toMatchObject({
      extracted_by: 'rules',
    });
    expect(model.asked).toEqual([]);
    expect(await known()).toEqual(['customer_demographic: elderly?']);
  });

  test('that changes while it is read has to be read again', async () => {
    const { dana, act, done } = panes();
    const note = await done(dana, 'note.create', {
      contact_id: desk.customer,
      content: 'Has a dog.',
      extract: 'no',
    });
    const extract = () => act(dana, 'note.extract', { note_id: note.id });
    model.says = async () => {
      await done(dana, 'note.update', { note_id: note.id, content: 'Has a cat.' });
      return dog;
    };
    expect(await refusal(extract())).toMatchObject({ code: 'CONFLICT', field: 'note_id' });
    expect(await known()).toEqual([]);
    model.says = () => ({ attributes: [{ key: 'pet', value: 'cat' }] });
    expect(await extract()).toMatchObject({ status: 'done' });
    expect(await known()).toEqual(['pet: cat?']);
  });

  test('for a request that waits is read by the rules, kept as it was shown, and the model is asked neither then nor when the owner allows it', async () => {
    const { bright, olivia, dana, done, read } = panes();
    const note = await done(dana, 'note.create', {
      contact_id: desk.customer,
      content: 'Dog named Biscuit.',
      extract: 'no',
    });
    model.says = () => ({ attributes: [{ key: 'pet', value: 'tiger' }] });
    await done(olivia, 'authorization.set_level', {
      action: 'note.extract',
      level: 'requires_authorization',
    });
    const asked = await askFor(panes(), bright, 'note.extract', { note_id: note.id });
    expect(await known()).toEqual([]);
    const [shown] = await read(olivia, 'authorization_requests', { id: asked.request });
    expect(JSON.stringify(shown?.preview)).toContain('Biscuit');
    await done(olivia, 'authorization.allow_once', { ...asked });
    expect(await known()).toEqual(['pet: dog (name: Biscuit)?']);
    expect(await noteOf(note.id)).toMatchObject({ extracted_by: 'rules' });
    expect(model.asked).toEqual([]);
    await done(olivia, 'authorization.set_level', { action: 'note.extract', level: 'unrestricted' });
    // The same call asks the model as soon as nobody has to decide about it.
    await done(bright.agent, 'note.extract', { note_id: note.id });
    expect(model.asked).toHaveLength(1);
  });
});

describe('when the model fails', () => {
  const content = 'Elderly woman. Dog named Biscuit.';

  test('at once, the rules take its place and the caller is told', async () => {
    model.says = unavailable;
    const { data, warnings } = await write(content, { extract: 'now' });
    expect(data).toMatchObject({ extraction_status: 'done', extracted_by: 'rules' });
    expect(warnings).toEqual([
      'The language model gave no usable answer; simple rules read the text instead.',
    ]);
    expect(await known()).toEqual(['customer_demographic: elderly?', 'pet: dog (name: Biscuit)?']);
  });

  test('in a moment, it is asked three times before the rules take its place', async () => {
    model.says = unavailable;
    const { data } = await write(content);
    const problems = await whileWorking(panes(), async () => {
      for (const tried of [1, 2, 3]) {
        await expect.poll(attempts, soon).toEqual(failed(tried));
        expect(await noteOf(data.id)).toMatchObject({ content, extraction_status: 'pending' });
        await retryNow();
      }
      await expect.poll(() => noteOf(data.id), soon).toMatchObject({ extraction_status: 'done' });
    });
    expect(problems).toHaveLength(3);
    expect(model.asked).toHaveLength(3);
    expect(await noteOf(data.id)).toMatchObject({ extracted_by: 'rules' });
    expect(await known()).toHaveLength(2);
  });

  test('and is back again before the third time, it is the model that reads the note', async () => {
    model.says = unavailable;
    const { data } = await write(content);
    await whileWorking(panes(), async () => {
      await expect.poll(attempts, soon).toEqual(failed(1));
      model.says = () => dog;
      await retryNow();
      await expect.poll(() => noteOf(data.id), soon).toMatchObject({ extracted_by: 'llm' });
    });
  });

  test('who wants the model and nothing else is told so, and the note stays as it was', async () => {
    const { dana, act, done } = panes();
    const note = await done(dana, 'note.create', { contact_id: desk.customer, content, extract: 'no' });
    model.says = unavailable;
    expect(await refusal(act(dana, 'note.extract', { note_id: note.id, method: 'llm' }))).toMatchObject({
      code: 'UPSTREAM_ERROR',
      hint: 'Try again later, or with method rules.',
    });
    expect(await noteOf(note.id)).toMatchObject({ extraction_status: 'none' });
    await done(dana, 'note.extract', { note_id: note.id, method: 'rules' });
    expect(await noteOf(note.id)).toMatchObject({ extracted_by: 'rules' });
  });

  test('in a way nobody has thought of, the note is kept and its facts are found later', async () => {
    model.says = () => new TypeError('a defect');
    const { data, warnings } = await write(content, { extract: 'now' });
    expect(data).toMatchObject({ content, extraction_status: 'pending', extracted_by: null });
    expect(warnings).toEqual(['Its facts could not be found now; they are looked for again in a moment.']);
    model.says = () => dog;
    await whileWorking(panes(), async () => {
      await expect.poll(() => noteOf(data.id), soon).toMatchObject({ extracted_by: 'llm' });
    });
  });
});
