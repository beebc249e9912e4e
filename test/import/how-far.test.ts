import { expect, test } from 'vitest';
import { importInParts, type Progress, unfinishedImports } from '../../core/import/in-parts.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { housecallJobs } from './rivals.ts';

// Whoever waits for a file hears how far it is while its rows are written, and not a part of it at once.

const panes = useBrightPanes();

/** Imports a file as the command line does; answers what its bar was moved by, and what it says in the end. */
async function bring(content: Buffer, said: Parameters<typeof importInParts>[2] = {}) {
  const { app, olivia, read } = panes();
  const written: Progress[] = [];
  const door = {
    execute: async (
      action: string,
      data: Record<string, unknown>,
      progress?: (done: number, of: number) => void,
    ) => {
      const facts = { request_id: newId(), ...(progress ? { progress } : {}) };
      return (await app.execute(olivia, { action, data }, facts)).data;
    },
    unfinished: () => read(olivia, 'imports', unfinishedImports),
    written: (now: Progress) => written.push(now),
  };
  const file = {
    file_name: 'a file.csv',
    bytes: content.length,
    async *open() {
      yield content;
    },
  };
  const parts: Progress[] = [];
  for await (const part of importInParts(door, file, said)) parts.push(part);
  return { written, parts, last: parts.at(-1) };
}

const clients = (from: number, count: number, padding = '') =>
  Array.from({ length: count }, (_, n) => `Ada${from + n},Byron,ada${from + n}@example.com,${padding}\n`);

test('a file of one part is told of every five hundred rows, and by as much of its bytes', async () => {
  const content = Buffer.from(`First Name,Last Name,Email,Gate\n${clients(0, 1200).join('')}`);
  const { written, parts } = await bring(content);
  expect(written.map(({ rows_read }) => rows_read)).toEqual([0, 500, 1000]);
  expect(written.map(({ read_bytes }) => read_bytes)).toEqual(
    [0, 500, 1000].map(rows => Math.floor((content.length * rows) / 1200)),
  );
  for (const now of written) expect(now).toMatchObject({ is_done: false, refused: [], notices: [] });
  expect(parts).toMatchObject([{ rows_read: 1200, read_bytes: content.length, is_done: true }]);
});

test('one of several parts goes on where the part before it ended', async () => {
  const lines = clients(2000, 1100, 'x'.repeat(900));
  const content = Buffer.from(`First Name,Last Name,Email,Padding\n${lines.join('')}`);
  const { written, parts } = await bring(content, { mapping: { Padding: 'skip' } });
  expect(parts.length).toBe(3);
  for (const far of ['rows_read', 'read_bytes'] as const) {
    const all = written.map(now => now[far]);
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(all).toContain(parts[0]?.[far]);
    expect(all).toContain(parts[1]?.[far]);
  }
});

test('rows that are written one by one are told of by the hundred', async () => {
  const services = Array.from({ length: 250 }, (_, n) => `Attic ${n},$${n + 10}.00\n`);
  const content = Buffer.from(`Service,Price\n${services.join('')}`);
  const { written, last } = await bring(content, { kind: 'services' });
  expect(written.map(({ rows_read }) => rows_read)).toEqual([0, 100, 200]);
  expect(last).toMatchObject({ created: 250 });
});

test('customers who are made on the way of their visits move nothing: numbers only grow', async () => {
  const answers = { unknown_customers: 'make' };
  const { written, last } = await bring(housecallJobs(600), { answers });
  expect(written.map(({ rows_read }) => rows_read)).toEqual([0, 500]);
  expect(last).toMatchObject({ taken_rows: 600 });
});

test('looking at it first moves nothing, for nothing is written', async () => {
  const content = Buffer.from(`First Name,Last Name,Email,Gate\n${clients(5000, 20).join('')}`);
  const { written, last } = await bring(content, { dry_run: true });
  expect(written).toEqual([]);
  expect(last).toMatchObject({ taken_rows: 20, import: null });
});

test('of what was imported before, only a file that was not read to its end is looked at', async () => {
  const { olivia, act, read } = panes();
  const { last } = await bring(Buffer.from(`First Name,Last Name,Email,Gate\n${clients(6000, 1).join('')}`));
  const begun = { content: `First Name,Last Name,Email,Gate\n${clients(7000, 1).join('')}`, more: true };
  const { data } = await act(olivia, 'import.csv', begun);
  expect(last?.import).toMatch(/^I-\d+$/);
  expect(await read(olivia, 'imports', unfinishedImports)).toMatchObject([
    { reference: data.import, parts: 1 },
  ]);
});
