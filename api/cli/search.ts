import { z } from 'zod';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

const batch = z.object({ rebuilt: z.number(), removed: z.number(), next_cursor: z.string().nullable() });

/** `deskhand search rebuild [--org SLUG]`: makes every search document anew, some hundred a transaction. */
export function rebuildSearch(config: Config, options: { org?: string }): Promise<void> {
  return withInstallation(config, async installation => {
    const business = await chooseBusiness(installation, options.org);
    let [rebuilt, removed] = [0, 0];
    let cursor: string | null | undefined;
    do {
      const { data } = await installation.app.execute(
        commandLine(business.id),
        { action: 'search.rebuild', data: typeof cursor === 'string' ? { cursor } : {} },
        newRequest(),
      );
      const done = batch.parse(data);
      rebuilt += done.rebuilt;
      removed += done.removed;
      cursor = done.next_cursor;
    } while (cursor !== null);
    const stale = removed === 0 ? '' : `, and ${removed} removed that had no record`;
    console.log(`${rebuilt} search documents of ${business.name} were made anew${stale}.`);
  });
}
