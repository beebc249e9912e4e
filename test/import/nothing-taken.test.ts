import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// A file of which not one row could be taken: the import stays with its reasons, and nobody reads it as one that went well.

const panes = useBrightPanes();
const letter = 'Dear Olivia\nplease call me back about the gutters\nyours\nJane\n';
const bring = (content: string, more: Record<string, unknown> = {}, action = 'import.csv') =>
  panes().act(panes().olivia, action, { content, ...more });

const nothing =
  /^Nothing of this file was taken: all of its 3 rows are refused, each with its reason\. It must be a table: /;

test('a letter is no table: that nothing was taken is said, and each line with its reason is kept', async () => {
  const { data, warnings } = await bring(letter);
  expect(data).toMatchObject({ rows_read: 3, taken_rows: 0, created: 0, refused_rows: 3 });
  expect(warnings).toEqual([expect.stringMatching(nothing)]);
  const [kept] = await panes().read(panes().olivia, 'imports', { id: String(data.import) });
  expect(kept).toMatchObject({ refused_count: 3, taken_rows: 0 });
});

test('looked at first, it would be so; of one row it is said as of one', async () => {
  const dry = await bring(letter, { dry_run: true });
  expect(dry.warnings).toEqual([
    expect.stringMatching(/^Nothing of this file would be taken: all of its 3 rows/),
  ]);
  const one = await bring('Name,Email,Notes\n,,of nobody\n');
  expect(one.warnings).toEqual([
    expect.stringMatching(/^Nothing of this file was taken: its only row is refused\. /),
  ]);
});

test('nothing of it is said where a row was taken, or all are here already', async () => {
  const some = 'Name,Email,Notes\nAda Byron,ada@example.com,\n,,of nobody\n';
  expect((await bring(some)).warnings).toEqual([]);
  const again = await bring(some);
  expect(again.data).toMatchObject({ taken_rows: 0, matched_rows: 1, refused_rows: 1 });
  expect(again.warnings).toEqual([]);
});

test('of a file in parts it is said with the last one, of all of them', async () => {
  const refused = 'Name,Email,Notes\n,,of nobody\n,,of nobody else\n';
  const begin = async (content: string) => {
    const { data, warnings } = await bring(content, { more: true });
    expect(warnings).toEqual([]);
    return data.import;
  };
  const none = await bring(refused, { part_of: await begin(refused), part: 2 });
  expect(none.warnings).toEqual([
    expect.stringMatching(/^Nothing of this file was taken: all of its 4 rows/),
  ]);
  const first = await begin('Name,Email,Notes\nGrace Hale,grace@example.com,\n');
  expect((await bring(refused, { part_of: first, part: 2 })).warnings).toEqual([]);
});

test('an export of Square is held to the same', async () => {
  const heading = 'First Name,Last Name,Email Address,Phone Number,Square Customer ID\n';
  const { data, warnings } = await bring(`${heading},,,,\n,,,,X1\n`, {}, 'import.square');
  expect(data).toMatchObject({ created: 0, already_known: 0 });
  expect(warnings).toEqual([
    expect.stringMatching(/^Nothing of this file was taken: .* Export the customer directory in Square/),
  ]);
  expect(await refusal(bring(heading, {}, 'import.square'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'content',
    message: expect.stringMatching(/^There is no row in this file/),
  });
  const taken = await bring(`${heading}Ida,Rhodes,ida@example.com,,X2\n,,,,X1\n`, {}, 'import.square');
  expect(taken.warnings).toEqual([]);
});
