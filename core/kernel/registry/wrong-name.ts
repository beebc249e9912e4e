import { didYouMean } from '../words/did-you-mean.ts';
import { DeskhandError } from '../words/errors.ts';
import { quoteStart } from '../words/quote.ts';
import type { Registry } from './registry.ts';

type Known = Pick<Registry, 'actions' | 'workflows' | 'views' | 'records'>;

/** UNKNOWN_ACTION with the names that were meant: `create_contact` and `customer.create` mean `contact.create`. */
export function unknownAction(id: string, { actions, workflows, records }: Known): never {
  const wanted = wordsOf(id);
  const names = [...actions.keys(), ...workflows.keys()];
  const meant = [...actions.values()]
    .filter(({ spec }) => {
      const domain = [spec.domain, ...(records.get(spec.domain)?.keywords ?? [])];
      return covers([...domain, spec.name], wanted) && covers(domain, wanted, 'some');
    })
    .map(action => action.id);
  const near = meant.length > 0 ? meant.slice(0, 3) : didYouMean(id, names);
  throw new DeskhandError('UNKNOWN_ACTION', `There is no action ${quoteStart(id, 80)}.`, {
    field: 'action',
    got: id.slice(0, 80),
    did_you_mean: near.length > 0 ? near : sameDomain(id, names),
    hint: 'crm_capabilities (GET /api/capabilities) lists every action.',
  });
}

/** UNKNOWN_TYPE with the types that were meant: `customers` means `contacts`. */
export function unknownType(type: string, { views }: Known): never {
  const wanted = wordsOf(type);
  const meant = [...views.values()]
    .filter(({ spec }) => [spec.type, ...(spec.keywords ?? [])].some(name => covers([name], wanted)))
    .map(({ spec }) => spec.type);
  const spelt = meant.length > 0 ? meant : didYouMean(type, views.keys());
  const near = (spelt.length > 0 ? spelt : speakingOf(wanted, views)).slice(0, 3);
  throw new DeskhandError('UNKNOWN_TYPE', `There is no data type ${quoteStart(type, 80)}.`, {
    field: 'type',
    got: type.slice(0, 80),
    ...(near.length > 0 ? { did_you_mean: near } : { valid_options: [...views.keys()] }),
  });
}

/**
 * The lists that speak of what was wanted, where none is called so nor nearly so: those with the most of its words, in what they
 * are called before what they say of themselves. `phone_numbers` are in `contacts`.
 */
function speakingOf(wanted: readonly string[], views: Known['views']): string[] {
  const words = wanted.filter(word => word.length > 2);
  return [...views.values()]
    .map(({ spec }) => {
      const called = new Set([spec.type, ...(spec.keywords ?? [])].flatMap(name => wordsOf(name)));
      const said = new Set(wordsOf(spec.summary, 300));
      const worthOf = (word: string): number => (called.has(word) ? 2 : said.has(word) ? 1 : 0);
      return { type: spec.type, worth: words.reduce((sum, word) => sum + worthOf(word), 0) };
    })
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth)
    .map(({ type }) => type);
}

const sameDomain = (id: string, known: readonly string[]) =>
  known.filter(name => name.startsWith(`${id.split('.')[0]}.`)).slice(0, 8);

/** Whether every word (or some) of what was wanted is one of these names'. */
function covers(names: readonly string[], wanted: readonly string[], how: 'every' | 'some' = 'every') {
  const known = new Set(names.flatMap(name => wordsOf(name)));
  const isKnown = (word: string) => known.has(word);
  return wanted.length > 0 && (how === 'every' ? wanted.every(isKnown) : wanted.some(isKnown));
}

/** The words of a name in the singular: `work_orders` has `work` and `order`. */
const wordsOf = (name: string, most = 80): string[] =>
  name
    .slice(0, most)
    .toLowerCase()
    .replaceAll('e-mail', 'email')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map(word => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1'));
