import { access, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { kinds } from '../../core/import/csv/targets.ts';
import { importInParts, type Progress, unfinishedImports } from '../../core/import/in-parts.ts';
import { nothingTaken } from '../../core/import/nothing-taken.ts';
import { counted, inFigures } from '../../core/kernel/words/plural.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

type HowFar = (done: number, of: number) => void;

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
 * transaction. Prints how far it is, and every row not taken with the reason. Cut off and begun again, it goes on where it was.
 */
export async function importAnyFile(config: Config, file: string, options: Options): Promise<void> {
  const kind = z.enum(kinds).optional().safeParse(options.kind);
  if (!kind.success) throw new Error(`--kind is one of ${kinds.join(', ')}.`);
  const { size } = await access(file, constants.R_OK)
    .then(() => stat(file))
    .catch((error: NodeJS.ErrnoException) => {
      throw new Error(`${file} cannot be read (${error.code ?? error.message}).`);
    });
  await withInstallation(config, async ({ app, ...installation }) => {
    const { id } = await chooseBusiness({ app, ...installation }, options.org);
    const caller = commandLine(id);
    const door = {
      execute: async (action: string, data: Record<string, unknown>, progress?: HowFar) =>
        (await app.execute(caller, { action, data }, { ...newRequest(), ...(progress ? { progress } : {}) }))
          .data,
      unfinished: async () => (await app.read(caller, 'imports', unfinishedImports, newRequest())).rows,
      // Where the bar stays in its line, it moves while a part is written.
      written: (now: Progress) => {
        if (process.stdout.isTTY) showHowFar(now);
      },
    };
    const said = {
      ...(kind.data ? { kind: kind.data } : {}),
      ...(options.map ? { mapping: pairs(options.map, '--map') } : {}),
      ...(options.answer ? { answers: pairs(options.answer, '--answer') } : {}),
      ...(options.dryRun ? { dry_run: true } : {}),
    };
    const opened = {
      file_name: path.basename(file),
      bytes: size,
      open: () => read(file),
    };
    let last: Progress | undefined;
    for await (const now of importInParts(door, opened, said)) {
      if (now.resumed_at !== undefined && last === undefined) {
        console.log(`${now.import ?? ''} was cut off; it goes on at line ${count(now.resumed_at)}.`);
      }
      last = now;
      showHowFar(now);
    }
    if (!last) throw new Error(`${file} is empty.`);
    console.log(
      `${last.import ?? 'Dry run'}: ${counted(last.rows_read, 'row')} of ${last.source} as ${last.kind}: ${inFigures(last.taken_rows)} taken, ${inFigures(last.matched_rows)} here already, ${inFigures(last.refused_rows)} not taken`,
    );
    const nothing = nothingTaken({ ...last, dry_run: options.dryRun === true });
    if (nothing !== undefined) throw new Error(`${nothing} ${whatToDo}`);
  });
}

const whatToDo =
  'Give a table: the names of its columns in the first line, a row in each of the others. Say with --map what they are (--map "Client=full_name"), or mend the rows, and run it again.';

/** A stream says "premature close" to who stops reading in the middle. */
async function* read(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(1 << 18));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const count = (number: number) => number.toLocaleString('en-US');
const bar_width = 30;

/** The rows that were not taken or not as they were written, and a bar: one that stays in its line where that can be, else a line for each part. */
function showHowFar(now: Progress): void {
  const { refused, notices, omitted, rows_read, read_bytes, file_bytes, is_done } = now;
  const { stdout } = process;
  if (stdout.isTTY) stdout.write('\r\x1b[2K');
  for (const { row, name, reason } of refused)
    console.log(`  row ${row} not taken: ${reason}${name ? ` (${name})` : ''}`);
  for (const { row, message } of notices) console.log(`  row ${row}: ${message}`);
  const more = omitted.refused + omitted.notices;
  if (more > 0) console.log(`  … and ${count(more)} more such lines`);
  const part = file_bytes === 0 ? 1 : Math.min(1, read_bytes / file_bytes);
  const full = Math.round(part * bar_width);
  const bar = `[${'#'.repeat(full)}${'.'.repeat(bar_width - full)}] ${Math.floor(part * 100)} %, ${count(rows_read)} rows`;
  if (stdout.isTTY) stdout.write(is_done ? '' : bar);
  else if (!is_done) console.log(bar);
}

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
