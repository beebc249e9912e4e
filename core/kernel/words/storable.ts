import { budgets } from './budgets.ts';
import { invalid } from './errors.ts';

const deepest = budgets.depth;

// The null character, and half of a surrogate pair: JSON carries them, PostgreSQL keeps neither.
const unkeepable = /[\0\ud800-\udfff]/u;

/**
 * Throws VALIDATION_ERROR for what no schema asks about and nothing behind can take: text that cannot be stored, and
 * nesting so deep that even describing it would fail. Every input passes here first.
 */
export function requireStorable(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string') {
    if (unkeepable.test(value))
      throw invalid(fieldOf(path), 'This text has a character that cannot be kept.');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= deepest) {
    throw invalid(fieldOf(path.slice(0, 3)), `Lists and objects go ${deepest} deep at most.`);
  }
  for (const [name, member] of Object.entries(value)) {
    if (unkeepable.test(name))
      throw invalid(fieldOf(path), 'A name in it has a character that cannot be kept.');
    requireStorable(member, [...path, name]);
  }
}

/** The same for what travels with an input, whichever adapter it came through, and its length. */
export function requireStorableExtras(call: { reasoning?: string; idempotency_key?: string }): void {
  const { reasoning, idempotency_key } = call;
  requireStorable({ reasoning, idempotency_key });
  if (reasoning !== undefined && reasoning.length > 2000) {
    throw invalid('reasoning', 'A reasoning has 2000 characters at most.', { got: reasoning.slice(0, 80) });
  }
  if (idempotency_key !== undefined && (idempotency_key === '' || idempotency_key.length > 200)) {
    throw invalid('idempotency_key', 'An idempotency_key has 1 to 200 characters.', {
      got: idempotency_key.slice(0, 80),
    });
  }
}

const fieldOf = (path: readonly string[]) => path.map(step => step.slice(0, 80)).join('.');
