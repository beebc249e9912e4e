import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redact } from '../../core/kernel/words/redaction.ts';
import { testDatabase } from '../support/database.ts';
import { examples, fc } from '../support/properties.ts';
import {
  card,
  disguised,
  hostileText,
  kept,
  lookalikes,
  removed,
  ssn,
  vectors,
} from './redaction-examples.ts';

describe('redacting in the database', () => {
  let db: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  const redactInDatabase = async (texts: readonly string[]) => {
    const { rows } = await db.owner.query<{ text: string }>(
      `select redact_free_text(given.text) as text
         from unnest($1::text[]) with ordinality as given (text, no)
        order by given.no`,
      [texts],
    );
    return rows.map(row => row.text);
  };

  test('gives the same answer as the server for every example', async () => {
    const texts = [
      ...vectors.map(vector => vector.input),
      ...Object.values({ ...removed, ...disguised }).map(([input]) => input),
      ...Object.values({ ...kept, ...lookalikes }),
    ];
    const inServer = texts.map(text => redact(text).text);
    expect(await redactInDatabase(texts)).toEqual(inServer);
    expect(await redactInDatabase(inServer)).toEqual(inServer);
    expect(inServer.filter((text, i) => text !== texts[i]).length).toBeGreaterThan(50);
  });

  test('reads every digit, space, dash and invisible character as the server does', async () => {
    const special: string[] = [];
    for (let code = 1; code < 0x20000; code += 1) {
      const character = String.fromCodePoint(code);
      const isSpecial = /[\p{N}\p{Z}\p{Pd}\p{Cf}\p{Cc}]|[!-\u036f\u2000-\u206f\uff00-\uffef]/u.test(
        character,
      );
      if (isSpecial) special.push(character);
    }
    // The first text shows digits and separators, the second characters without width, letters and '+'.
    const texts = special.flatMap(character => [
      `424${character}4242 4242 4242 4242`,
      `vi${character}a 4242${character}42424242${character}4242 ${character}123-45-6789`,
    ]);
    const inServer = texts.map(text => redact(text).text);
    expect(await redactInDatabase(texts)).toEqual(inServer);
    expect(inServer.filter((text, i) => text !== texts[i]).length).toBeGreaterThan(1_000);
  });

  test('gives the same answer as the server for hostile texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText(true), { minLength: 200, maxLength: 300 }), async texts => {
        expect(await redactInDatabase(texts)).toEqual(texts.map(text => redact(text).text));
      }),
      { numRuns: examples(12) },
    );
  });

  test('redacts the named columns of a row on insert and on update, and no other column', async () => {
    await db.owner.query(
      'create table redaction_examples (id bigint, notes text, reference text, body text, seen_on date)',
    );
    await db.owner.query(
      `create trigger redact before insert or update on redaction_examples
         for each row execute function redact_columns('notes', 'body')`,
    );
    const written = await db.owner.query(
      `insert into redaction_examples (id, notes, reference, body, seen_on)
       values (9007199254740993, $1::text, $1::text, null, '2026-11-21')
       returning id, notes, reference, body, seen_on::text`,
      ['Paid with 4242 4242 4242 4242'],
    );
    expect(written.rows).toEqual([
      {
        id: '9007199254740993',
        notes: `Paid with ${card}`,
        reference: 'Paid with 4242 4242 4242 4242',
        body: null,
        seen_on: '2026-11-21',
      },
    ]);
    const changed = await db.owner.query(
      'update redaction_examples set notes = $1::text, body = $2::text returning notes, body',
      ['Call (256) 555-1234', 'SSN 123-45-6789'],
    );
    expect(changed.rows).toEqual([{ notes: 'Call (256) 555-1234', body: `SSN ${ssn}` }]);
  });

  test('refuses every write when a trigger names a column that does not exist', async () => {
    await db.owner.query('create table misnamed_examples (notes text, note text)');
    await db.owner.query(
      `create trigger redact before insert on misnamed_examples
         for each row execute function redact_columns('note')`,
    );
    const insert = `insert into misnamed_examples (notes) values ('Jane Smith')`;
    await db.owner.query(insert);
    await db.owner.query('alter table misnamed_examples drop column note');
    await expect(db.owner.query(insert)).rejects.toThrow('table misnamed_examples has no column note');
  });
});
