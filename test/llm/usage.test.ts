import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { openUsageMeter } from '../../core/llm/meter.ts';
import { as, useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { answering, useEndpoint } from './endpoint.ts';
import { openModel, usageOf } from './questions.ts';

const office = useOffice();
const endpoint = useEndpoint();
const usage = { prompt_tokens: 120, completion_tokens: 30 };

beforeEach(() => endpoint().says({ content: '{"pet":"dog"}', usage }));
afterEach(() => office().database.owner.query('delete from llm_usage'));

/** Asks at a moment; the days are those of Alabama. */
const askAt = (now: string, question: Parameters<ReturnType<typeof openModel>['ask']>[0] = {}) =>
  openModel(office(), endpoint(), {}, now).ask(question);

const limit = (llm_requests_per_day: number) =>
  office().done(office().bright.owner, 'organization.update_settings', {
    settings: { llm_requests_per_day },
  });

describe('what asking costs is counted', () => {
  test('by the day of the business, the model and what it was for', async () => {
    await askAt('2026-11-18T08:00:00-06:00');
    await askAt('2026-11-18T23:59:59-06:00');
    // Midnight in Greenwich has long passed, in Alabama it passes now.
    await askAt('2026-11-19T00:00:00-06:00', { model: 'qwen3-small' });
    await askAt('2026-11-19T00:00:01-06:00', { purpose: 'lead.extract' });
    const counted = { requests: 1, failures: 0, prompt_tokens: 120, completion_tokens: 30 };
    expect(await usageOf(office())).toEqual([
      { day: '2026-11-19', model: 'qwen3', purpose: 'lead.extract', ...counted },
      { day: '2026-11-19', model: 'qwen3-small', purpose: 'note.extract', ...counted },
      {
        day: '2026-11-18',
        model: 'qwen3',
        purpose: 'note.extract',
        requests: 2,
        failures: 0,
        prompt_tokens: 240,
        completion_tokens: 60,
      },
    ]);
  });

  test('in each business for itself', async () => {
    await askAt('2026-11-18T08:00:00-06:00');
    await askAt('2026-11-18T08:00:00-06:00', { organization_id: office().clear.id });
    await askAt('2026-11-18T08:00:00-06:00', { organization_id: office().clear.id });
    expect(await usageOf(office())).toMatchObject([{ requests: 1 }]);
    expect(await usageOf(office(), {}, office().clear)).toMatchObject([{ requests: 2 }]);
  });

  test('when many ask at once, none is lost', async () => {
    const model = openModel(office(), endpoint());
    await Promise.all(Array.from({ length: 20 }, () => model.ask()));
    expect(await usageOf(office())).toMatchObject([
      { requests: 20, prompt_tokens: 20 * 120, completion_tokens: 20 * 30 },
    ]);
  });

  test('with no tokens when the endpoint counts none, or nonsense', async () => {
    for (const nonsense of [{ prompt_tokens: -5, completion_tokens: 1.5 }, { prompt_tokens: 1e30 }]) {
      const choices = [{ message: { content: '{"pet":"dog"}' } }];
      endpoint().instead = [answering(200, { choices, usage: nonsense })];
      await askAt('2026-11-18T08:00:00-06:00');
    }
    expect(await usageOf(office())).toMatchObject([{ requests: 2, prompt_tokens: 0, completion_tokens: 0 }]);
  });

  test('and a count that fails breaks no answer', async () => {
    const away = openDatabase({ address: { ...office().database.address, database: 'no_such_database' } });
    const broken = { ...office(), db: away };
    const model = openModel(broken, endpoint());
    expect((await model.ask()).answer).toEqual({ pet: 'dog' });
    expect(model.log).toEqual([
      [
        'a request to the language model could not be counted',
        { error: expect.stringContaining('no_such_database') },
      ],
    ]);
    await away.close();
  });
});

describe('a business asks as often in a day as its settings say', () => {
  afterEach(() => limit(1_000));

  test('a thousand times when they say nothing', async () => {
    const organization_id = office().clear.id;
    await office().database.owner.query(
      `insert into llm_usage (organization_id, day, model, purpose, requests)
       values ($1, '2026-11-18', 'qwen3', 'lead.extract', 999)`,
      [organization_id],
    );
    const now = '2026-11-18T08:00:00-06:00';
    await askAt(now, { organization_id });
    await expect(askAt(now, { organization_id })).rejects.toThrow(/^Today’s 1000 requests .* are used up/);
  });

  test('exactly that often when many ask at once, and then nothing is sent', async () => {
    await limit(7);
    const model = openModel(office(), endpoint());
    const ends = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => model.ask({ purpose: `kind.${index % 3}` })),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(endpoint().requests).toHaveLength(7);
    expect(await model.failure()).toEqual({
      reason: 'limited',
      message:
        'Today’s 7 requests to the language model are used up; the owner can raise llm_requests_per_day.',
    });
    expect(endpoint().requests).toHaveLength(7);
    // Others go on, and so does everybody tomorrow.
    await model.ask({ organization_id: office().clear.id });
    await askAt('2026-11-19T00:00:00-06:00');
    expect(endpoint().requests).toHaveLength(9);
  });

  test('exactly that often from however many processes they ask', async () => {
    await limit(7);
    const meter = openUsageMeter(office().db);
    const claims = Array.from({ length: 60 }, (_, index) =>
      meter.claim({ organization_id: office().bright.id, model: 'qwen3', purpose: `kind.${index}` }),
    );
    const ends = await Promise.allSettled(claims);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ reason: 'limited' });
    }
  });

  test('attempts that bring nothing count too', async () => {
    await limit(2);
    endpoint().says({ error: { message: 'no' }, status: 500 });
    expect(await openModel(office(), endpoint()).failure()).toMatchObject({ reason: 'limited' });
    expect(endpoint().requests).toHaveLength(2);
    expect(await usageOf(office())).toMatchObject([{ requests: 2, failures: 2 }]);
  });

  test('never, when it is switched off', async () => {
    await limit(0);
    expect(await openModel(office(), endpoint()).failure()).toEqual({
      reason: 'limited',
      message: 'The language model is switched off here (llm_requests_per_day is 0).',
    });
    expect(endpoint().requests).toEqual([]);
    await limit(1);
    await openModel(office(), endpoint()).ask();
    expect(endpoint().requests).toHaveLength(1);
  });

  test('which only its people change, within reason; an agent is told whom to ask', async () => {
    const { act, done, read, bright } = office();
    const set = async () => (await read(bright.owner, 'organization'))[0]?.settings;
    await limit(7);
    const reasoning = 'It costs the business too much';
    const data = { settings: { llm_requests_per_day: 5 } };
    const byAgent = (settings: Record<string, unknown>) =>
      act(bright.agent, 'organization.update_settings', { settings }, { reasoning });
    expect(await refusal(byAgent(data.settings))).toEqual({
      code: 'FORBIDDEN',
      message: 'llm_requests_per_day is changed by people only.',
      field: 'settings.llm_requests_per_day',
      hint: 'Tell the owner what you would change; an owner or admin does it on the page /settings.',
      people_only: true,
    });
    expect(await set()).toMatchObject({ llm_requests_per_day: 7 });
    // What is open to agents it may ask for, and the owner may do what it may not.
    expect((await byAgent({ days_until_due: 10 })).status).toBe('pending_authorization');
    await done(bright.owner, 'organization.update_settings', data);
    expect(await set()).toMatchObject({ llm_requests_per_day: 5 });
    const settings = { llm_requests_per_day: -1 };
    expect(await refusal(act(bright.owner, 'organization.update_settings', { settings }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'settings.llm_requests_per_day',
    });
  });
});

