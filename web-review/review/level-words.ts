import type { Level } from '../../core/kernel/pipeline/context.ts';

/** What an agent may do, as its owner says it. */
export const levelWords: Readonly<Record<Level, string>> = {
  unrestricted: 'by itself',
  soft_limit: 'by itself, telling why',
  requires_authorization: 'asks me',
  forbidden: 'never',
};
