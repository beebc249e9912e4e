import { createDemo, demoSlug } from '../../core/demo/demo.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { createDeskhand, type Installation, withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';

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

function foundDemo({ db, config }: Installation): Promise<boolean> {
  const actOn = (inside: Database) => {
    const app = createDeskhand(inside);
    return (caller: Caller, action: string, data: Record<string, unknown>) =>
      app.execute(caller, { action, data }, { request_id: newId() });
  };
  return createDemo(db, actOn, { history: config.demo === 'full' });
}

/**
 * Gives the demo business its last fourteen months while the server serves; goes on where an earlier start was stopped. `stop` ends
 * it after the week it is at.
 */
export function growInBackground(installation: Installation, logger: Logger): { stop(): Promise<void> } {
  const ending = new AbortController();
  const growing = grow(installation, ending.signal)
    .then(weeks => {
      if (weeks > 0) logger.info({ weeks }, 'the demo business has its history');
    })
    .catch((err: unknown) => logger.warn({ err }, 'the history of the demo business could not be made'));
  return {
    stop() {
      ending.abort();
      return growing;
    },
  };
}

async function grow({ app, db, config, sealing }: Installation, signal: AbortSignal): Promise<number> {
  const demo = (await listBusinesses(db)).find(({ slug }) => slug === demoSlug);
  if (!demo) return 0;
  const { growDemo } = await import('../../core/demo/history.ts');
  return growDemo({
    app,
    db,
    organization_id: demo.id,
    signal,
    open: (inside, clock) => createDeskhand(inside, config.baseUrl, { clock }, sealing),
  });
}
