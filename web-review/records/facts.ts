import type { FieldKind } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { Fact } from '../format.ts';
import type { PageRequest } from '../site.ts';
import { type Names, severalOf } from './names.ts';
import { fieldTitle, followsShown, isTelling, type ShownRow, showValue } from './value.ts';

interface Facts {
  row: ShownRow;
  /** What fields that point to other rows say; those are left out without it. */
  names?: Names;
  /** Only fields of these kinds. */
  kinds?: readonly FieldKind[];
  /** Fields whose words stand elsewhere on the page. */
  without?: readonly string[];
}

/** What the fields of a row say, in the order of the record. */
export const fieldFacts = (
  request: PageRequest,
  record: RecordSpec,
  { row, names, kinds, without = [] }: Facts,
): readonly Fact[] =>
  Object.entries(record.fields).flatMap(([name, field]): Fact[] => {
    if (field.label || !isTelling(record, name, row) || followsShown(record, field, row)) return [];
    if (without.includes(name)) return [];
    if ((kinds && !kinds.includes(field.kind)) || (field.to && !names)) return [];
    const several = severalOf(request, record, name);
    const ids = row[name];
    if (several && names && Array.isArray(ids))
      return [
        [fieldTitle(request, name, field), ids.map((id, at) => [at > 0 && ', ', names.link(several, id)])],
      ];
    const value = field.to
      ? names?.link(field.to.record, row[name])
      : showValue(request, { name, field, row });
    return [[fieldTitle(request, name, field), value]];
  });
