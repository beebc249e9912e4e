import { expect } from 'vitest';

/** One or two sentences for people: no stack, no driver's or validator's dump. */
export function expectSentence(text: string): void {
  expect(text).toMatch(/^[A-Z"/].{10,400}[.:)]\n$/);
  expect(text).not.toMatch(/\n\s+at |node:|Error:|\[object|[{}]/);
}
