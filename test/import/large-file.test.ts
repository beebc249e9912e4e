import { expect, test } from 'vitest';
import { partsOf } from '../../core/import/parts.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// How fast a large file comes in, and whether memory stays flat: DESKHAND_IMPORT_ROWS=1000000 npx vitest run test/import/large-file.test.ts

const panes = useBrightPanes();
const rows = Number(process.env.DESKHAND_IMPORT_ROWS ?? 400);

test('a file of many rows comes in parts, and memory stays flat', async () => {
  async function* file() {
    yield Buffer.from('First Name,Last Name,Email,Phone,Street,City,Zip,Gate\n');
    for (let at = 0; at < rows; at += 1000) {
      const lines = Array.from({ length: Math.min(1000, rows - at) }, (_, index) => {
        const n = at + index;
        return `Ada${n % 977},Byron${n},p${n}@example.com,(256) ${200 + (n % 700)}-${String(n % 10_000).padStart(4, '0')},${n} Elm St,Madison,35758,${n}\n`;
      });
      yield Buffer.from(lines.join(''));
    }
  }
  const began = Date.now();
  let batch: string | undefined;
  let taken = 0;
  let most = 0;
  for await (const part of partsOf(file())) {
    const { data } = await panes().act(panes().olivia, 'import.csv', {
      content: part.bytes.toString('base64'),
      encoding: 'base64',
      ...(part.first_row > 1 ? { first_row: part.first_row } : {}),
      ...(batch === undefined ? {} : { part_of: batch }),
    });
    batch = String(data.import);
    taken += Number(data.taken_rows);
    most = Math.max(most, process.memoryUsage().rss);
    const seconds = (Date.now() - began) / 1000;
    if (rows >= 20_000)
      console.log(
        `${taken} rows, ${Math.round(taken / seconds)} a second, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      );
  }
  expect(taken).toBe(rows);
}, 7_200_000);
