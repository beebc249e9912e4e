import type { z } from 'zod';
import type { Context } from '../pipeline/context.ts';
import type { EventSpec, Happened } from './event.ts';
import type { TimerSpec } from './timer.ts';

/**
 * What the business does by itself when something has happened, or when it is time (WFL-01). It runs a moment after the
 * event, in one transaction that also marks the run as done: so it happens once for each event, whoever delivers it and
 * how often. What it wants outside it queues, like any action.
 */
export interface AutomationSpec<P extends z.ZodObject = z.ZodObject> {
  /** `lead.end_call_backs` */
  name: string;
  summary: string;
  /** The event or the timer that starts it; a timer's payload is empty. */
  on: EventSpec<P> | TimerSpec;
  /** The names of the events it may emit itself. */
  emits?: readonly string[];
  keywords?: readonly string[];
  /** Answers what it did, in plain JSON, for the log of its runs. */
  run(context: Context, event: Happened<z.output<P>>): Promise<Record<string, unknown>>;
}

/** A registered automation as the machinery sees it, whatever its event carries. */
export interface Automation extends AutomationSpec {
  kind: 'automation';
}

/** Carries the types: what `run` gets is what the event carries. The domain's `index.ts` lists it. */
export const defineAutomation = <P extends z.ZodObject>(spec: AutomationSpec<P>): Automation => ({
  ...spec,
  kind: 'automation',
});
