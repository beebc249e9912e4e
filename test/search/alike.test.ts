import { describe, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';

const office = useOffice();

describe('what resembles a misspelt word', () => {
  /** Asks in one transaction, which ends with it. */
  async function inOne<T>(ask: (of: Asking) => Promise<T>): Promise<T> {
    const { database, bright, clear } = office();
    const client = await database.owner.connect();
    const like = (business: string) => async (word: string) => {
      const { rows } = await client.query('select w from search_words_like($1, $2) as w', [business, word]);
      return rows.map(row => String(row.w));
    };
    try {
      await client.query('begin');
      return await ask({
        like: like(bright.id),
        likeOfOthers: like(clear.id),
        add: async words => {
          await client.query(
            'insert into search_words (organization_id, word) select $1, w from unnest($2::text[]) w',
            [bright.id, words],
          );
        },
      });
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  test('is told again as it was when one transaction asks twice, and is written nowhere', async () => {
    const { database, bright } = office();
    await database.owner.query('insert into search_words (organization_id, word) values ($1, $2), ($1, $3)', [
      bright.id,
      'zwarnecki',
      'zwarnetti',
    ]);
    const [first, second, other] = await inOne(async ({ like }) => [
      await like('zwarnekki'),
      await like('zwarnekki'),
      await like('zwarnetty'),
    ]);
    expect(first).toEqual(['zwarnecki', 'zwarnetti']);
    expect(second).toEqual(first);
    expect(other).toEqual(['zwarnetti', 'zwarnecki']);
  });

  test('is looked for anew in the next transaction, on the same connection too', async () => {
    const { database, bright } = office();
    const client = await database.owner.connect();
    const like = async () =>
      (await client.query('select w from search_words_like($1, $2) as w', [bright.id, 'quillfethar'])).rows;
    try {
      expect(await like()).toEqual([]);
      await client.query('insert into search_words (organization_id, word) values ($1, $2)', [
        bright.id,
        'quillfeather',
      ]);
      expect(await like()).toEqual([{ w: 'quillfeather' }]);
    } finally {
      client.release();
    }
  });

  test('has the words that the transaction has added since it asked', async () => {
    await inOne(async ({ like, add }) => {
      expect(await like('brownlow')).toEqual([]);
      await add(['brownlowe']);
      expect(await like('brownlow')).toEqual(['brownlowe']);
      await add(['brownlou']);
      expect(await like('brownlow')).toEqual(['brownlowe', 'brownlou']);
    });
  });

  test('is that of each business, though both are asked in one transaction', async () => {
    const { database, bright } = office();
    await database.owner.query('insert into search_words (organization_id, word) values ($1, $2)', [
      bright.id,
      'przybylski',
    ]);
    await inOne(async ({ like, likeOfOthers }) => {
      expect(await like('przybilski')).toEqual(['przybylski']);
      expect(await likeOfOthers('przybilski')).toEqual([]);
    });
  });

  test('is right however many words one transaction asks for', async () => {
    const { database, bright } = office();
    await database.owner.query('insert into search_words (organization_id, word) values ($1, $2)', [
      bright.id,
      'wintergreen',
    ]);
    await inOne(async ({ like }) => {
      const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
      for (let round = 0; round < 2; round += 1) {
        for (const letter of letters) {
          expect(await like(`wintergr${letter}en`)).toEqual(['wintergreen']);
          expect(await like(`${letter.repeat(30)}`)).toEqual([]);
        }
      }
    });
  });

  test.each(['alexandrova', 'featherstone', 'montgomery', 'winterbottom'])(
    'is %s with any one letter wrong, missing or too many, or two in the wrong order',
    async word => {
      const { database, bright } = office();
      await database.owner.query(
        'insert into search_words (organization_id, word) values ($1, $2) on conflict do nothing',
        [bright.id, word],
      );
      const slips = [...word].flatMap((letter, at) => [
        `${word.slice(0, at)}q${word.slice(at + 1)}`,
        word.slice(0, at) + word.slice(at + 1),
        `${word.slice(0, at)}q${word.slice(at)}`,
        word.slice(0, at) + (word[at + 1] ?? '') + letter + word.slice(at + 2),
      ]);
      await inOne(async ({ like }) => {
        for (const slip of slips.filter(each => each !== word && each.length > 3))
          expect([slip, ...(await like(slip))]).toContain(word);
      });
    },
  );
});

interface Asking {
  like(word: string): Promise<string[]>;
  likeOfOthers(word: string): Promise<string[]>;
  /** Adds words to the business of `like`. */
  add(words: readonly string[]): Promise<void>;
}
