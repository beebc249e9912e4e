import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

// The kernel is machinery: what it says would be as true for a dentist. Comments may give examples of the trade.

const trade =
  /(?<![a-z])(contact|customer|ticket|visit|technician|lead|invoice|service|window|appointment|company|crew|estimate|briefing)s?(?![a-z])/gi;

/** Words of the trade that stay, by file, and why. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // Roles and kinds of actors are facts of the schema: people sign in with them, rows are written under them.
  'pipeline/context.ts': ['company', 'contact', 'customer', 'technician'],
  'pipeline/roles.ts': ['customer'],
  'registry/define.ts': ['customer'],
  'registry/create-registry.ts': ['customer'],
  // The member of a job that says whose address it goes to: the queue and its table know it by this name.
  'pipeline/gate.ts': ['company', 'contact'],
  'pipeline/recipient.ts': ['company', 'contact'],
  // Columns of the tables of links, jobs and search documents; nothing above this line of SQL calls them so.
  'outside/links.ts': ['company', 'contact', 'customer'],
  'outside/outbox.ts': ['contact'],
  'search/find-documents.ts': ['contact', 'contacts'],
  'search/index-documents.ts': ['contact'],
  // One table of error codes, which clients know.
  'registry/domain.ts': ['TICKET'],
  'words/errors.ts': ['TICKET'],
  // Everyday English, no code: words around what is looked for, and words that are no names.
  'search/query.ts': ['customer', 'customers'],
  'words/usual-words.ts': ['Estimate', 'Service', 'Visit', 'Window', 'Windows', 'lead', 'leads', 'visits'],
  // Other meanings of a word: a run of digits, a span of time, an operating system.
  'words/number-scan.ts': ['Window', 'window', 'windows'],
  'words/card-numbers.ts': ['Window', 'window', 'windows'],
  'words/social-security-numbers.ts': ['Window', 'window', 'windows'],
  'records/csv.ts': ['windows'],
  // A service outside, by which people pay; and to lead somewhere.
  'outside/connectors.ts': ['Service', 'service'],
  'outside/payment-service.ts': ['Service'],
  'outside/link-page.ts': ['Leads', 'leads'],
  // A stretch of text.
  'words/tokens.ts': ['estimate'],
};

const folder = path.join(packageRoot, 'core/kernel');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // Below postgres/, Windows is an operating system.
  .filter(name => name.endsWith('.ts') && !name.includes('postgres'))
  .map(name => name.replaceAll(path.sep, '/'))
  .sort();

/** Code and texts without comments, its names taken apart: `lockWindow` is lock and Window. */
const codeOf = (file: string) =>
  readFileSync(path.join(folder, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2');

const wordsIn = (file: string) => [...new Set(codeOf(file).match(trade))].sort();

describe('the kernel', () => {
  test.each(files)('%s has no word of the trade but those that are justified', file => {
    const known = allowed[file] ?? [];
    expect(wordsIn(file).filter(word => !known.includes(word))).toEqual([]);
  });

  test('keeps no justification longer than the word is there', () => {
    const unused = Object.entries(allowed).flatMap(([file, words]) =>
      words.filter(word => !wordsIn(file).includes(word)).map(word => `${file}: ${word}`),
    );
    expect(unused).toEqual([]);
  });
});
