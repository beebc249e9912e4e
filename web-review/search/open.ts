import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { mayRead, type PageRequest, type Redirect, readMaybe, recordOf } from '../site.ts';

/** Records that are shown on the page of another one, and the members that say of which. */
const parts: Readonly<Record<string, readonly string[]>> = {
  address: ['contact_id'],
  attribute: ['contact_id'],
  interaction: ['lead_id', 'contact_id'],
  note: ['contact_id', 'lead_id', 'ticket_id'],
  scheduled_message: ['contact_id'],
};

/** Where a record opens; undefined for one that no page shows. */
export function recordHref(
  visit: PageRequest,
  { kind, id, reference }: { kind: string; id: string; reference: string | null },
): string | undefined {
  const page = visit.site.app.registry.pathOf(kind);
  if (page) return mayRead(visit, page.view) ? `${page.path}/${reference ?? id}` : undefined;
  return parts[kind] ? `/open/${kind}/${reference ?? id}` : undefined;
}

const anyRow = z.record(z.string(), z.unknown());

/** Leads to the page a note, a fact, a call or an address is shown on. Throws NOT_FOUND. */
export async function openRecord(visit: PageRequest): Promise<Redirect> {
  const kind = String(visit.request.params.kind);
  const fields = parts[kind] ?? [];
  const { registry } = visit.site.app;
  const view = registry.records.get(kind)?.plural;
  const row =
    view && fields.length > 0
      ? await readMaybe(visit, { type: view, row: anyRow, id: recordOf(visit) })
      : undefined;
  for (const field of fields) {
    const owner = row?.[field];
    const page = registry.pathOf(field.replace(/_id$/, ''));
    if (typeof owner === 'string' && page) return { redirect: `${page.path}/${owner}` };
  }
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}
