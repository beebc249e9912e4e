import { beforeEach } from 'vitest';
import { knownOf, newCustomer } from '../attributes/known-of.ts';
import type { BrightPanes } from '../support/bright-panes.ts';

/** The note of NOT-05, in which five facts stand. */
export const referenceNote =
  'Elderly woman, very nice. House has 20+ screens, takes longer than usual. Dog named Biscuit, keep gate closed.';

/** A desk on which notes about one customer are written: a new customer for each test, and nothing left for the worker. */
export function useDesk(panes: () => BrightPanes) {
  let customers = 0;
  const desk = {
    customer: '',
    /** What is known of the customer. */
    known: () => knownOf(panes(), desk.customer),
    /** Dana writes a note about the customer. */
    write: (content: string, more: Record<string, unknown> = {}) =>
      panes().done(panes().dana, 'note.create', { contact_id: desk.customer, content, ...more }),
    noteOf: async (id: unknown) => (await panes().read(panes().dana, 'notes', { id: String(id) }))[0] ?? {},
    /** What waits for the worker. */
    jobs: async () =>
      (await panes().database.owner.query(`select payload from jobs where kind = 'note_extraction'`)).rows,
  };
  beforeEach(async () => {
    await panes().database.owner.query('delete from jobs');
    desk.customer = await newCustomer(panes(), `Customer ${++customers}`);
  });
  return desk;
}
