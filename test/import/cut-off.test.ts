import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useOwnFolder } from '../installation/own-folder.ts';

// An import on the command line whose process is killed in the middle.

const folder = useOwnFolder();
const rows = 2000;
let file: string;

beforeAll(async () => {
  file = join(folder().path, 'clients.csv');
  // Four parts: what fills them is left out.
  const lines = Array.from({ length: rows }, (_, n) => {
    const street = `${n} Elm St,Madison,35758,Rings twice ${n}`;
    return `Ada${n},Byron${n},p${n}@example.com,(256) 201-${String(n).padStart(4, '0')},${street},${'x'.repeat(900)}\n`;
  });
  await writeFile(file, `First Name,Last Name,Email,Phone,Street,City,Zip,Note,Padding\n${lines.join('')}`);
  expect((await folder().run(['business', 'create', 'Oak', '--owner', 'o@oak.example'])).code).toBe(0);
});

const command = () => ['import', 'csv', file, '--org', 'oak', '--map', 'Padding=skip'];
const here = async () => {
  const [customers, addresses, notes, audited, parts] = await Promise.all([
    folder().column(
      "select count(distinct email)::integer || ' of ' || count(*) from contacts where import_batch_id is not null",
    ),
    folder().column('select count(*)::integer from addresses where import_batch_id is not null'),
    folder().column('select count(*)::integer from notes where import_batch_id is not null'),
    folder().column(
      "select count(*)::integer from audit_log where entity_type = 'contact' and domain_action = 'import.csv'",
    ),
    folder().column("select parts || ' ' || is_finished from import_batches"),
  ]);
  return [customers, addresses, notes, audited, parts].flat();
};

test('goes on where it was, and every row is there once', async () => {
  const [program, ...before] = folder().program;
  const child = spawn(program, [...before, ...command()], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DESKHAND_DEMO: 'small', ...folder().env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  for await (const text of child.stdout) {
    if (!String(text).includes('rows')) continue;
    child.kill('SIGKILL');
    break;
  }
  const [, signal] = await ended;
  expect(signal).toBe('SIGKILL');
  // The first part at least is there, and the last one is not.
  const [first, , , , told] = await here();
  const taken = Number(String(first).split(' ')[0]);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(rows);
  expect(told).toMatch(/^\d false$/);

  const { stdout, stderr, code } = await folder().run(command());
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toContain(`I-1 was cut off; it goes on at line ${(taken + 2).toLocaleString('en-US')}.`);
  const said = rows.toLocaleString('en-US');
  expect(stdout).toContain(
    `I-1: ${said} rows of a file as contacts: ${said} taken, 0 here already, 0 not taken`,
  );
  expect(await here()).toEqual([`${rows} of ${rows}`, rows, rows, rows, '4 true']);

  // What was read to its end is begun anew, and finds everybody here.
  const again = await folder().run(command());
  expect(again.stdout).toContain(`I-2: ${said} rows of a file as contacts: 0 taken, ${said} here already`);
});
