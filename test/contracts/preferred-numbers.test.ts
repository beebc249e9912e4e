import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// What makes one of several customers the one who is meant is a number in three places: whoever orders a page, and both ways of
// search_preferred_customers to find one. Were one of them another, a page would leave out whom a longer list has on top.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const source = read('core/reading/prefer-customers.ts');
const [body = ''] =
  /CREATE OR REPLACE FUNCTION public\.search_preferred_customers\([\s\S]*?\$function\$;/.exec(
    read('migrations/schema.sql'),
  ) ?? [];

const constant = (name: string) => Number(new RegExp(`const ${name} = ([\\d.]+);`).exec(source)?.[1]);

/** The numbers of the function, by what each is given for; as often as it stands there. */
const numbersOf = (sql: string) => {
  const all = (pattern: RegExp) => [...sql.matchAll(pattern)].map(([, number]) => Number(number));
  return {
    isCalledSo: [
      ...all(/= any \(typed\)\s+then ([\d.]+)::double precision else 0 end/g),
      // Who may be called so counts as if.
      ...all(/is_unclear and p\.likely \+ ([\d.]+) >/g),
    ],
    hasVisits: all(/last_visit is null then 0 else ([\d.]+)::double precision end/g),
    wasRecent: all(/last_visit >= recent then ([\d.]+)::double precision else 0 end/g),
  };
};

test('customers are preferred by the same numbers wherever they are put in order', () => {
  const [called, visits, recent] = ['isCalledSo', 'hasVisits', 'wasRecent'].map(constant);
  expect(numbersOf(body)).toEqual({
    isCalledSo: [called, called],
    hasVisits: [visits, visits],
    wasRecent: [recent, recent],
  });
  // A better fit of the words is worth one.
  expect(Number(called) + Number(visits) + Number(recent)).toBeLessThan(1);
});

test('no other number is given in the function, and another one in any place is seen', () => {
  const given = [...body.matchAll(/\b0\.\d+/g)].filter(([number]) => number !== '0.000001');
  expect(given).toHaveLength(Object.values(numbersOf(body)).flat().length);
  for (const { index, 0: number } of given) {
    const other = `${body.slice(0, index)}0.7${body.slice(index + number.length)}`;
    expect(numbersOf(other)).not.toEqual(numbersOf(body));
  }
});
