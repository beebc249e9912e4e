import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { defineDomain } from '../kernel/registry/domain.ts';
import { askDeletion } from './ask.ts';
import { cancelDeletion } from './cancel.ts';
import { carryOutDeletion, deletionTimer, eraseBusinessJob } from './carry-out.ts';
import { deletionRow, findDeletion } from './queries.ts';
import { tellOwners } from './tell.ts';

const deletionView = defineView({
  type: 'business_deletion',
  domain: 'deletion',
  summary: 'That the business is to be deleted: asked for by whom, and when it goes; empty when it is not.',
  keywords: ['delete the business', 'close'],
  row: deletionRow,
  params: z.strictObject({}),
  roles: ['owner'],
  async run(context) {
    const row = await findDeletion(context);
    return { rows: row ? [row] : [] };
  },
});

export const deletions = defineDomain({
  name: 'deletion',
  label: 'deletion of the business',
  widens: 'whether the business stays',
  why_not_undone: 'it is taken back with deletion.cancel while it waits',
  whose: 'ours',
  summary: 'Deleting the business for good, after seven days.',
  views: [deletionView],
  actions: [askDeletion, cancelDeletion, carryOutDeletion],
  jobs: [tellOwners, eraseBusinessJob],
  timers: [deletionTimer],
});
