import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Request, RequestHandler } from 'express';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { keepForRescue } from '../refusals.ts';
import { openRequest } from '../session.ts';
import { mayDo, type PageRequest, type Site } from '../site.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The largest file that is taken, in bytes. A list of ten thousand customers has about three million. */
const largest = 15_000_000;
/** What stands around it in a form. */
const around_bytes = 1_000_000;
export const largestWords = '15 MB';

/** A file as it came with a form. */
export interface Uploaded {
  name: string;
  bytes: Buffer;
}

const uploads = new WeakMap<Request, Uploaded>();

/** What a form with a file is for: who may send one, where they come from, and how large it may be. */
export interface UploadSpec {
  action: string;
  back: string;
  largest_bytes: number;
  tooLarge(): DeskhandError;
}

/** A list of another program. */
export const listUpload: UploadSpec = {
  action: 'import.csv',
  back: '/imports',
  largest_bytes: largest,
  tooLarge: () => tooLarge(),
};

/**
 * Reads a form with a file, for somebody who may do what it is for and for nobody else: of whoever is not signed in no byte is kept.
 * The texts of the form stand in the request's body as with every other form. Throws PAYLOAD_TOO_LARGE for what is larger
 * than is taken, before it is read where its size is said.
 */
export function readUpload(site: Site, spec: UploadSpec): RequestHandler {
  return async (request, response, next) => {
    keepForRescue(request, { wrote: '', back: spec.back });
    const pageRequest = await openRequest(site, request, response);
    if (pageRequest && mayDo(pageRequest, spec.action)) {
      const bytes = await readBody(request, spec);
      const type = request.get('content-type') ?? '';
      if (!type.startsWith('multipart/form-data')) throw notAForm();
      const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
        .formData()
        .catch(() => {
          throw notAForm();
        });
      const texts: Record<string, string> = {};
      for (const [name, value] of form) {
        if (typeof value === 'string') texts[name] = value;
        else if (value.size > 0)
          uploads.set(request, { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
      }
      request.body = texts;
    }
    next();
  };
}

const notAForm = () => invalid('file', 'This form cannot be read.', { hint: 'Choose the file once more.' });

const tooLarge = () =>
  new DeskhandError('PAYLOAD_TOO_LARGE', `This file is larger than ${largestWords}; nothing was taken.`, {
    hint: 'Divide the list into several files, each with the first line.',
  });

async function readBody(request: Request, { largest_bytes, tooLarge }: UploadSpec): Promise<Buffer> {
  const largestForm = largest_bytes + around_bytes;
  if (Number(request.get('content-length') ?? 0) > largestForm) {
    // The rest is let go by, so that the browser gets to read why.
    request.resume();
    throw tooLarge();
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > largestForm) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The file that was chosen; undefined for none. */
export const chosenFile = ({ http }: PageRequest): Uploaded | undefined => uploads.get(http);

/** The file of a form: the one that was chosen, or the one that a page carried along. Throws VALIDATION_ERROR at `file` for none. */
export async function fileOf(
  { http }: PageRequest,
  carried: Readonly<Record<string, string>>,
): Promise<Uploaded> {
  const chosen = uploads.get(http);
  if (chosen) {
    if (chosen.bytes.length > largest) throw tooLarge();
    return chosen;
  }
  const { kept = '', file_name = '' } = carried;
  if (kept === '') throw invalid('file', 'No file was chosen.', { hint: 'Choose the file first.' });
  try {
    const bytes = await unpack(Buffer.from(kept, 'base64url'), { maxOutputLength: largest });
    return { name: file_name.slice(0, 200), bytes };
  } catch {
    throw invalid('file', 'The file did not come along.', { hint: 'Choose it once more.' });
  }
}

/** A file as a page carries it along, so that it need not be chosen twice and nothing of it lies here before it is taken. */
export const keptText = async ({ bytes }: Uploaded): Promise<string> =>
  (await pack(bytes)).toString('base64url');
