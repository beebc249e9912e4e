import type { Include } from '../kernel/records/record.ts';
import { listOfLeads } from './queries.ts';

/** The `interactions` include of leads. */
export const interactionsOfLeads: Include = {
  summary: 'calls, mails, meetings, newest first',
  async load(context, ids) {
    const byLead = new Map<string, unknown[]>();
    for (const { lead_id, ...interaction } of await listOfLeads(context, ids)) {
      byLead.set(lead_id, [...(byLead.get(lead_id) ?? []), interaction]);
    }
    return byLead;
  },
};
