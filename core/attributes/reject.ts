import type { ProposedAttribute } from '../extraction/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { setDeleted, updateRow } from '../kernel/records/record-queries.ts';
import { attributeRecord } from './attribute.ts';
import { keepFact, touch, withoutSecrets } from './facts.ts';
import { ensureKey, fitValue } from './keys.ts';
import type { ProposalTarget } from './propose.ts';

/**
 * Keeps in mind what somebody called wrong when it was shown to them (CLO-07), so that no extraction brings it again.
 * What is confirmed of the customer stays as it is. The customer's row must be locked.
 */
export async function rejectFacts(
  context: Context,
  target: Omit<ProposalTarget, 'is_confirmed'>,
  facts: readonly ProposedAttribute[],
): Promise<void> {
  for (const said of facts) {
    const key = await ensureKey(context, said.key);
    const fact = { ...(await withoutSecrets(context, 'attribute.reject', said)), key: key.key };
    const { row } = await keepFact(
      context,
      { ...key, is_single: false },
      {
        ...fact,
        value: fitValue(key, fact.value) ?? fact.value,
        contact_id: target.contact_id,
        source: target.source,
        note_id: target.note_id ?? null,
        ticket_id: target.ticket_id ?? null,
        lead_id: target.lead_id ?? null,
        extracted_by: null,
        is_confirmed: false,
      },
    );
    if (row.is_confirmed) continue;
    await setDeleted(context, attributeRecord, row.id, true);
    await updateRow(context, attributeRecord, row.id, { is_rejected: true });
    touch(context, row);
  }
}
