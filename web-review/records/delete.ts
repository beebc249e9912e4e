import { z } from 'zod';
import { submit } from '../forms.ts';
import { type Answer, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';
import { refusedBecause } from './draft.ts';
import { deletedPathOf, kindOf, mayVerb, nameOf, pathOf } from './kind.ts';
import { showDeleted, showRecord } from './record.ts';

const anyRow = z.record(z.string(), z.unknown());

/** Deletes a row and leads to the list, from which it can be brought back; what stands in the way is said on its page. */
export async function deleteFromForm(request: PageRequest): Promise<Answer> {
  const record = kindOf(request);
  const { rows } = await readList(request, record.plural, anyRow, { id: recordOf(request) });
  const row = rows[0] ?? {};
  try {
    const { warnings } = await submit(request, `${record.name}.delete`, {
      [`${record.name}_id`]: String(row.id),
    });
    return {
      redirect: `/records/${record.plural}`,
      said: {
        done: `${nameOf(record, row)} is deleted.`,
        warnings,
        ...(mayVerb(request, record, 'restore')
          ? { way: { to: deletedPathOf(record, row), label: 'Look at it, or restore it' } }
          : {}),
      },
    };
  } catch (error) {
    return showRecord(request, refusedBecause(error));
  }
}

/** Brings a deleted row back and leads to it; what stands in the way is said on its page. */
export async function restoreFromForm(request: PageRequest): Promise<Answer> {
  const record = kindOf(request);
  try {
    const { data, warnings } = await submit(request, `${record.name}.restore`, {
      [`${record.name}_id`]: recordOf(request),
    });
    return {
      redirect: pathOf(record, data),
      said: { done: `${nameOf(record, data)} is back.`, warnings },
    };
  } catch (error) {
    const refusal = refusedBecause(error);
    // Somebody else was quicker: it is there already.
    const living = await readMaybe(request, { type: record.plural, row: anyRow, id: recordOf(request) });
    return living ? showRecord(request, refusal) : showDeleted(request, refusal);
  }
}

/** Opened by hand, the address of a button leads to the page it stands on. */
export const toRow = async (request: PageRequest): Promise<Answer> => ({
  redirect: request.http.path.replace(/\/delete$/, '').replace(/\/restore$/, '/deleted'),
});