describe('what was used can be read', () => {
  beforeEach(async () => {
    for (const day of ['17', '18', '19']) {
      for (const purpose of ['lead.extract', 'note.extract']) {
        await askAt(`2026-11-${day}T08:00:00-06:00`, { purpose });
      }
    }
  });
  const days = (rows: Record<string, unknown>[]) => rows.map(({ day, purpose }) => `${day} ${purpose}`);

  test('between two days', async () => {
    expect(days(await usageOf(office(), { from: '2026-11-18', to: '2026-11-18' }))).toEqual([
      '2026-11-18 lead.extract',
      '2026-11-18 note.extract',
    ]);
    expect(await usageOf(office(), { from: '2026-11-19' })).toHaveLength(2);
    expect(await usageOf(office(), { to: '2026-11-18' })).toHaveLength(4);
    expect(await refusal(usageOf(office(), { from: '2026-02-30' }))).toMatchObject({ field: 'from' });
  });

  test('page by page, each row once', async () => {
    const { app, bright } = office();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.read(
        bright.owner,
        'llm_usage',
        { limit: 4, ...(cursor ? { cursor } : {}) },
        { request_id: '018f0000-0000-7000-8000-000000000000' },
      );
      seen.push(...days(page.rows));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toEqual(days(await usageOf(office())));
    expect(new Set(seen).size).toBe(6);
    const made_up = Buffer.from('["2026-13-45","a","b"]').toString('base64url');
    expect(await refusal(office().read(bright.owner, 'llm_usage', { cursor: made_up }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'cursor',
    });
  });

  test('by the office and its agent, and not by technicians', async () => {
    const { read, bright } = office();
    for (const caller of [bright.owner, as(bright, 'Dana'), bright.agent])
      expect(await read(caller, 'llm_usage')).toHaveLength(6);
    expect(await refusal(read(as(bright, 'Theo'), 'llm_usage'))).toMatchObject({ code: 'FORBIDDEN' });
  });
});
