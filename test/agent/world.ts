import { inject } from 'vitest';
import type { Cluster } from '../evaluate/world.ts';

/** The cluster of the run, as the evaluation wants it. */
export const testCluster = (): Cluster => ({
  admin: { ...inject('cluster'), user: 'postgres' },
  app: 'deskhand_app',
  template: 'deskhand_template',
});
