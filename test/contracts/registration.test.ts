import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../core/catalog.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useOffice } from '../support/office.ts';
import { findSchemaProblems } from './schema-rules.ts';
import { buyPolished, ladderRecord, ladders, ladderTable } from './throw-away.ts';

const office = useOffice({ domains: [ladders], workflows: [buyPolished] });
const facts = () => ({ request_id: newId() });
const reasoning = 'It is old and two rungs are broken';

beforeAll(async () => {
  await office().database.owner.query(ladderTable);
});

describe('a domain that is registered and written nowhere else', () => {
  test('is among the capabilities, with the level of every action', async () => {
    const { app, bright } = office();
    const { domains, workflows } = await app.capabilities(bright.agent, facts());
    const ladder = domains.find(({ name }) => name === 'ladder');
    expect(ladder?.actions.map(({ name, level }) => [name, level])).toEqual([
      ['create', 'unrestricted'],
      ['delete', 'soft_limit'],
      ['restore', 'unrestricted'],
      ['polish', 'unrestricted'],
      ['polish_misspelt', 'requires_authorization'],
      ['polish_unlevelled', 'requires_authorization'],
    ]);
    expect(ladder?.data_types.map(({ type }) => type)).toEqual(['ladders', 'ladder_count']);
    expect(workflows.map(({ name }) => name)).toContain('buy_polished_ladder');
    expect(await app.capabilities(bright.agent, facts(), 'ladder')).toMatchObject({ domains: [ladder] });
  });

  test('is in the list of permissions', async () => {
    const { bright, read } = office();
    const rows = await read(bright.owner, 'permissions', { params: { action: 'ladder.delete' } });
    expect(rows).toEqual([
      { action: 'ladder.delete', level: 'soft_limit', human_only: false, conditions: [] },
    ]);
  });

  test('can be used and read by the agent, and its history is kept', async () => {
    const { bright, done, read } = office();
    const bought = await done(bright.agent, 'ladder.create', { name: 'Long ladder' });
    await done(bright.agent, 'ladder.polish', { ladder_id: String(bought.reference) });
    expect(await read(bright.agent, 'ladders', { id: String(bought.reference) })).toMatchObject([
      { id: bought.id, name: 'Long ladder', polished_at: '2026-11-18T14:00:00.000Z' },
    ]);
    await done(bright.agent, 'ladder.delete', { ladder_id: bought.id }, { reasoning });
    expect(await read(bright.agent, 'ladders')).toEqual([]);
    await done(bright.agent, 'ladder.restore', { ladder_id: bought.id });
    expect(await read(bright.agent, 'ladder_count')).toEqual([{ ladders: 1 }]);
    const history = await read(bright.owner, 'audit_log', { params: { subject_id: String(bought.id) } });
    expect(history.map(entry => entry.domain_action)).toEqual([
      'ladder.restore',
      'ladder.delete',
      'ladder.polish',
      'ladder.create',
    ]);
  });

  test('belongs to one business alone', async () => {
    const { bright, clear, done, read } = office();
    const bought = await done(bright.agent, 'ladder.create', { name: 'Short ladder' });
    expect(await read(clear.agent, 'ladders')).toEqual([]);
    await expect(read(clear.agent, 'ladders', { id: String(bought.id) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await findSchemaProblems(office().database.owner)).toEqual([]);
  });

  test('is reached by its workflow in one step', async () => {
    const { bright, done, read } = office();
    const { ladder } = await done(bright.agent, 'buy_polished_ladder', { name: 'Van ladder' });
    expect(await read(bright.agent, 'ladders', { id: String(ladder) })).toMatchObject([
      { name: 'Van ladder', polished_at: '2026-11-18T14:00:00.000Z' },
    ]);
  });
});

describe('an action whose level is misspelt or missing', () => {
  test.each(['ladder.polish_misspelt', 'ladder.polish_unlevelled'])(
    'waits for the owner: %s',
    async action => {
      const { bright, act, done, read } = office();
      const { id } = await done(bright.agent, 'ladder.create', { name: 'Shy ladder' });
      expect(await act(bright.agent, action, { ladder_id: id }, { reasoning })).toMatchObject({
        status: 'pending_authorization',
      });
      expect(await read(bright.agent, 'ladders', { id: String(id) })).toMatchObject([{ polished_at: null }]);
      // Levels bind agents; the owner may.
      expect(await act(bright.owner, action, { ladder_id: id })).toMatchObject({ status: 'done' });
    },
  );

  test('makes the whole workflow wait that uses it, and nothing of it happens', async () => {
    const { bright, act, read } = office();
    const before = await read(bright.owner, 'ladder_count');
    const outcome = await act(bright.agent, 'buy_polished_ladder', { name: 'Half a ladder', misspelt: true });
    expect(outcome).toMatchObject({ status: 'pending_authorization' });
    expect(await read(bright.owner, 'ladder_count')).toEqual(before);
  });

  test('says so to who asks', async () => {
    const { bright, read } = office();
    const rows = await read(bright.agent, 'permissions', {
      params: { action: 'ladder.polish_misspelt' },
      fields: ['action', 'level', 'default_level'],
    });
    expect(rows).toEqual([
      {
        id: 'ladder.polish_misspelt',
        action: 'ladder.polish_misspelt',
        level: 'requires_authorization',
        default_level: 'requires_authorization',
      },
    ]);
  });
});

test('a record whose references would look like another’s is refused at the start', () => {
  const named = (prefix: string) => ({ ...ladderRecord, reference: { prefix, start: 1 } });
  const start = (prefix: string) => () =>
    createRegistry([...catalog, defineDomain({ name: 'ladder', summary: '', records: [named(prefix)] })], []);
  expect(start('LADD')).not.toThrow();
  expect(start('C')).toThrow('two registrations are called C');
});
