import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { whyNotUndone } from '../../core/kernel/registry/undoable.ts';
import { readyInput } from '../contracts/ready-input.ts';
import { calls, isForForms, isForNobody, registry } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { useOffice } from '../support/office.ts';
import { momentOf, standing } from './standing.ts';

// Every action there is, of today and of tomorrow: it can be taken back, and then the database is as before, or it says why not.

const office = useOffice();
let story: Story;

beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Brightly');
});

const undoable = calls.filter(
  call => !isRead(call) && whyNotUndone(registry, call) === undefined && call.id !== 'audit.undo',
);

function isRead({ spec }: (typeof calls)[number]): boolean {
  return spec.kind === 'workflow' && (spec.read_only === true || spec.notes_only_itself === true);
}

function callerFor(call: (typeof calls)[number]): Caller {
  const { bright } = office();
  if (isForForms(call)) return { via: 'form', key: pickFrom(story, 'form key') };
  return isForNobody(call) ? { via: 'system', organization_id: bright.id, name: 'worker' } : bright.owner;
}

describe.each(undoable.map(call => ({ id: call.id, call })))('$id', ({ id, call }) => {
  test('is taken back, and everything stands as before', async () => {
    const { act, bright, database } = office();
    const data = await readyInput(office(), story, call);
    const since = await momentOf(database.owner);
    const before = await standing(database.owner, since);
    const { undo, status } = await act(callerFor(call), id, data);
    expect(status).toBe('done');
    expect(await standing(database.owner, since)).not.toEqual(before);
    await act(bright.owner, 'undo', { of: String(undo) });
    expect(await standing(database.owner, since)).toEqual(before);
  });
});

test('what is not taken back says why, in plain words', () => {
  const said = calls.flatMap(call => {
    const why = isRead(call) ? undefined : whyNotUndone(registry, call);
    return why === undefined ? [] : [[call.id, why] as const];
  });
  expect(said.length).toBeGreaterThan(20);
  for (const [, why] of said) expect(why).toMatch(/^[a-z].{7,100}[^.]$/);
});

test('whoever registers that nothing takes an action back gets no word to do it with', () => {
  for (const { id, spec } of registry.actions.values()) {
    if (spec.undo === 'none')
      expect([id, whyNotUndone(registry, registry.action(id))]).not.toContain(undefined);
  }
});
