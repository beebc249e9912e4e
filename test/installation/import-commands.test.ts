import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { useOwnFolder } from './own-folder.ts';
import { expectSentence } from './said.ts';

// The commands that bring files in, beside a running server, and what they leave for search.

const folder = useOwnFolder();
const run = (...args: string[]) => folder().run(args);
const squareFile = join(packageRoot, 'test/fixtures/square-customers.csv');
const write = async (name: string, lines: readonly string[]) => {
  const file = join(folder().path, name);
  await writeFile(file, ['Name,Email,Phone,Notes', ...lines, ''].join('\n'));
  return file;
};

beforeAll(async () => {
  await folder().serve();
});

describe('deskhand import csv', () => {
  test('names the rows it does not take, and what it takes otherwise than it is written', async () => {
    const file = await write('clients.csv', ['Kim Hall,not an address,12,', ',,,just a note']);
    const { code, stdout } = await run('import', 'csv', file, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('row 3 not taken: The row has no name');
    expect(stdout).toContain('row 2: The e-mail address cannot be read.');
    expect(stdout).toContain('row 2: The phone number cannot be read.');
  });

  test('says how many more there are than it lists', async () => {
    const file = await write('many.csv', Array<string>(130).fill(',,,a note of nobody'));
    const { stdout } = await run('import', 'csv', file, '--dry-run');
    expect(stdout.match(/not taken: /g)).toHaveLength(100);
    expect(stdout).toContain('… and 30 more such lines');
    expect(stdout).toContain('130 not taken');
  });

  // A picture begins like this.
  const strangeBytes = Buffer.from([
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
  ]);

  test('refuses what is no table or has no row, says what to do, and leaves no import behind', async () => {
    const files: Record<string, [string | Buffer, RegExp]> = {
      'photo.csv': [strangeBytes, /^This is no text, .* export it as CSV/],
      'paper.csv': ['%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n', /^This is no text, /],
      'letter.csv': ['Dear Olivia please call me back.\n', /^This file is no table: .* Give a CSV file/],
      'heading.csv': [
        'Name,Email,Phone,Notes\n',
        /^There is no row in this file: .* Export it again with its rows/,
      ],
      'cards.vcf': ['BEGIN:VCARDS\n', /^There is no card in this file\. /],
    };
    const imports = 'select count(*)::integer from import_batches';
    const before = await folder().column(imports);
    for (const [name, [text, words]] of Object.entries(files)) {
      const file = join(folder().path, name);
      await writeFile(file, text);
      for (const more of [[], ['--dry-run']]) {
        const { code, stdout, stderr } = await run('import', 'csv', file, ...more);
        expect([name, code, stdout]).toEqual([name, 1, '']);
        expect(stderr).toMatch(words);
        expectSentence(stderr);
      }
    }
    expect(await folder().column(imports)).toEqual(before);
  });
});

describe('deskhand import square', () => {
  test('reports without writing on a dry run, then imports, then knows everybody', async () => {
    const dry = await run('import', 'square', squareFile, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^Dry run: 478 customers would be added from 483 rows\n/);
    const real = await run('import', 'square', squareFile);
    expect(real.stdout).toMatch(/^I-1: 478 customers added from 483 rows\n/);
    const again = await run('import', 'square', squareFile);
    expect(again.stdout).toMatch(/^I-2: 0 customers added from 483 rows\n.* 478 customers known already/);
  });

  test('says what is wrong with a file that is missing, is a folder, is empty or is no customer list', async () => {
    const files: Record<string, string | Buffer> = {
      'empty.csv': '',
      'letter.txt': 'Dear Olivia,\nplease call me back.\n',
      'photo.csv': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe]),
      'other.csv': 'colour,size\nred,12\n',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder().path, name), text);
    for (const name of ['missing.csv', '.', ...Object.keys(files)]) {
      const { code, stdout, stderr } = await run('import', 'square', join(folder().path, name));
      expect([name, code, stdout]).toEqual([name, 1, '']);
      expectSentence(stderr);
    }
  });
});

describe('deskhand search rebuild', () => {
  test('makes every search document anew and says how many, the same ones each time', async () => {
    // The server still reads the notes of the import, and makes records of what it finds in them.
    const waiting = 'select count(*)::integer from jobs where done_at is null and dead_at is null';
    await expect.poll(() => folder().column(waiting)).toEqual([0]);
    const first = await run('search', 'rebuild');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [, count = ''] =
      /^(\d+) search documents of Bright Panes Window Cleaning were made anew\.\n$/.exec(first.stdout) ?? [];
    // The customers of the import, with their addresses and notes.
    expect(Number(count)).toBeGreaterThan(478);
    expect((await run('search', 'rebuild')).stdout).toBe(first.stdout);
  });
});

describe('of a file of which nothing can be taken', () => {
  test('deskhand import csv ends with an error and says what to do; not where all are here', async () => {
    const file = join(folder().path, 'prose.csv');
    await writeFile(file, 'Dear Olivia\nplease call me back about the gutters\nyours\nJane\n');
    for (const more of [['--dry-run'], []]) {
      const { code, stdout, stderr } = await run('import', 'csv', file, ...more);
      expect(code).toBe(1);
      expect(stdout.match(/not taken: /g)).toHaveLength(3);
      expect(stdout).toContain('0 taken, 0 here already, 3 not taken');
      expect(stderr).toMatch(
        /^Nothing of this file w.* taken: all of its 3 rows are refused, .* Give a table: /,
      );
      expectSentence(stderr);
    }
    const known = await write('known.csv', ['Kim Hale,kim.hale@example.com,,', ',,,a note of nobody']);
    for (const told of ['1 taken, 0 here already', '0 taken, 1 here already']) {
      const { code, stdout } = await run('import', 'csv', known);
      expect(code).toBe(0);
      expect(stdout).toContain(`${told}, 1 not taken`);
    }
  });

  test.each([
    ['a heading alone', '', /^There is no row in this file: /],
    [
      'rows that are nobody',
      ',,,,X1\n',
      /^Nothing of this file was taken: its only row is refused\. Export /,
    ],
  ])('deskhand import square ends with an error: %s', async (_, rows, words) => {
    const file = join(folder().path, 'square-nothing.csv');
    await writeFile(file, `First Name,Last Name,Email Address,Phone Number,Square Customer ID\n${rows}`);
    const { code, stderr } = await run('import', 'square', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
    expectSentence(stderr);
  });
});
