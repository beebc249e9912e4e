import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { change } from '../../core/kernel/pipeline/audit-entry.ts';
import { countEffects, type EffectKind, effectKinds } from '../../core/kernel/pipeline/effects.ts';
import { type Action, isFinal } from '../../core/kernel/registry/define.ts';
import { findCall } from '../../core/kernel/registry/registry.ts';
import { useOffice } from '../support/office.ts';
import { readyInput } from './ready-input.ts';
import { calls } from './registered.ts';
import { type Story, tellStory } from './story.ts';

// What an action says of itself is what is counted when an agent does it: nobody keeps a list of what is dangerous.

const office = useOffice();
let story: Story;
beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Brightly');
});

const seen = z.object({ would_change: z.array(change), would_send: z.array(z.unknown()) });

/** The kinds of effects one call would be counted with, by what it would do. */
async function kindsOf(id: string): Promise<EffectKind[]> {
  const { act, app, bright } = office();
  const call = findCall(app.registry, id);
  const input = await readyInput(office(), story, call);
  const { data } = await act(bright.agent, id, input, { preview: true, reasoning: 'The owner wants it so' });
  const { would_change: changes, would_send: outgoing } = seen.parse(data);
  const { counted } = countEffects(app.registry, call, { changes, outgoing });
  return effectKinds.filter(kind => counted[kind].size > 0);
}

const ends = (action: Action) => action.effect === 'delete' || action.effect === 'send' || isFinal(action);
// What was dead in the outbox is tried again in test/security/bulk.test.ts: the story has no such delivery.
const untold = new Set(['message.retry']);
const ending = calls.flatMap(({ id, spec }) =>
  spec.kind === 'action' && !spec.human_only && ends(spec) && !untold.has(id) ? [id] : [],
);

describe('what ends, deletes or sends', () => {
  test.each(ending)('%s is counted', async id => {
    expect(await kindsOf(id)).toEqual(expect.arrayContaining([expect.stringMatching(/final|out/)]));
  });
});

describe('what does none of it', () => {
  test.each(['contact.create', 'ticket.confirm', 'ticket.assign_technician', 'note.create'])(
    '%s is not counted',
    async id => {
      expect(await kindsOf(id)).toEqual([]);
    },
  );
});
