import { describe, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';

const office = useOffice();

describe('what resembles a misspelt word', () => {
  /** Words that a business has, from a transaction of their own. */
  async function have(...words: string[]): Promise<void> {
    const { database, bright } = office();
    await database.owner.query(
      'insert into search_words (organization_id, word) select $1, w from unnest($2::text[]) as w on conflict do nothing',
      [bright.id, words],
    );
  }

  /** Asks in one transaction, which ends with it. */
  async function inOne(ask: (of: Asking) => Promise<void>): Promise<void> {
    const { database, bright, clear } = office();
    const client = await database.owner.connect();
    const like = (business: string) => async (word: string) => {
      const { rows } = await client.query('select w from search_words_like($1, $2) as w', [business, word]);
      return rows.map(row => String(row.w));
    };
    try {
      await client.query('begin');
      await ask({
        like: like(bright.id),
        likeOfOthers: like(clear.id),
        add: async word => {
          await client.query('insert into search_words (organization_id, word) values ($1, $2)', [
            bright.id,
            word,
          ]);
        },
      });
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  test('is looked for once in a transaction that writes nothing, and anew in the next', async () => {
    await have('zwarnecki');
    await inOne(async ({ like }) => {
      expect(await like('zwarnekki')).toEqual(['zwarnecki']);
      await have('zwarnekkia');
      expect(await like('zwarnekki')).toEqual(['zwarnecki']);
      expect(await like('zwarnekka')).toEqual(['zwarnekkia', 'zwarnecki']);
    });
    await inOne(async ({ like }) => {
      expect(await like('zwarnekki')).toEqual(['zwarnekkia', 'zwarnecki']);
    });
  });

  test('has the words that the transaction has added since it asked', async () => {
    await inOne(async ({ like, add }) => {
      expect(await like('brownlow')).toEqual([]);
      await add('brownlowe');
      expect(await like('brownlow')).toEqual(['brownlowe']);
      await add('brownlou');
      expect(await like('brownlow')).toEqual(['brownlowe', 'brownlou']);
    });
  });

  test('is that of each business, though both are asked in one transaction', async () => {
    await have('przybylski');
    await inOne(async ({ like, likeOfOthers }) => {
      expect(await like('przybilski')).toEqual(['przybylski']);
      expect(await likeOfOthers('przybilski')).toEqual([]);
    });
  });

  test('is right however many words one transaction asks for', async () => {
    await have('wintergreen');
    await inOne(async ({ like }) => {
      for (const letter of [...'abcdefghijklmnopqrstuvwxyz', ...'abcdefghijklmnopqrstuvwxyz']) {
        expect(await like(`wintergr${letter}en`)).toEqual(['wintergreen']);
        expect(await like(letter.repeat(30))).toEqual([]);
      }
    });
  });

  test('may differ from a long word in several letters', async () => {
    await have('quillfeather');
    await inOne(async ({ like }) => {
      expect(await like('quillfethar')).toEqual(['quillfeather']);
    });
  });

  test.each(['alexandrova', 'featherstone', 'montgomery', 'winterbottom'])(
    'is %s with any one letter wrong, missing or too many, or two in the wrong order',
    async word => {
      await have(word);
      const slips = [...word].flatMap((letter, at) => [
        `${word.slice(0, at)}q${word.slice(at + 1)}`,
        word.slice(0, at) + word.slice(at + 1),
        `${word.slice(0, at)}q${word.slice(at)}`,
        word.slice(0, at) + (word[at + 1] ?? '') + letter + word.slice(at + 2),
      ]);
      await inOne(async ({ like }) => {
        for (const slip of slips) expect(await like(slip), slip).toContain(word);
      });
    },
  );
});

interface Asking {
  like(word: string): Promise<string[]>;
  likeOfOthers(word: string): Promise<string[]>;
  /** Adds a word to the business of `like`. */
  add(word: string): Promise<void>;
}
