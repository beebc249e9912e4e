import { z } from 'zod';

// A schema takes 3 KB for as long as the server runs, and the fields of forty records are mostly alike: what is the same is made
// once (decision 080). A schema never changes, so nobody notices whether it is shared.

/** What rows hold. */
export const held = {
  text: z.string(),
  number: z.number(),
  truth: z.boolean(),
  texts: z.array(z.string()),
  members: z.record(z.string(), z.unknown()),
};

/** The same, or null. */
export const emptiable = onceOfEach(schema => schema.nullable());

/** The same, or nothing said of it. */
export const leavable = onceOfEach(schema => schema.optional());

function onceOfEach<T extends z.ZodType>(make: (schema: z.ZodType) => T): (schema: z.ZodType) => T {
  const made = new WeakMap<z.ZodType, T>();
  return schema => {
    const known = made.get(schema) ?? make(schema);
    made.set(schema, known);
    return known;
  };
}
