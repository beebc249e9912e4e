import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { useOffice } from '../support/office.ts';

// What becomes of each column of the programs people come from: taken as what, kept as a custom field, or left out. Written down in
// full in test/fixtures/import-columns.md, so that a change is seen; a column is left out only where its words stand in others too.

const office = useOffice();
const at = (name: string) => new URL(`../fixtures/${name}`, import.meta.url);
const { formats } = z
  .object({
    formats: z.array(
      z.object({ name: z.string(), header: z.string(), preamble_lines: z.array(z.string()).default([]) }),
    ),
  })
  .parse(JSON.parse(readFileSync(at('export-headers.json'), 'utf8')));

/** Left out by us, and why nothing is lost by it. */
const left_out: Readonly<Record<string, string>> = {
  Address: 'its parts stand in columns of their own',
};

test('every column of every program is taken, kept, or left out for a reason that is said', async () => {
  const parts: string[] = [];
  for (const { name, header, preamble_lines } of formats) {
    const content = `${[...preamble_lines, header].join('\n')}\n${header.replace(/[^,]+/g, 'x')}\n`;
    const seen = await office().done(office().bright.owner, 'import.preview_csv', { content });
    const mapping = z.record(z.string(), z.string()).parse(seen.mapping);
    const lines = Object.entries(mapping).map(([column, to]) => {
      if (to === 'skip') expect(left_out, `${name}: ${column} is left out`).toHaveProperty([column]);
      const words = to === 'custom' ? 'custom field' : to === 'skip' ? `left out: ${left_out[column]}` : to;
      return `| ${column} | ${words} |`;
    });
    parts.push(
      [
        `## ${name}: ${String(seen.source)}, as ${String(seen.kind)}`,
        '',
        '| column | becomes |',
        '|---|---|',
        ...lines,
      ].join('\n'),
    );
  }
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot('../fixtures/import-columns.md');
});

test('the state of a list that somebody wrote by hand is one', async () => {
  const content = 'Client,Street,Town,ST,Zip\nAda,9 Pine St,Huntsville,AL,35801\n';
  const seen = await office().done(office().bright.owner, 'import.preview_csv', { content });
  expect(seen.mapping).toMatchObject({
    Street: 'address.line1',
    ST: 'address.state',
    Zip: 'address.postal_code',
  });
});
