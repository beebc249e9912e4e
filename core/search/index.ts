import { defineDomain } from '../kernel/registry/domain.ts';
import { rebuildJob, rebuildSearch } from './rebuild.ts';
import { type LevelsOf, searchView } from './search.ts';

/**
 * Search over everything: records, and what can be done with them (UNI-01). `levels` says how an action reads for one
 * caller.
 */
export const searching = (levels?: LevelsOf) =>
  defineDomain({
    name: 'search',
    summary: 'One search over everything there is and everything that can be done.',
    actions: [rebuildSearch],
    views: [searchView(levels)],
    jobs: [rebuildJob],
  });
