import { defineDomain } from '../kernel/define.ts';
import type { Registry } from '../kernel/registry.ts';

/** Search over everything: records, and what can be done with them (UNI-01). */
export const searching = (_registry: () => Registry) =>
  defineDomain({
    name: 'search',
    summary: 'One search over everything there is and everything that can be done.',
  });
