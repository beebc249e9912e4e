import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import type { Installation } from '../compose.ts';
import { ensureDemo } from './demo.ts';

/** The business a command is about: the named one, or the only one. Throws with what to do. */
export async function chooseBusiness(
  installation: Installation,
  slug: string | undefined,
): Promise<{ id: string; slug: string; name: string }> {
  await ensureDemo(installation);
  const all = await listBusinesses(installation.db);
  if (all.length === 0) {
    throw new Error(
      'There is no business yet. Run "deskhand demo" or "deskhand business create NAME --owner EMAIL".',
    );
  }
  const slugs = firstOf(all.map(business => business.slug));
  if (slug !== undefined) {
    const chosen = all.find(business => business.slug === slug);
    if (!chosen) throw new Error(`There is no business "${slug}". There are: ${slugs}.`);
    return chosen;
  }
  const [only] = all;
  if (!only || all.length > 1)
    throw new Error(`There are several businesses; choose one with --org: ${slugs}.`);
  return only;
}

/** Whoever sits at the command line acts as the machine itself, and the history says so. */
export const commandLine = (organizationId: string): Caller => ({
  via: 'system',
  organization_id: organizationId,
  name: 'command line',
});

export const newRequest = () => ({ request_id: newId() });

/** A few names, and how many others there are: an installation may have ten thousand businesses. */
export function firstOf(names: readonly string[], most = 10): string {
  const others = names.length - most;
  return names.slice(0, most).join(', ') + (others > 0 ? ` and ${others} more` : '');
}
