import { z } from 'zod';
import type { Field } from '../../core/kernel/records/field-shape.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { type PageRequest, readList } from '../site.ts';
import { plain } from '../words.ts';
import { mayBrowse, nameOf } from './kind.ts';
import { type Names, readNames } from './names.ts';
import { type ShownRow, saidOf } from './value.ts';

const anyRow = z.looseObject({ id: z.string() });

/** What a form offers for its fields: the words of a choice, the people of the business, names of what is pointed to. */
export interface Offers {
  names: Names;
  /** The values a field can have and how they are shown; undefined for what is typed. */
  options(name: string, field: Field): readonly (readonly [string, string])[] | undefined;
}

/** For a form whose fields are all typed. */
export const noOffers: Offers = {
  names: { link: () => '', text: () => undefined, reference: () => undefined },
  options: () => undefined,
};

type Options = readonly (readonly [string, string])[];

const yesNo: Options = [
  ['yes', 'yes'],
  ['no', 'no'],
];

/** Reads what a form offers. Rows that have no reference to type, such as the people of the business, are chosen from a list. */
export async function readOffers(
  request: PageRequest,
  { record, fields, row }: { record: RecordSpec; fields: readonly [string, Field][]; row: ShownRow },
): Promise<Offers> {
  const { records } = request.site.app.registry;
  const chosen = fields.flatMap(([, { to }]) => {
    const parent = to && records.get(to.record);
    return parent && !parent.reference && mayBrowse(request, parent) ? [parent] : [];
  });
  const [names, ...lists] = await Promise.all([
    readNames(request, [{ record, rows: [row] }]),
    ...[...new Set(chosen)].map(async parent => [parent.name, await allOf(request, parent)] as const),
  ]);
  const known = new Map<string, Options>(lists);
  return {
    names,
    options(_name, field) {
      const { kind, options, to } = field;
      if (kind === 'choice') return options?.map(word => [word, plain(saidOf(field, word))] as const);
      if (kind === 'boolean') return yesNo;
      return to && known.get(to.record);
    },
  };
}

async function allOf(request: PageRequest, parent: RecordSpec): Promise<Options> {
  const { rows } = await readList(request, parent.plural, anyRow, { limit: 100 });
  return rows.map(row => [row.id, nameOf(parent, row)] as const);
}
