import type { PageSpec } from '../core/kernel/registry/page.ts';
import type { Registry } from '../core/kernel/registry/registry.ts';

/** Characters of one page's keywords at most: they are in the navigation of every page. */
const most = 240;

const written = new WeakMap<Registry, Map<string, string>>();

/**
 * What a page is found by, as its `data-keywords` say it: its own words, those of its view, and the names and words of
 * what can be done there, from the registrations and cut to a bounded length (UNI-03, UNI-04, UNI-06).
 */
export function keywordsOf(registry: Registry, place: PageSpec): string {
  const known = written.get(registry) ?? new Map<string, string>();
  written.set(registry, known);
  const text = known.get(place.path) ?? join(phrasesOf(registry, place));
  known.set(place.path, text);
  return text;
}

/** The domains whose functions are used from a page. */
export function domainsOf(registry: Registry, { view, domains = [] }: PageSpec): readonly string[] {
  return [registry.views.get(view)?.spec.domain ?? '', ...domains];
}

function phrasesOf(registry: Registry, place: PageSpec): string[] {
  const domains = domainsOf(registry, place);
  const actions = [...registry.actions.values()].map(({ spec }) => spec);
  const here = domains.flatMap(domain => actions.filter(spec => spec.domain === domain));
  return [
    ...place.keywords,
    ...domains,
    ...here.map(spec => spec.name),
    ...(registry.views.get(place.view)?.spec.keywords ?? []),
    ...here.flatMap(spec => spec.keywords ?? []),
  ];
}

/** Each word once, as many as there is room for: the bar looks for the beginnings of words. */
function join(phrases: readonly string[]): string {
  let text = '';
  for (const word of new Set(phrases.flatMap(phrase => phrase.toLowerCase().split(/[\s_]+/)))) {
    const longer = text === '' ? word : `${text} ${word}`;
    if (longer.length > most) break;
    text = longer;
  }
  return text;
}
