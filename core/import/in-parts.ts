import { z } from 'zod';
import type { ReadQuery } from '../kernel/registry/define.ts';
import { hashOf, partsOf } from './parts.ts';

/** What came of a file so far, for whoever watches. */
export interface Progress {
  /** Null for a dry run. */
  import: string | null;
  kind: string;
  source: string;
  rows_read: number;
  taken_rows: number;
  matched_rows: number;
  refused_rows: number;
  created: number;
  read_bytes: number;
  file_bytes: number;
  /** Of the last part alone. */
  refused: { row: number; name: string; reason: string }[];
  /** What was taken otherwise than it was written, of the last part. */
  notices: { row: number; message: string }[];
  /** How many of either are not listed. */
  omitted: { refused: number; notices: number };
  /** The line the file was gone on with, of an import that was cut off before; undefined for one begun now. */
  resumed_at?: number;
  is_done: boolean;
}

/** A file that can be read from its beginning again. */
interface SourceFile {
  file_name: string;
  bytes: number;
  open(): AsyncIterable<Buffer>;
}

interface Door {
  /** `progress` hears how far a long call is: so many of so many rows are written. */
  execute(
    action: string,
    data: Record<string, unknown>,
    progress?: (done: number, of: number) => void,
  ): Promise<Record<string, unknown>>;
  /** The imports that were not read to their end. */
  unfinished(): Promise<unknown[]>;
  /** Hears how far a file is while a part of it is still written: nothing of that is refused or said yet. */
  written?(now: Progress): void;
}

const report = z.object({
  import: z.string().nullable(),
  kind: z.string(),
  source: z.string(),
  rows_read: z.number(),
  taken_rows: z.number(),
  matched_rows: z.number(),
  refused_rows: z.number(),
  created: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ refused: z.number(), notices: z.number() }),
});

const cutOff = report
  .pick({ kind: true, rows_read: true, taken_rows: true, matched_rows: true })
  .extend({ reference: z.string(), created_count: z.number(), refused_count: z.number() })
  .extend({ parts: z.number(), file_hash: z.string(), undone_at: z.string().nullable() });
type CutOff = z.infer<typeof cutOff>;

/** How `unfinished` asks for the imports: those alone, however many others there are. */
export const unfinishedImports: ReadQuery = {
  params: { is_finished: false },
  fields: Object.keys(cutOff.shape),
  limit: 100,
};

/**
 * Imports a file of any size part by part, each in a transaction of its own, and tells after each how far it is. An import of the same
 * file that was cut off is gone on with behind the last part that was taken: what was not committed is read again, what was is not.
 * How dates and amounts are written is told by the first part for all of them.
 */
export async function* importInParts(
  door: Door,
  file: SourceFile,
  said: {
    kind?: string;
    mapping?: Record<string, string>;
    answers?: Record<string, unknown>;
    dry_run?: boolean;
  },
): AsyncGenerator<Progress> {
  const isDry = said.dry_run === true;
  const before = isDry ? undefined : await findCutOff(door, file);
  const sum: Progress = {
    import: before?.reference ?? null,
    kind: before?.kind ?? said.kind ?? '',
    source: '',
    rows_read: before?.rows_read ?? 0,
    taken_rows: before?.taken_rows ?? 0,
    matched_rows: before?.matched_rows ?? 0,
    refused_rows: before?.refused_count ?? 0,
    created: before?.created_count ?? 0,
    read_bytes: 0,
    file_bytes: file.bytes,
    ...nothingSaid,
    is_done: false,
  };
  let told: Record<string, unknown> = { ...said };
  let parts = 0;
  for await (const { part, isLast } of withLast(partsOf(file.open()))) {
    parts++;
    sum.read_bytes += part.own_bytes;
    const body = { content: part.bytes.toString('base64'), encoding: 'base64' };
    if (parts === 1 && !isLast) told = { ...said, ...(await understoodBy(door, { ...body, ...said })) };
    if (before && parts <= before.parts) continue;
    if (before && parts === before.parts + 1) sum.resumed_at = part.first_row + 1;
    const read_before = sum.read_bytes - part.own_bytes;
    const data = await door.execute(
      'import.csv',
      {
        ...told,
        ...body,
        file_name: file.file_name.replace(/\s+/g, ' ').slice(0, 200),
        file_bytes: file.bytes,
        dry_run: isDry,
        ...(part.first_row > 1 ? { first_row: part.first_row } : {}),
        ...(sum.import === null ? {} : { part_of: sum.import, part: parts }),
        ...(isLast ? {} : { more: true }),
      },
      (done, of) =>
        door.written?.({
          ...sum,
          rows_read: sum.rows_read + done,
          read_bytes: read_before + Math.floor((part.own_bytes * done) / Math.max(1, of)),
          ...nothingSaid,
        }),
    );
    const taken = report.parse(data);
    for (const name of ['rows_read', 'taken_rows', 'matched_rows', 'refused_rows', 'created'] as const) {
      sum[name] += taken[name];
    }
    Object.assign(sum, {
      import: taken.import,
      kind: taken.kind,
      source: taken.source,
      refused: taken.refused,
      notices: taken.notices,
      omitted: taken.omitted,
    });
    sum.is_done = isLast;
    yield { ...sum };
  }
}

const nothingSaid = { refused: [], notices: [], omitted: { refused: 0, notices: 0 } };

/** What the first part tells of all of them. */
async function understoodBy(door: Door, data: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { dry_run: _, ...look } = data;
  const shape = z.object({
    kind: z.string(),
    answers: z.record(z.string(), z.unknown()),
    told: z.record(z.string(), z.unknown()),
  });
  const { kind, answers, told } = shape.parse(await door.execute('import.preview_csv', look));
  return { kind, answers: { ...told, ...answers } };
}

/** The import of this very file that was not read to its end, the one that came furthest. */
async function findCutOff(door: Door, file: SourceFile): Promise<CutOff | undefined> {
  const open = z
    .array(cutOff)
    .parse(await door.unfinished())
    .filter(one => one.undone_at === null);
  const most = Math.max(0, ...open.map(({ parts }) => parts));
  let found: CutOff | undefined;
  let hash: string | undefined;
  let parts = 0;
  if (most === 0) return undefined;
  for await (const { part, isLast } of withLast(partsOf(file.open()))) {
    parts++;
    hash = hashOf(part.bytes, hash);
    if (!isLast) found = open.find(one => one.parts === parts && one.file_hash === hash) ?? found;
    if (parts === most) break;
  }
  return found;
}

async function* withLast<T>(parts: AsyncIterable<T>): AsyncGenerator<{ part: T; isLast: boolean }> {
  let before: { part: T } | undefined;
  for await (const part of parts) {
    if (before) yield { ...before, isLast: false };
    before = { part };
  }
  if (before) yield { ...before, isLast: true };
}
