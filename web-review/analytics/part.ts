import type { Line, Picture } from '../../core/analytics/pictures.ts';
import type { Content } from '../html.ts';

export interface Column {
  title: string;
  /** A number stands at the right. */
  isNumber?: boolean;
  /** Left out on a phone, where there is no room for it. */
  isWide?: boolean;
  cell(line: Line): Content;
}

/** Something that is chosen on a page of figures, as its list is asked for it. */
export interface Choice {
  name: string;
  label: string;
  /** What is asked for, and what it is called; '' asks for nothing. */
  options: readonly (readonly [string, string])[];
}

/** One page of figures: which list it shows, in which columns, and what of it is drawn. */
export interface Part {
  name: string;
  label: string;
  view: string;
  params?: Readonly<Record<string, string>>;
  /** Whether it is asked for a period. */
  hasSpan: boolean;
  hint: string;
  columns: readonly Column[];
  /** What of it is drawn. */
  picture?: Picture | undefined;
  /** What else can be chosen, each one of some words; the first when nothing is. */
  choices?: readonly Choice[];
  /** Where nothing is to be shown. */
  empty: string;
}
