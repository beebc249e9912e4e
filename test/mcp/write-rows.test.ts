import { describe, expect, test } from 'vitest';
import { writeJson } from '../../mcp/json-writer.ts';
import { presenter } from '../../mcp/present.ts';
import { registry } from '../contracts/registered.ts';
import { examples, fc } from '../support/properties.ts';

// The rows of a list are written as bytes at once (decision 073). They have to say what they say when each is made by itself and then
// written by the engine, byte for byte.

const { compact, answerRows } = presenter(registry);
const timeZone = 'America/Chicago';

/** What the values of real rows look like, and what they could hold to lead an agent or a writer astray. */
const words = fc.oneof(
  fc.constantFrom(
    '',
    'Jane Smith',
    'customer',
    'active',
    'C-1042',
    'T-2001 Wed 2026-11-18 09:00 -06:00',
    'AL',
  ),
  fc.constantFrom('+12565550142', '2026-11-23T15:00:00.000Z', '018f0000-0000-7000-8000-000000000000', 'Mon'),
  fc.constantFrom(
    'C-1042 «Jane Smith»',
    '«',
    'a » b',
    '≪ and ⟫',
    'José',
    '日本',
    '👩‍🔧',
    '\ud83d',
    'x\udc00y',
  ),
  fc.constantFrom(
    '"',
    '\\',
    'say \\"hi\\"',
    'a\nb\tc\u0000\u001f',
    '\u007f\u0080\u009f',
    '\u2028\u2029',
    '</script>',
  ),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
);
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { withCrossShrink: true, maxDepth: 2 },
    { arbitrary: words, weight: 6 },
    fc.constantFrom(null, undefined, true, false, 0, -0, 15_000, 2.5, 1e21, Number.NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom('id', 'name', 'old', 'new', 'reference'), words), tie('value'), {
      noNullPrototype: true,
    }),
    fc.tuple(fc.uuid(), words).map(([id, name]) => ({ id, name })),
    fc.tuple(tie('value'), tie('value')).map(([before, after]) => ({ old: before, new: after })),
  ),
}));

/** Rows of one list: mostly of the same members, as a list has them. */
const rowsOf = (names: fc.Arbitrary<string>) =>
  fc
    .array(fc.uniqueArray(names, { maxLength: 12 }), { minLength: 1, maxLength: 2 })
    .chain(shapes =>
      fc.array(
        fc.oneof(
          ...shapes.map(shape =>
            fc
              .array(value, { minLength: shape.length, maxLength: shape.length })
              .map(values => Object.fromEntries(shape.map((name, index) => [name, values[index]]))),
          ),
        ),
        { maxLength: 5 },
      ),
    );

function expectSame(rows: Record<string, unknown>[], of: string, beside: Record<string, unknown> = {}): void {
  const said = JSON.stringify({ rows: rows.map(row => compact(row, timeZone, of)), ...beside });
  const answer = answerRows(rows, { timeZone, of }, beside);
  expect(answer.text).toBe(said);
  expect(Buffer.from(answer.json ?? []).equals(Buffer.from(said))).toBe(true);
  expect(answer.structured).toEqual(JSON.parse(said));
}

describe('the rows of a list say what each says by itself', () => {
  test.each([...registry.views.keys()])('%s', of => {
    const names = Object.keys(registry.view(of).spec.row.shape);
    fc.assert(
      fc.property(rowsOf(fc.constantFrom(...names)), rows => expectSame(rows, of)),
      { numRuns: examples(25) },
    );
  });

  test('whatever their members are called', () => {
    const names = fc.oneof(
      fc.constantFrom(
        'id',
        'name',
        'old',
        'new',
        'reference',
        'position',
        'actor_name',
        'actor_kind',
        'version',
      ),
      fc.constantFrom(
        'due_at',
        'due_local',
        'hint',
        'status',
        'technician',
        '7',
        '__proto__',
        'two words',
        'a"b',
      ),
      words,
    );
    fc.assert(
      fc.property(rowsOf(names), fc.constantFrom('contacts', 'services', 'search', 'audit_log'), (rows, of) =>
        expectSame(rows, of),
      ),
      { numRuns: examples(500) },
    );
  });

  test('with what stands beside them, and when they are long', () => {
    expectSame([], 'contacts', { warnings: ['"Late"'] });
    const row = { reference: 'C-1', notes: 'long "notes" '.repeat(20_000), about: 'ü'.repeat(200_000) };
    expectSame(
      Array.from({ length: 5 }, () => row),
      'contacts',
      { next_cursor: 'x' },
    );
    expectSame([{ reference: 'C-2' }], 'contacts');
  });
});

test('JSON inside of a text of JSON is what the engine would make of it', () => {
  fc.assert(
    fc.property(fc.oneof(value, fc.json().map(JSON.parse)), said => {
      const json = JSON.stringify(said ?? null);
      const inText = writeJson(writer => {
        writer.json('"');
        writer.inText(Buffer.from(json));
        writer.json('"');
      });
      expect(inText.toString()).toBe(JSON.stringify(json));
    }),
    { numRuns: examples(300) },
  );
});
