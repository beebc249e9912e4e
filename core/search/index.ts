import { defineDomain } from '../kernel/registry/define.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { rebuildJob, rebuildSearch } from './rebuild.ts';
import { type LevelsOf, searchView } from './search.ts';

/**
 * Search over everything: records, and what can be done with them (UNI-01). `registry` is asked only when something is
 * searched; `levels` says how an action reads for one caller.
 */
export const searching = (registry: () => Registry, levels?: LevelsOf) =>
  defineDomain({
    name: 'search',
    summary: 'One search over everything there is and everything that can be done.',
    actions: [rebuildSearch(registry)],
    views: [searchView(registry, levels)],
    jobs: [rebuildJob],
  });
