import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { answers, question } from './csv/answers.ts';
import { askOfKind } from './csv/ask.ts';
import { isOurs } from './csv/ours.ts';
import { requireRows } from './csv/require-rows.ts';
import { custom, kinds, skip, targetsOf } from './csv/targets.ts';
import { understand } from './csv/understand.ts';
import { bytesOf, fileInput, importWords, mappingInput } from './csv.ts';
import { cut } from './square/text.ts';

const shown = 20;

/** Looks at a file of another program and writes nothing: what it is, how its columns would be read, and what has to be asked. */
export const previewCsv = defineAction({
  domain: 'import',
  name: 'preview_csv',
  summary:
    'Look at a file before import.csv: program, kind, columns and what they are read as, first rows, questions.',
  input: z.strictObject({ ...fileInput, mapping: mappingInput.optional(), answers: answers.optional() }),
  output: z.object({
    format: z.enum(['csv', 'vcard', 'ics']),
    encoding: z.string(),
    separator: z.string(),
    heading_in_line: z.number(),
    /** The program it is from, as far as its columns tell. */
    source: z.string().nullable(),
    kind: z.enum(kinds),
    rows: z.number(),
    /** Rows that cannot be read as rows at all. */
    broken_rows: z.number(),
    mapping: mappingInput,
    /** Whether such a file was imported before, and its mapping is that of then. */
    remembered: z.boolean(),
    columns: z.array(z.string()),
    first_rows: z.array(z.array(z.string())),
    fields: z.array(z.object({ name: z.string(), title: z.string() })),
    custom_fields: z.array(z.string()),
    questions: z.array(question),
    answers,
    /** What the file tells by itself. */
    told: answers.pick({ date_order: true, decimal_sign: true }),
    next: z.string(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  why_not_undone: 'looking at a file changes nothing',
  verb: 'look at',
  past: 'looked at',
  object: 'a file to import',
  example: { content: 'Name,E-mail,Phone\nAda Byron,ada@example.com,\n' },
  roles: roles.filter(role => role !== 'technician'),
  keywords: ['mapping', 'columns', 'look', 'understand', ...importWords],
  async run(context, input) {
    context.unchanged();
    const sheet = await understand(context, { ...input, bytes: bytesOf(input) });
    requireRows(sheet.table);
    if (!isOurs(sheet)) await askOfKind(context, sheet);
    const { table, questions } = sheet;
    return {
      format: table.format,
      encoding: table.encoding,
      separator: table.separator,
      heading_in_line: table.header_line,
      source: sheet.came_as?.title ?? null,
      kind: sheet.kind,
      rows: sheet.rows.length,
      broken_rows: sheet.refused.length,
      mapping: sheet.mapping,
      remembered: sheet.is_remembered,
      columns: table.columns.map(({ name }) => name),
      first_rows: sheet.rows.slice(0, shown).map(({ cells }) => cells.map(cell => cut(cell, 200))),
      fields: [
        ...targetsOf(context, sheet.kind).map(({ name, title }) => ({ name, title })),
        { name: custom, title: 'Custom field' },
        { name: skip, title: 'Left out' },
      ],
      custom_fields: sheet.customs.map(({ name }) => name),
      questions,
      answers: sheet.answers,
      told: sheet.told,
      next:
        questions.length > 0
          ? 'Ask the owner the questions, then import.csv with the same content and answers.'
          : 'import.csv with the same content; only a column that is read wrongly needs a mapping.',
    };
  },
});
