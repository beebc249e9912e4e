import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import type { MessageKind } from '../messages/record.ts';
import { type Template, templateRecord } from './template.ts';

/** The words a business uses for a kind of mail; undefined while it uses those of the house. */
export async function findActiveTemplate(
  context: ReadContext,
  kind: MessageKind,
): Promise<Template | undefined> {
  const [template] = await pickRows(
    context,
    { from: 'templates', soft_deletes: true },
    templateRecord.row,
    sql`kind = ${kind} and is_active`,
  );
  return template;
}
