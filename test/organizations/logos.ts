import { crc32, deflateSync } from 'node:zlib';

// Pictures for tests, made of their bytes.

const chunk = (type: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, sum]);
};

export interface PngOptions {
  width?: number;
  height?: number;
  interlace?: number;
  /** What the first row begins with. */
  filter?: number;
  /** Rows that are left out. */
  missing?: number;
  /** Bytes nobody can press together, so that it weighs as much. */
  noise?: boolean;
}

/** A PNG: a blue pane in a frame, clear around it. */
export function png({
  width = 160,
  height = 48,
  interlace = 0,
  filter = 0,
  missing = 0,
  noise = false,
}: PngOptions = {}): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, interlace], 8);
  const rows = Array.from({ length: height - missing }, (_, y) => {
    const row = Buffer.alloc(1 + width * 4);
    row[0] = y === 0 ? filter : 0;
    let random = y + 1;
    for (let x = 0; x < width; x++) {
      const isFrame = x < 4 || y < 4 || x >= width - 4 || y >= height - 4;
      random = (random * 48_271) % 2_147_483_647;
      row.set(
        noise
          ? [random & 255, (random >> 8) & 255, (random >> 16) & 255, 255]
          : isFrame
            ? [11, 95, 138, 255]
            : [143, 200, 232, x % 3 ? 255 : 0],
        1 + x * 4,
      );
    }
    return row;
  });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG of one gray square, 16 × 16. */
export const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAAQABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);
