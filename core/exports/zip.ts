import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file that goes into a zip; its bytes are asked for when its turn comes. */
export interface ZippedFile {
  name: string;
  bytes(): AsyncIterable<Buffer>;
}

/**
 * Writes files into one zip, each read while the one before is written, so that memory stays flat. `to` is ended. Answers the
 * length and checksum of the whole; throws what the reading or writing throws, and then `to` is destroyed.
 */
export async function writeZip(
  to: Writable,
  moment: Date,
  files: readonly ZippedFile[],
): Promise<{ bytes: number; sha256: string }> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const whole = Readable.from(zip.outputStream);
  zip.on('error', error => whole.destroy(error));
  for (const { name, bytes } of files) {
    zip.addReadStreamLazy(name, { mtime: moment, compressionLevel: 3 }, give => {
      const stream = Readable.from(bytes(), { objectMode: false });
      stream.on('error', error => whole.destroy(error));
      give(null, stream);
    });
  }
  zip.end();
  const sum = new Sum();
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) yield sum.add(chunk);
  };
  await pipeline(whole, counted, to);
  return sum.ended();
}

/** Length and checksum of what goes by. */
export class Sum {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(bytes: Buffer): Buffer {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    return bytes;
  }

  ended = (): { bytes: number; sha256: string } => ({ bytes: this.#bytes, sha256: this.#hash.digest('hex') });
}
