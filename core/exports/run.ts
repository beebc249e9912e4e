import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { capital } from '../kernel/words/capital.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { askedExport, askForFile } from './ask.ts';
import { listFormats } from './record.ts';

/**
 * Takes everything of the business out, or whole lists of it: a job writes one file, which the owner fetches on the page /exports
 * for seven days. Asked for by an agent, an owner allows it each time. Throws CONFLICT while the same is being written,
 * VALIDATION_ERROR for a list there is not.
 */
export const runExport = defineAction({
  domain: 'export',
  name: 'run',
  summary:
    'Write everything of the business, or some lists, into one file, which the owner fetches on /exports.',
  input: z.strictObject({
    types: z
      .array(z.string().max(60))
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'contacts, invoices …; everything, to be restored, when left out' }),
    format: z.enum(listFormats).optional().meta({ description: 'of lists; csv when left out' }),
  }),
  output: askedExport,
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  verb: 'take out',
  past: 'taken out',
  object: 'lists of the business',
  says: '{title} of the business',
  example: { types: ['contacts', 'invoices'], format: 'csv' },
  roles: ['owner'],
  on_page: '/exports',
  keywords: ['download everything', 'backup', 'leave', 'move away', 'all data', 'csv', 'spreadsheet'],
  async run(context, { types, format }) {
    const about = { type: 'organization', id: context.organization.id };
    if (types === undefined) {
      if (format !== undefined)
        throw invalid('format', 'Everything is written in one way, to be restored.', {
          hint: 'Say which lists by types, or leave format out.',
        });
      return askForFile(context, { kind: 'everything', title: 'Everything', about });
    }
    const lists = listsNamed(context, types);
    return askForFile(context, {
      kind: 'lists',
      lists,
      format: format ?? 'csv',
      title: titleOf(context, lists),
      about,
    });
  },
});

/** The lists of records, as they are called; each once, in the order of their names. */
function listsNamed({ registry }: Context, types: readonly string[]): string[] {
  const known = [...registry.records.values()].map(({ plural }) => plural).sort();
  const strange = types.find(type => !known.includes(type));
  if (strange !== undefined) {
    const near = didYouMean(strange, known);
    throw invalid('types', `There is no list "${strange}".`, {
      got: strange,
      ...(near.length > 0 ? { did_you_mean: near } : {}),
      valid_options: known,
    });
  }
  return [...new Set(types)].sort();
}

/** `Customers, invoices and 3 more lists` */
function titleOf({ registry }: Context, lists: readonly string[]): string {
  const records = [...registry.records.values()];
  const names = lists.map(name => records.find(({ plural }) => plural === name)?.nouns ?? name);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more lists`] : names;
  const title = [shown.slice(0, -1).join(', '), ...shown.slice(-1)].filter(Boolean).join(' and ');
  return capital(title);
}
