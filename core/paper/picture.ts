import { crc32, inflateSync } from 'node:zlib';

/** What a picture is, by its bytes. */
export interface Picture {
  content_type: 'image/png' | 'image/jpeg';
  width: number;
  height: number;
}

/** Why bytes are no picture that can be drawn, in a sentence for whoever chose the file. */
export class NoPicture extends Error {}

/** More pixels on a side nobody prints; more altogether take too long to unpack for each paper. */
const longestSide = 4000;
const mostPixels = 4_000_000;

/**
 * Reads what a picture is from its bytes, whatever its file is called, and that it is whole: what is drawn on every bill must not
 * fail there. PNG is unpacked to its last row, for what draws it trusts it. Throws NoPicture.
 */
export function readPicture(bytes: Buffer): Picture {
  const picture = bytes.subarray(0, 8).equals(pngStart) ? readPng(bytes) : readJpeg(bytes);
  const { width, height } = picture;
  if (width > longestSide || height > longestSide || width * height > mostPixels)
    throw new NoPicture(
      `It is ${width} × ${height} pixels, which is too large. Make it smaller: 800 pixels wide is plenty.`,
    );
  return picture;
}

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const broken = () =>
  new NoPicture('This file is broken. Open it in a picture program, and save it once more.');

/** How many values a pixel has, by the color type of a PNG. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function readPng(bytes: Buffer): Picture {
  const chunks = chunksOf(bytes);
  const [head] = chunks;
  if (head?.type !== 'IHDR' || head.data.length !== 13 || chunks.at(-1)?.type !== 'IEND') throw broken();
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)];
  const [depth = 0, color = 0, , , interlace = 0] = head.data.subarray(8);
  const perPixel = samples[color];
  if (width === 0 || height === 0 || perPixel === undefined) throw broken();
  if (interlace !== 0)
    throw new NoPicture('It is an interlaced PNG. Save it once more without interlacing, or as a JPEG.');
  if (color === 3 && !chunks.some(({ type }) => type === 'PLTE')) throw broken();
  if (width > longestSide || height > longestSide) return { content_type: 'image/png', width, height };
  requireRows(chunks, { row_bytes: 1 + Math.ceil((width * perPixel * depth) / 8), height });
  return { content_type: 'image/png', width, height };
}

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = pngStart.length; at < bytes.length; ) {
    if (at + 12 > bytes.length) throw broken();
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end))
      throw broken();
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, end) });
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  throw broken();
}

/** Every row is there, and begins with a filter there is. */
function requireRows(
  chunks: readonly { type: string; data: Buffer }[],
  { row_bytes, height }: { row_bytes: number; height: number },
): void {
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unpack(packed, row_bytes * height);
  if (rows.length !== row_bytes * height) throw broken();
  for (let at = 0; at < rows.length; at += row_bytes) if ((rows[at] ?? 9) > 4) throw broken();
}

function unpack(packed: Buffer, most: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: most + 1 });
  } catch {
    throw broken();
  }
}

/** The markers that say how large a JPEG is: those of frames. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function readJpeg(bytes: Buffer): Picture {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8)
    throw new NoPicture('This is neither a PNG nor a JPEG. Choose a picture of one of these kinds.');
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    const length = bytes.readUInt16BE(at + 2);
    if (bytes[at] !== 0xff || length < 2 || marker === 0xda) throw broken();
    if (isFrame(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      const parts = bytes[at + 9] ?? 0;
      const isDrawn = [0xc0, 0xc1, 0xc2].includes(marker) && [1, 3, 4].includes(parts);
      // It ends with its own mark, or a part of it did not come along.
      if (width === 0 || height === 0 || !isDrawn || bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < at)
        throw broken();
      return { content_type: 'image/jpeg', width, height };
    }
    at += 2 + length;
  }
  throw broken();
}
