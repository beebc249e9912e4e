import { areCompatible } from '../../contacts/names.ts';
import type { Grouping } from './group.ts';
import { nameOf, rowTitle, type SquareNotice, type SquareRow } from './row.ts';
import { buckets, pick, type SharedMarks } from './shared.ts';
import { addressKey } from './values.ts';

/** What the owner should know about the grouping: which rows became one contact and why, and who was kept apart. */
export function groupingNotices(
  rows: readonly SquareRow[],
  shared: SharedMarks,
  { groups, set_of }: Grouping,
): SquareNotice[] {
  const apart = (bucket: readonly number[]) => pick(rows, firstOfEachSet(bucket, set_of));
  return [
    ...groups.filter(group => group.length > 1).flatMap(joinedNotices),
    ...shared.emails.flatMap(bucket => sharedNotices(apart(bucket), 'e-mail address')),
    ...shared.phones.flatMap(bucket => sharedNotices(apart(bucket), 'phone number')),
    ...buckets(rows, roughPlace).flatMap(bucket => neighbourNotices(apart(bucket))),
  ];
}

function firstOfEachSet(bucket: readonly number[], set_of: (index: number) => number): number[] {
  const firsts = new Map<number, number>();
  for (const index of bucket) if (!firsts.has(set_of(index))) firsts.set(set_of(index), index);
  return [...firsts.values()];
}

function joinedNotices(group: readonly SquareRow[]): SquareNotice[] {
  const [first, ...rest] = group;
  if (first === undefined) return [];
  const held = new Map<string, number>();
  for (const row of group) {
    for (const mark of [row.square_id, ...row.emails, ...row.phones])
      held.set(mark, (held.get(mark) ?? 0) + 1);
  }
  const isShared = (mark: string) => mark !== '' && (held.get(mark) ?? 0) > 1;
  return rest.map(row => {
    const reasons = [
      isShared(row.square_id) ? 'Square Customer ID' : '',
      row.emails.some(isShared) ? 'e-mail address' : '',
      row.phones.some(isShared) ? 'phone number' : '',
    ].filter(reason => reason !== '');
    const why = reasons.length === 0 ? 'the same line twice' : `same ${reasons.join(' and ')}`;
    return {
      row: row.line,
      message: `Taken as one contact with row ${first.line}, ${rowTitle(first)} (${why}).`,
    };
  });
}

function sharedNotices([first, ...others]: SquareRow[], called: string): SquareNotice[] {
  if (first === undefined) return [];
  return others.map(row => ({
    row: row.line,
    message: areCompatible(nameOf(first), nameOf(row))
      ? `Shares the ${called} of row ${first.line}, ${rowTitle(first)}, and may be the same person; kept as two contacts because others share it too.`
      : `Shares the ${called} of row ${first.line}, ${rowTitle(first)}; kept as two contacts because the names differ.`,
  }));
}

/** Narrows down cheaply who can live at one address: house number, first letters of the street, and ZIP. */
function roughPlace({ address }: SquareRow): string[] {
  if (address === undefined || address.line1 === '') return [];
  return [`${address.line1.slice(0, 9).toLowerCase()}|${address.postal_code.slice(0, 5)}`];
}

/** Same name at the same place but neither e-mail nor phone in common: too little to join, too much to keep silent. */
function neighbourNotices(neighbours: SquareRow[]): SquareNotice[] {
  if (neighbours.length < 2) return [];
  const firsts = new Map<string, SquareRow>();
  return neighbours.flatMap(row => {
    if (row.address === undefined || nameOf(row).key === '') return [];
    const place = `${nameOf(row).key}|${addressKey(row.address)}`;
    const first = firsts.get(place);
    if (first === undefined) {
      firsts.set(place, row);
      return [];
    }
    return {
      row: row.line,
      message: `Has the name and the address of row ${first.line} but no e-mail address or phone number in common; kept as two contacts, please check.`,
    };
  });
}
