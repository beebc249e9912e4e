import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { DeskhandError } from '../kernel/words/errors.ts';
import {
  type ArchiveFile,
  type ArchiveTable,
  formatVersion,
  type Manifest,
  manifest,
  manifestName,
} from './format.ts';
import { Sum } from './zip.ts';

/** An archive that has been looked through: all that its manifest names is there, and nothing else. */
export interface Archive {
  manifest: Manifest;
  /** The lines of a table, some together as one JSON array. */
  rows(table: ArchiveTable): AsyncGenerator<{ json: string; count: number }>;
  close(): void;
}

/** A manifest names tables and columns: one of this size is none of ours. */
const manifestLimit = 16 << 20;
/** So much is put into a table by one statement, in characters or rows. */
const atOnce = { chars: 1 << 20, rows: 2000 };
/** No row of ours comes near: more of it without an end of line is not a file of lines. */
const longestLine = 256 << 20;

/**
 * Opens an archive and compares every file in it with its checksum, before anybody believes a word of it. Throws
 * VALIDATION_ERROR with what is wrong: no archive of a business, cut off, changed since, or written by a newer Deskhand.
 */
export async function openArchive(path: string): Promise<Archive> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch(error => {
    if (codeOf(error) !== undefined) throw error;
    throw broken('This file is no archive of a business, and no backup, or its end is missing.');
  });
  try {
    const entries = await entriesOf(zip);
    const found = await readManifest(zip, entries);
    await compareFiles(zip, entries, found);
    return {
      manifest: found,
      rows: table => rowsOf(zip, entryOf(entries, table.file)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    if (error instanceof DeskhandError) throw error;
    throw broken('This archive is damaged: part of it cannot be read.');
  }
}

/** The files of a zip by their names. Throws VALIDATION_ERROR when a name comes twice. */
export async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw broken(`${entry.fileName} is in this archive twice.`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}

/** Throws VALIDATION_ERROR when it is not there. */
export function entryOf(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (!entry) throw broken(`${name} is missing in this archive.`);
  return entry;
}

async function readManifest(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<Manifest> {
  if (!entries.has(manifestName))
    throw broken('This file is no archive of a business: it has no manifest.json.');
  const entry = entryOf(entries, manifestName);
  if (entry.uncompressedSize > manifestLimit) throw broken('The manifest of this archive is too large.');
  const chunks: Buffer[] = [];
  for await (const chunk of await open(zip, entry)) chunks.push(chunk);
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const version =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'format_version') : undefined;
  if (typeof version === 'number' && version > formatVersion) throw newer();
  const read = manifest.safeParse(value);
  if (!read.success) throw broken('The manifest of this archive is not one that Deskhand writes.');
  return read.data;
}

/** An archive of a version that did not exist when this one was made. */
export const newer = () =>
  new DeskhandError('VALIDATION_ERROR', 'This archive was written by a newer Deskhand than this one.', {
    hint: 'Update this installation (npm install -g deskhand@latest), then restore again. Nothing was changed.',
  });

/** Throws VALIDATION_ERROR unless exactly these files are there, each as it was written. */
export async function compareFiles(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  { tables, documents }: Record<'tables' | 'documents', readonly ArchiveFile[]>,
): Promise<void> {
  const named = [...tables, ...documents];
  const known = new Set([manifestName, ...named.map(({ file }) => file)]);
  const strange = [...entries.keys()].find(name => !known.has(name));
  if (strange !== undefined) throw broken(`${strange} is in this archive and not in its manifest.`);
  for (const { file, bytes, sha256 } of named) {
    const sum = new Sum();
    for await (const chunk of await open(zip, entryOf(entries, file))) sum.add(chunk);
    const is = sum.ended();
    if (is.bytes !== bytes || is.sha256 !== sha256)
      throw broken(`${file} is not what was written: its checksum differs.`);
  }
}

/** The bytes of one file. */
export async function open(zip: ZipFile, entry: Entry): Promise<Readable> {
  return zip.openReadStreamPromise(entry);
}

/** The lines of one file, some together as one JSON array. */
export async function* rowsOf(zip: ZipFile, entry: Entry): AsyncGenerator<{ json: string; count: number }> {
  let lines: string[] = [];
  let chars = 0;
  for await (const line of linesIn(await open(zip, entry))) {
    lines.push(line);
    chars += line.length;
    if (chars < atOnce.chars && lines.length < atOnce.rows) continue;
    yield { json: `[${lines.join(',')}]`, count: lines.length };
    [lines, chars] = [[], 0];
  }
  if (lines.length > 0) yield { json: `[${lines.join(',')}]`, count: lines.length };
}

async function* linesIn(stream: Readable): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      begun.push(chunk.subarray(from, end));
      yield Buffer.concat(begun).toString('utf8');
      [begun, size, from] = [[], 0, end + 1];
    }
    begun.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longestLine) throw broken('A line of this archive has no end.');
  }
  if (size > 0) yield Buffer.concat(begun).toString('utf8');
}

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined);

/** What is wrong with an archive, and that nothing came of it. */
export const broken = (message: string) =>
  new DeskhandError('VALIDATION_ERROR', message, {
    hint: 'Nothing was restored. Copy the file once more, or use an earlier export.',
  });
