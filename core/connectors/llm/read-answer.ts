import type { z } from 'zod';

/** The answer, or what is wrong with it, in words the model can mend it by. */
export type Reading<T> = { answer: T } | { problem: string };

/** Reads what a model wrote as JSON of a shape, past what models write around it. */
export function readAnswer<T>(text: string, shape: z.ZodType<T>): Reading<T> {
  const found = findJson(text);
  if (found === undefined) return { problem: 'there is no JSON object in it, or it ends too early' };
  const read = shape.safeParse(found);
  if (read.success) return { answer: read.data };
  // Models write null for what they do not know, where the shape wants the member left out.
  const again = shape.safeParse(withoutNulls(found));
  if (again.success) return { answer: again.data };
  return { problem: problemsOf(again.error) };
}

/** The first that parses of: the whole text, what comes after the thinking, the braces in that. */
function findJson(text: string): unknown {
  const spoken = afterThinking(text);
  const braces = spoken.slice(spoken.indexOf('{'), spoken.lastIndexOf('}') + 1);
  for (const candidate of [text, spoken, braces]) {
    const value = parseJson(candidate);
    if (typeof value === 'object' && value !== null) return value;
  }
  return undefined;
}

/** Reasoning models think aloud first, and some servers leave the opening tag out. What never ends says nothing. */
function afterThinking(text: string): string {
  const end = text.lastIndexOf('</think>');
  if (end >= 0) return text.slice(end + '</think>'.length);
  return text.trimStart().startsWith('<think>') ? '' : text;
}

/** Undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)]],
    ),
  );
}

const problemsOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 8)
    .map(issue => `${issue.path.join('.') || 'the object'}: ${issue.message}`)
    .join('; ')
    .slice(0, 1_000);
