import type { Include } from '../kernel/records/record.ts';
import { listHistoryOf } from './queries.ts';

/** The `audit_trail` include of a record: who changed what, when and why, newest first, at most 50 each (AUD-06). */
export function historyInclude(subject: string): Include {
  return {
    summary: 'who changed what, when and why, newest first',
    async load(context, ids) {
      const entries = await listHistoryOf(context, subject, ids, 50);
      const byRecord = new Map<string, unknown[]>();
      for (const { subject_id, ...entry } of entries) {
        byRecord.set(subject_id, [...(byRecord.get(subject_id) ?? []), entry]);
      }
      return byRecord;
    },
  };
}
