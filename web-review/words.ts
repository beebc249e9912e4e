/**
 * What people call things whose names in the interfaces are others. Agents keep their vocabulary; whatever a page takes from
 * registrations (names of actions, nouns, fields, summaries) it says through `plain`.
 */
const spoken: readonly (readonly [string, string, string])[] = [
  ['contact merge', 'merge of customers', 'merges of customers'],
  ['lead form', 'website form', 'website forms'],
  ['time entry', 'clocked time', 'clocked times'],
  ['authorization request', 'approval', 'approvals'],
  ['closeout session', 'close-out', 'close-outs'],
  ['ticket', 'visit', 'visits'],
  ['contact', 'customer', 'customers'],
  ['lead', 'inquiry', 'inquiries'],
  ['outbox', 'sent mail', 'sent mail'],
  ['dead', 'failed', 'failed'],
  ['row', 'line', 'lines'],
  ['file hash', 'file', 'files'],
];

const plurals: Readonly<Record<string, string>> = { 'time entry': 'time entries' };

const words = new Map(
  spoken.flatMap(([name, one, many]) => [[name, one] as const, [plurals[name] ?? `${name}s`, many] as const]),
);
const known = new RegExp(
  `\\b(?:(an?) )?(${[...words.keys()].sort((a, b) => b.length - a.length).join('|')})\\b`,
  'gi',
);

/** A text of ours in the words of people: `Delete contact` is “Delete customer”. Never for what people wrote themselves. */
export const plain = (text: string): string =>
  spelt(text).replace(known, (_, article: string | undefined, found: string) => {
    const said = words.get(found.toLowerCase()) ?? found;
    const cased = /^[A-Z]/.test(found) ? capital(said) : said;
    return article === undefined ? cased : `${articleOf(article, said)} ${cased}`;
  });

/** The article a word takes where another stood: a lead is an inquiry. */
function articleOf(article: string, said: string): string {
  const one = /^[aeiou]/i.test(said) ? 'an' : 'a';
  return /^A/.test(article) ? capital(one) : one;
}

/**
 * Names as words: in a sentence `send_at` is “the send time” and `contact_id` “contact”; `dry_run` is “dry run”, and
 * `invoice.create_from_ticket`, which does something, is its verb in marks.
 */
const spelt = (text: string): string =>
  text
    .replace(/\b[a-z]+(?:_[a-z]+)*\.([a-z]+(?:_[a-z]+)*)\b/g, '“$1”')
    .replace(/\b([a-z]+(?:_[a-z]+)*)_at\b/g, 'the $1 time')
    .replace(/(?<=[a-z])_ids?\b/g, '')
    .replaceAll('_', ' ');

import { capital } from '../core/kernel/words/capital.ts';
