import { z } from 'zod';
import type { Context } from '../../core/kernel/pipeline/context.ts';
import { defineAutomation } from '../../core/kernel/registry/automation.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { type Domain, defineDomain } from '../../core/kernel/registry/domain.ts';
import { defineEvent, type Happened } from '../../core/kernel/registry/event.ts';
import { invalid } from '../../core/kernel/words/errors.ts';

// A domain of tests: a bell is rung, somebody answers, and an echo never ends by itself.

export const rung = defineEvent({
  name: 'bell.rung',
  summary: 'Somebody rang.',
  payload: z.strictObject({ door: z.string(), times: z.number() }),
});
export const answered = defineEvent({
  name: 'bell.answered',
  summary: 'Somebody answered.',
  payload: z.strictObject({ door: z.string() }),
});
export const echoed = defineEvent({
  name: 'bell.echoed',
  summary: 'It rang again.',
  payload: z.strictObject({}),
});

export interface Bells {
  domain: Domain;
  /** What else happens while somebody answers, after the answer is written; nothing when left alone. */
  whileAnswering: (context: Context, event: Happened) => Promise<void>;
}

export function bells(): Bells {
  const calm = () => Promise.resolve();
  const made: Bells = { domain: defineDomain({ name: 'bell', summary: 'Bells.' }), whileAnswering: calm };
  const answer = defineAutomation({
    name: 'bell.answer',
    summary: 'Somebody answers the door.',
    on: rung,
    emits: [answered.name],
    async run(context, event) {
      await context.emit(answered, { door: event.payload.door });
      await made.whileAnswering(context, event);
      return { opened: event.payload.door };
    },
  });
  made.domain = defineDomain({
    name: 'bell',
    summary: 'Bells.',
    actions: [ring, ringUndeclared, shout],
    events: [rung, answered, echoed],
    automations: [answer, echo],
  });
  return made;
}

const door = z.strictObject({
  door: z.string(),
  times: z.number().optional(),
  then_fail: z.boolean().optional(),
});

export const ring = defineAction({
  domain: 'bell',
  name: 'ring',
  summary: 'Ring.',
  input: door,
  output: z.object({ rung: z.literal(true) }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  emits: [rung.name],
  async run(context, { door, times = 1, then_fail }) {
    await context.emit(rung, { door, times });
    if (then_fail) throw invalid('then_fail', 'The rope broke.');
    return { rung: true as const };
  },
});

/** Forgot to say that it emits. */
const { emits: _forgotten, ...silent } = ring;
const ringUndeclared = { ...silent, name: 'ring_undeclared' };

const shout = defineAction({
  domain: 'bell',
  name: 'shout',
  summary: 'Make an echo.',
  input: z.strictObject({ loud: z.boolean().optional() }),
  output: z.object({ rung: z.literal(true) }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  emits: [echoed.name],
  async run(context) {
    await context.emit(echoed, {});
    return { rung: true as const };
  },
});

const echo = defineAutomation({
  name: 'bell.echo',
  summary: 'It comes back.',
  on: echoed,
  emits: [echoed.name],
  async run(context) {
    await context.emit(echoed, {});
    return {};
  },
});
