import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { kinds } from '../../core/import/csv/targets.ts';
import { type FilePart, partsOf } from '../../core/import/parts.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

const reportShape = z.object({
  import: z.string().nullable(),
  kind: z.string(),
  source: z.string(),
  rows_read: z.number(),
  taken_rows: z.number(),
  matched_rows: z.number(),
  refused_rows: z.number(),
  created: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
});

interface Options {
  dryRun?: boolean;
  org?: string;
  kind?: string;
  /** `column=field`, once or several times. */
  map?: string[];
  /** `question=answer` */
  answer?: string[];
}

/**
 * `deskhand import csv FILE [--dry-run]`: a file of any program and of any size, in parts of some thousand rows, each one
 * transaction. Prints how far it is, and every row not taken with the reason.
 */
export async function importAnyFile(config: Config, file: string, options: Options): Promise<void> {
  const kind = z.enum(kinds).optional().safeParse(options.kind);
  if (!kind.success) throw new Error(`--kind is one of ${kinds.join(', ')}.`);
  const source = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message}).`);
  });
  try {
    await withInstallation(config, async installation => {
      const { id } = await chooseBusiness(installation, options.org);
      const said = {
        ...(kind.data ? { kind: kind.data } : {}),
        ...(options.map ? { mapping: pairs(options.map, '--map') } : {}),
        ...(options.answer ? { answers: pairs(options.answer, '--answer') } : {}),
      };
      const sum = { rows_read: 0, taken_rows: 0, matched_rows: 0, refused_rows: 0, created: 0 };
      let batch: string | null = null;
      let taken: z.infer<typeof reportShape> | undefined;
      for await (const part of partsOf(source.createReadStream({ autoClose: false }))) {
        const given = { ...said, ...(taken ? { kind: taken.kind } : {}), ...dataOf(part) };
        const { data } = await installation.app.execute(
          commandLine(id),
          {
            action: 'import.csv',
            data: {
              ...given,
              file_name: path.basename(file).slice(0, 200),
              dry_run: options.dryRun === true,
              ...(batch === null ? {} : { part_of: batch }),
            },
          },
          newRequest(),
        );
        taken = reportShape.parse(data);
        batch = taken.import;
        for (const name of ['rows_read', 'taken_rows', 'matched_rows', 'refused_rows', 'created'] as const) {
          sum[name] += taken[name];
        }
        for (const { row, name, reason } of taken.refused)
          console.log(`  row ${row} not taken: ${reason}${name ? ` (${name})` : ''}`);
        if (part.is_one_of_several) console.log(`${sum.rows_read.toLocaleString('en-US')} rows …`);
      }
      if (!taken) throw new Error(`${file} is empty.`);
      console.log(
        `${batch ?? 'Dry run'}: ${sum.rows_read} rows of ${taken.source} as ${taken.kind}: ${sum.taken_rows} taken, ${sum.matched_rows} here already, ${sum.refused_rows} not taken`,
      );
    });
  } finally {
    await source.close();
  }
}

const dataOf = ({ bytes, first_row }: FilePart) => ({
  content: bytes.toString('base64'),
  encoding: 'base64',
  ...(first_row > 1 ? { first_row } : {}),
});

function pairs(given: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    given.map(text => {
      const at = text.lastIndexOf('=');
      if (at < 1)
        throw new Error(`${option} is written name=value, such as ${option} "Client=customer.full_name".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
