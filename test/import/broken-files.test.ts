import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';
import { refusal } from '../support/refusal.ts';
import { housecallJobs, rivals } from './rivals.ts';

// Whatever is done to a file, it is either refused as a whole with words an owner understands, or every row of it is accounted
// for: taken, here already, or not taken and why. `DESKHAND_BROKEN_FILES=10000` tries that many.

const panes = useBrightPanes();
const runs = Number(process.env.DESKHAND_BROKEN_FILES ?? 300);

const originals = [...rivals.map(make => make(6).bytes), housecallJobs(6)];
const strange = [
  '"',
  '""',
  '\0',
  '\r',
  '\n',
  ',',
  ';',
  '\t',
  '|',
  '\u2028',
  '=1+1',
  "'",
  '\ufeff',
  '9'.repeat(30),
  '\ud83d\ude00',
  'é',
  '\u0007',
  '-',
  '99/99/9999',
  'x'.repeat(300),
];

interface Change {
  at: number;
  what: 'cut' | 'put' | 'twice' | 'byte' | 'end';
  length: number;
  text: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  what: fc.constantFrom('cut', 'put', 'twice', 'byte', 'end'),
  length: fc.integer({ min: 1, max: 40 }),
  text: fc.constantFrom(...strange),
});

function changed(bytes: Buffer, { at, what, length, text }: Change): Buffer {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (what === 'cut') return Buffer.concat([before, after.subarray(length)]);
  if (what === 'put') return Buffer.concat([before, Buffer.from(text), after]);
  if (what === 'twice') return Buffer.concat([before, after.subarray(0, length), after]);
  if (what === 'byte') return Buffer.concat([before, Buffer.from([length * 6]), after.subarray(1)]);
  return before.length === 0 ? bytes : before;
}

/** What PostgreSQL, a driver or our own code says to itself. */
const driverWords =
  /violates|constraint|syntax error|relation "|column "|invalid byte|null value|duplicate key|undefined|TypeError|at Object\.|SQLSTATE|pg_|\.ts:/i;

const answers = {
  date_order: 'month_first',
  decimal_sign: 'point',
  unknown_customers: 'make',
  services: 'text',
};

describe(`${runs} broken files`, () => {
  test('end no import, lose no row without a word, and show nobody what a driver says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: originals.length - 1 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (which, changes, dry_run) => {
          const bytes = changes.reduce(changed, originals[which] ?? Buffer.alloc(0));
          if (bytes.length === 0) return;
          const data = { content: bytes.toString('base64'), encoding: 'base64', answers, dry_run };
          const outcome = await panes()
            .done(panes().olivia, 'import.csv', data)
            .catch((error: unknown) => refusal(Promise.reject(error)));
          if (!('rows_read' in outcome)) {
            expect(outcome).toMatchObject({
              code: expect.stringMatching(/^(?:VALIDATION_ERROR|INVALID_STATE)$/),
            });
            expect(JSON.stringify(outcome)).not.toMatch(driverWords);
            return;
          }
          const { rows_read, taken_rows, matched_rows, refused_rows, refused, notices } = outcome;
          expect(Number(taken_rows) + Number(matched_rows) + Number(refused_rows)).toBe(rows_read);
          expect(JSON.stringify([refused, notices])).not.toMatch(driverWords);
        },
      ),
      { numRuns: examples(runs), endOnFailure: true },
    );
  }, 3_600_000);
});

test('a row the database refuses stays out alone: the others of its batch come in', async () => {
  const rows = Array.from(
    { length: 20 },
    (_, index) => `Person ${index},p${index}@rows.example,${index === 7 ? 'boom' : 'fine'}`,
  );
  await panes().database.owner.query(`
    create function refuse_boom() returns trigger language plpgsql as $$
    begin
      if new.custom_fields ->> 'word' = 'boom' then raise exception 'boom' using errcode = '23514'; end if;
      return new;
    end $$`);
  await panes().database.owner.query(
    'create trigger boom before insert on contacts for each row execute function refuse_boom()',
  );
  const report = await panes().done(panes().olivia, 'import.csv', {
    content: `Name,Email,Word\n${rows.join('\n')}\n`,
  });
  await panes().database.owner.query('drop trigger boom on contacts');
  expect(report).toMatchObject({
    rows_read: 20,
    taken_rows: 19,
    refused_rows: 1,
    refused: [{ row: 9, name: 'Person 7', reason: expect.stringContaining('cannot be kept as it is') }],
  });
});
