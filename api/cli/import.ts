import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { asExported, nothingTakenOf } from '../../core/import/square.ts';
import { counted } from '../../core/kernel/words/plural.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

const reportShape = z.object({
  import: z.string().nullable(),
  dry_run: z.boolean(),
  rows_read: z.number(),
  contacts_in_file: z.number(),
  created: z.number(),
  already_known: z.number(),
  addresses: z.number(),
  notes: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ notices: z.number() }),
});

/** `deskhand import square FILE [--dry-run]`: prints the report, refused rows included. */
export async function importSquareFile(
  config: Config,
  file: string,
  options: { dryRun?: boolean; org?: string },
): Promise<void> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message}).`);
  });
  if (bytes.length === 0) throw new Error(`${file} is empty.`);
  await withInstallation(config, async installation => {
    const { id } = await chooseBusiness(installation, options.org);
    const { data } = await installation.app.execute(
      commandLine(id),
      {
        action: 'import.square',
        data: {
          content: bytes.toString('base64'),
          encoding: 'base64',
          file_name: path.basename(file).slice(0, 200),
          dry_run: options.dryRun === true,
        },
      },
      newRequest(),
    );
    const report = reportShape.parse(data);
    print(report);
    const nothing = nothingTakenOf(report);
    if (nothing !== undefined) throw new Error(`${nothing} ${asExported}`);
  });
}

function print(report: z.infer<typeof reportShape>): void {
  const { refused, notices, omitted } = report;
  console.log(
    report.import === null
      ? `Dry run: ${counted(report.contacts_in_file - report.already_known, 'customer')} would be added from ${counted(report.rows_read, 'row')}`
      : `${report.import}: ${counted(report.created, 'customer')} added from ${counted(report.rows_read, 'row')}`,
  );
  console.log(
    `  ${counted(report.addresses, 'address')}, ${counted(report.notes, 'note')}, ${counted(report.already_known, 'customer')} known already`,
  );
  for (const { row, name, reason } of refused)
    console.log(`  row ${row} not taken: ${reason}${name ? ` (${name})` : ''}`);
  for (const { row, message } of notices) console.log(`  row ${row}: ${message}`);
  if (omitted.notices > 0) console.log(`  … and ${omitted.notices} more remarks, kept with the import`);
}
