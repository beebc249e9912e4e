import type { Role } from '../pipeline/context.ts';

/** In the order people meet them; those of developers last. */
export type PageGroup = 'tab' | 'add' | 'work' | 'business' | 'assistant' | 'developers';

/** A page people open, as navigation and search know it (UNI-03, UNI-04). */
export interface PageSpec {
  /** `/review` */
  path: string;
  /** One or two words, as the navigation shows them. */
  label: string;
  summary: string;
  /** Words people would look for it by. */
  keywords: readonly string[];
  /** The view it shows: whoever may read that may open the page. */
  view: string;
  /** Views whose single rows have a page, and below which path: `{tickets: '/tickets'}`. */
  opens?: Readonly<Record<string, string>>;
  /** Domains whose functions are used from here, besides that of the view. */
  domains?: readonly string[];
  /** Only for those who decide about what agents ask for. */
  decides?: boolean;
  /** Only for these roles, where more may read the view. */
  roles?: readonly Role[];
  /**
   * Where it stands in the navigation: a tab of every page, what is added with the plus, or a group of the page that leads
   * everywhere. Without one it is reached by search and links.
   */
  group?: PageGroup;
  /** Roles that have it as a tab, where its group is another one. */
  tab_for?: readonly Role[];
  /** Addresses of other pages that belong below this one: its tab is the current one there. */
  covers?: readonly string[];
  /** The action behind a page that adds something: who may not do that is not led there. */
  adds?: string;
}
