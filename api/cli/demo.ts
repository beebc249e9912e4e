import { createDemo, demoSlug } from '../../core/demo/demo.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { createDeskhand, type Installation, withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';

/** `deskhand demo`: creates the demo business, unless it is there. */
export function demo(config: Config): Promise<void> {
  return withInstallation(config, async installation => {
    const all = await listBusinesses(installation.db);
    const isThere = all.some(business => business.slug === demoSlug);
    const made = !isThere && (await foundDemo(installation));
    console.log(made ? 'Bright Panes Window Cleaning is founded.' : 'The demo business is there already.');
  });
}

/**
 * Founds the demo business on an installation without any, unless DESKHAND_DEMO=0; answers whether it did. Whichever
 * command comes first on a fresh folder does so: none needs the server to have been started before.
 */
export async function ensureDemo(installation: Installation): Promise<boolean> {
  if (!installation.config.demo || (await listBusinesses(installation.db)).length > 0) return false;
  return foundDemo(installation);
}

function foundDemo({ db }: Installation): Promise<boolean> {
  return createDemo(db, inside => {
    const app = createDeskhand(inside);
    return (caller, action, data) => app.execute(caller, { action, data }, { request_id: newId() });
  });
}
