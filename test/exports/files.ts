import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { whileWorking } from '../support/letters.ts';
import type { Office } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { filesIn } from './archives.ts';

const state = z.object({ reference: z.string(), status: z.string() });

/** Lets a worker write the files that were asked for, until none waits. */
export async function writeFiles(office: Office, owner: Caller): Promise<void> {
  const states = async () =>
    z
      .array(state)
      .parse(await office.read(owner, 'exports', { fields: Object.keys(state.shape), limit: 100 }));
  await whileWorking(office, async () => {
    await vi.waitFor(async () => {
      expect((await states()).map(({ status }) => status)).not.toContain('waiting');
    }, soon);
  });
}

const part = z.object({ bytes: z.string(), parts: z.number(), size_bytes: z.number(), name: z.string() });

/** The file of an export as its owner fetches it, part after part. */
export async function fetchFile(office: Office, owner: Caller, export_id: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let number = 0, parts = 1; number < parts; number++) {
    const [row] = await office.read(owner, 'export_file', { params: { export_id, part: number } });
    const read = part.parse(row);
    parts = read.parts;
    chunks.push(Buffer.from(read.bytes, 'base64'));
  }
  return Buffer.concat(chunks);
}

/** What is in the file of an export, by name. */
export async function unzipped(
  office: Office,
  owner: Caller,
  { export_id, folder }: { export_id: string; folder: string },
): Promise<Map<string, string>> {
  const file = path.join(folder, `${newId()}.zip`);
  await writeFile(file, await fetchFile(office, owner, export_id));
  return new Map([...(await filesIn(file))].map(([name, bytes]) => [name, bytes.toString()]));
}
