import { z } from 'zod';
import { submit } from '../forms.ts';
import { type Answer, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';
import { refusedBecause } from './draft.ts';
import { deletedPathOf, kindOf, mayVerb, nameOf, pathOf } from './kind.ts';
import { showDeleted, showRecord } from './record.ts';

const anyRow = z.record(z.string(), z.unknown());

/** Deletes a row and leads to the list, from which it can be brought back; what stands in the way is said on its page. */
export async function deleteFromForm(visit: PageRequest): Promise<Answer> {
  const record = kindOf(visit);
  const { rows } = await readList(visit, record.plural, anyRow, { id: recordOf(visit) });
  const row = rows[0] ?? {};
  try {
    const { warnings } = await submit(visit, `${record.name}.delete`, {
      [`${record.name}_id`]: String(row.id),
    });
    return {
      redirect: `/records/${record.plural}`,
      said: {
        done: `${nameOf(record, row)} is deleted.`,
        warnings,
        ...(mayVerb(visit, record, 'restore')
          ? { way: { to: deletedPathOf(record, row), label: 'Look at it, or restore it' } }
          : {}),
      },
    };
  } catch (error) {
    return showRecord(visit, refusedBecause(error));
  }
}

/** Brings a deleted row back and leads to it; what stands in the way is said on its page. */
export async function restoreFromForm(visit: PageRequest): Promise<Answer> {
  const record = kindOf(visit);
  try {
    const { data, warnings } = await submit(visit, `${record.name}.restore`, {
      [`${record.name}_id`]: recordOf(visit),
    });
    return {
      redirect: pathOf(record, data),
      said: { done: `${nameOf(record, data)} is back.`, warnings },
    };
  } catch (error) {
    const refusal = refusedBecause(error);
    // Somebody else was quicker: it is there already.
    const living = await readMaybe(visit, { type: record.plural, row: anyRow, id: recordOf(visit) });
    return living ? showRecord(visit, refusal) : showDeleted(visit, refusal);
  }
}

/** Opened by hand, the address of a button leads to the page it stands on. */
export const toRow = async (visit: PageRequest): Promise<Answer> => ({
  redirect: visit.request.path.replace(/\/delete$/, '').replace(/\/restore$/, '/deleted'),
});
