import { countable } from '../../core/analytics/aggregate.ts';
import type { Line, Picture } from '../../core/analytics/pictures.ts';
import { monthSaid } from '../../core/analytics/pictures.ts';
import { wholeMoney } from '../../core/analytics/short-money.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { words } from '../format.ts';
import { mayBrowse } from '../records/kind.ts';
import { fieldTitle } from '../records/value.ts';
import { type PageRequest, textOf } from '../site.ts';
import { plain } from '../words.ts';
import type { Part } from './part.ts';

const whole = (record: RecordSpec): string => capital(plain(record.nouns));

/**
 * The page that counts any list (ANA-09): the lists this person may read, and what the chosen one can be counted by and summed up. What
 * is asked of another list than it belongs to is left out.
 */
export function countPart(request: PageRequest): Part {
  const { query } = request.http;
  const { registry } = request.site.app;
  const records = [...registry.records.values()]
    .filter(record => registry.views.has(record.plural) && mayBrowse(request, record))
    .sort((a, b) => whole(a).localeCompare(whole(b), 'en'));
  const wanted = textOf(query, 'list');
  const record = records.find(({ plural }) => plural === (wanted === '' ? 'tickets' : wanted)) ?? records[0];
  const { by = [], sum = [] } = record ? countable(record) : {};
  const titled = (names: readonly string[]) =>
    names.map(name => [name, fieldTitle(request, name, record?.fields[name])] as const);
  const isSummed = sum.includes(textOf(query, 'sum'));
  const said = (line: Line): string => {
    const amount = isSummed ? line.sum : line.count;
    if (typeof amount !== 'number') return '–';
    return isSummed && line.currency !== ''
      ? wholeMoney(amount, line.currency)
      : amount.toLocaleString('en-US');
  };
  const groupOf = ({ group }: Line): string => {
    if (typeof group !== 'string' || group === '') return textOf(query, 'by') === '' ? 'all' : 'none';
    return /^\d{4}-\d{2}$/.test(group)
      ? monthSaid(group)
      : group === 'true'
        ? 'yes'
        : group === 'false'
          ? 'no'
          : words(group);
  };
  return {
    name: 'count',
    label: 'Count',
    view: 'aggregate',
    hasSpan: false,
    hint: 'Any list, counted by what its lines say. Choose a list and press Show, then by what.',
    choices: [
      {
        name: 'list',
        label: 'List',
        options: [
          ...(record ? [[record.plural, whole(record)] as const] : []),
          ...records.filter(each => each !== record).map(each => [each.plural, whole(each)] as const),
        ],
      },
      { name: 'by', label: 'By', options: [['', 'nothing, all of it'], ...titled(by)] },
      { name: 'sum', label: 'Sum of', options: [['', 'nothing'], ...titled(sum)] },
    ],
    columns: [
      { title: 'What', cell: groupOf },
      {
        title: 'How many',
        isNumber: true,
        cell: ({ count }) => (typeof count === 'number' ? count.toLocaleString('en-US') : ''),
      },
      ...(isSummed ? [{ title: 'Sum', isNumber: true, cell: said }] : []),
    ],
    picture: pictureOf(groupOf, isSummed, said),
    empty: 'There is nothing in this list.',
  };
}

const pictureOf = (
  label: (line: Line) => string,
  isSummed: boolean,
  said: (line: Line) => string,
): Picture => ({
  name: 'count',
  label: 'Count',
  view: 'aggregate',
  bar: line => {
    const amount = isSummed ? line.sum : line.count;
    return { label: label(line), amount: typeof amount === 'number' ? amount : 0, said: said(line) };
  },
  now: isSummed ? 'sum' : 'how many',
  ...(isSummed ? {} : { isCount: true as const }),
});
