import type { BrightPanes } from '../support/bright-panes.ts';

/** What makes one customer twice, and one of them again. */
export function twinsOf(panes: () => BrightPanes) {
  let made = 0;
  return {
    /** How many pairs there have been. */
    count: () => made,
    /** Two entries of one customer: the first as the office knows her, the second as she came in by telephone. */
    async twice(more: Record<string, unknown> = {}): Promise<[winner: string, other: string]> {
      made += 1;
      const { dana, done } = panes();
      const phone = `(256) 555-0${200 + made}`;
      const first = await done(dana, 'contact.create', {
        full_name: `Nora Field${made}`,
        phone,
        tags: ['weekly'],
        notes: 'Likes mornings',
      });
      const second = await done(dana, 'contact.create', {
        full_name: `Nora Field${made}`,
        phone,
        email: `nora${made}@example.com`,
        tags: ['weekly', 'screens'],
        notes: 'Has a ladder',
        custom_fields: { gate: 'blue' },
        ...more,
      });
      return [String(first.reference), String(second.reference)];
    },
    merge: (winner: string, other: string, caller = panes().dana) =>
      panes().done(caller, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
    takeBack: (reference: unknown, caller = panes().dana) =>
      panes().done(caller, 'contact.unmerge', { contact_merge_id: reference }),
  };
}
