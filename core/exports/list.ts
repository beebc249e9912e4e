import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { listFormats } from './record.ts';

/** Writes down that somebody takes a whole list along as a file; done by the button Export, before the first line is sent. */
export const exportList = defineAction({
  domain: 'export',
  name: 'list',
  summary: 'Take a list along as a file; done by the button Export of its page.',
  input: z.strictObject({
    type: z.string().max(60).meta({ description: 'contacts, invoices …' }),
    format: z.enum(listFormats),
  }),
  output: z.object({ type: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  verb: 'take out',
  past: 'taken out',
  object: 'a list',
  example: { type: 'contacts', format: 'csv' },
  human_only: true,
  on_page: '/records',
  keywords: ['csv', 'download', 'spreadsheet', 'excel'],
  async run(context, { type, format }) {
    if (!context.registry.views.has(type)) {
      throw invalid('type', `There is no list "${type}".`, { hint: 'Use the button Export of a list.' });
    }
    const { id } = context.organization;
    await logEntry(context, { type: 'organization', id, verb: 'exported' }, { of: type, format });
    return { type };
  },
});
