/** What the version before still uses, and a migration takes away: a statement, and what to do instead. */
const contractions: readonly { what: string; pattern: RegExp; instead: string }[] = [
  {
    what: 'drops a table',
    pattern: /\bdrop\s+table\b/i,
    instead: 'drop it in the release after the one that stops using it',
  },
  {
    what: 'drops a column',
    pattern: /\bdrop\s+column\b/i,
    instead: 'drop it in the release after the one that stops naming it',
  },
  {
    what: 'renames',
    pattern: /\brename\s+(to|column|constraint)\b/i,
    instead: 'add the new one, write both, and drop the old one a release later',
  },
  {
    what: 'changes the type of a column',
    pattern: /\balter\s+column\s+"?\w+"?\s+(set\s+data\s+)?type\b/i,
    instead: 'add a column of the new type, write both, and drop the old one a release later',
  },
  {
    what: 'makes a column needed',
    pattern: /\bset\s+not\s+null\b/i,
    instead: 'give it a default first; make it needed a release later',
  },
  {
    what: 'adds a column that must be given',
    pattern:
      /\badd\s+column\s+(?:if\s+not\s+exists\s+)?"?\w+"?\s+(?![^,;]*\b(?:default|generated)\b)[^,;]*\bnot\s+null\b/i,
    instead: 'give it a default: the version before does not name it',
  },
  {
    what: 'takes a right away',
    pattern: /\brevoke\b(?![^;]*\bfrom\s+public\b)/i,
    instead: 'take it away in the release after the one that stops using it',
  },
  {
    what: 'drops a function',
    pattern: /\bdrop\s+function\b/i,
    instead: 'leave it until the release after; give one with other arguments another name',
  },
];

/** Why the version before would fail while this migration has run and it has not been replaced; empty when it would not. */
export function findContractions(text: string): string[] {
  const statements = text.replace(/--.*$/gm, '').replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''");
  // What a migration makes itself nobody uses yet.
  return contractions
    .filter(({ pattern }) => pattern.test(statements))
    .map(({ what, instead }) => `${what}: ${instead}`);
}

/**
 * Migrations after the first release are subject to the rule. Those before it ran while nobody was there to be replaced.
 */
export const firstRelease = '20261130040000';

/** Contracting migrations, each with why nobody misses what it takes away. */
export const contracting: Readonly<Record<string, string>> = {
  '20261130040200_audit_log__partition.sql':
    'what bears the old name from then on takes what the old one took; nobody has rights on its parts',
  '20261209000000_search__found_first.sql':
    'no version calls search_best; the functions that do are replaced with it, and answer as before',
  '20261210000000_search__parts_at_once.sql':
    'no version calls search_found; the functions that do are replaced with it, and answer as before',
};
