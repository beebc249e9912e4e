import { singularOf } from './plural.ts';

/**
 * Where in an input something stands, for people and agents: `"notes"`, `the second tag`, `the value of the first attribute`,
 * `"gate" in the custom fields`.
 */
export function placeInWords([first = '', ...steps]: readonly string[]): string {
  if (steps.length === 0) return `"${first}"`;
  let place: Place = { noun: plain(first), where: '', kind: 'member' };
  for (const step of steps) place = inside(place, step);
  return withArticle(place);
}

interface Place {
  noun: string;
  /** ` of the first attribute` */
  where: string;
  kind: 'member' | 'item' | 'own';
}

/** One step further in. What stands in a member that is no list may have any name, so that is quoted. */
function inside({ noun, where, kind }: Place, step: string): Place {
  const whole = withArticle({ noun, where, kind });
  if (/^[0-9]+$/.test(step)) {
    const place = ordinalOf(Number(step) + 1);
    if (kind === 'member') return { noun: `${place} ${singularOf(noun)}`, where, kind: 'item' };
    return { noun: `${place} item`, where: ` of ${whole}`, kind: 'item' };
  }
  if (kind === 'item') return { noun: plain(step), where: ` of ${whole}`, kind: 'member' };
  return { noun: `"${step}"`, where: ` in ${whole}`, kind: 'own' };
}

const withArticle = ({ noun, where, kind }: Place): string =>
  `${kind === 'own' ? '' : 'the '}${noun}${where}`;

const plain = (name: string): string => name.replaceAll('_', ' ');

const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** `first`, `22nd`. */
const ordinalOf = (count: number): string =>
  ordinals[count - 1] ??
  `${count}${endings[new Intl.PluralRules('en', { type: 'ordinal' }).select(count)] ?? 'th'}`;
