import type { z } from 'zod';

type Parsed = Record<string, unknown>;

/** Something that has happened, as others may hear of it. The payload holds ids and facts, never what people wrote. */
export interface EventSpec<P extends z.ZodObject = z.ZodObject> {
  /** What it is about and what became of it: `lead.converted`. */
  name: string;
  summary: string;
  payload: P;
}

/** One that has happened. */
export interface Happened<Payload = Parsed> {
  id: string;
  name: string;
  payload: Payload;
  /** When the transaction began that it was written in. */
  created_at: string;
}

/** Carries the types of an event; the domain's `index.ts` lists it, and the actions that emit it name it. */
export const defineEvent = <P extends z.ZodObject>(spec: EventSpec<P>): EventSpec<P> => spec;
