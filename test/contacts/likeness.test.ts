import { describe, expect, test } from 'vitest';
import { compareParties, type Party, sameFrom } from '../../core/contacts/compare.ts';
import { bySureness, type Duplicate } from '../../core/reading/duplicates.ts';

const town = { city: 'Madison', state: 'AL', postal_code: '35758' };

function customer(name: string, line1: string | undefined, more: Partial<Party> = {}): Party {
  const [first_name = null, last_name = null] = name.split(' ');
  return {
    kind: 'person',
    first_name,
    last_name,
    full_name: name,
    nickname: null,
    emails: [],
    phones: [],
    places: line1 === undefined ? [] : [{ line1, line2: null, ...town }],
    ...more,
  };
}

/** Half of the business lives in this town, under one postal code. */
const counts = (part: string) =>
  part === 'town' || part === 'postal_code' ? { with_it: 600, of: 1200 } : undefined;
const compare = (a: Party, b: Party) => compareParties(a, b, counts);

describe('two entries are shown as perhaps one customer', () => {
  test.each([
    [
      'one name with a letter wrong in one house',
      customer('Jane Smith', '12 Oak Street'),
      customer('Jane Smiht', '12 Oak St'),
    ],
    [
      'one name and telephone, and nothing else',
      customer('Jane Smith', undefined, { phones: ['+12565550142'] }),
      customer('Jane Smith', undefined, { phones: ['+12565550142'] }),
    ],
    [
      'a nickname and one e-mail address',
      customer('Robert Hale', '9 Elm Drive', { emails: ['hale@example.com'] }),
      customer('Bob Hale', undefined, { emails: ['hale@example.com'] }),
    ],
    [
      'first and last name in the wrong columns',
      customer('Naomi Hartwell', '4 Pine Ct'),
      customer('Hartwell Naomi', '4 Pine Ct'),
    ],
  ])('for %s', (_what, a, b) => {
    const { score, names_agree } = compare(a, b);
    expect(score).toBeGreaterThanOrEqual(sameFrom);
    expect(names_agree || score > 0).toBe(true);
  });
});

describe('two entries are not shown as one customer', () => {
  test.each([
    [
      'neighbours of one last name',
      customer('Jane Smith', '12 Oak Street'),
      customer('Paul Smith', '14 Oak Street'),
    ],
    [
      'people of one town and first name',
      customer('Jane Smith', '12 Oak Street'),
      customer('Jane Abbott', '7 Ridge Road'),
    ],
    [
      'one name, but another house, telephone and address',
      customer('Jane Smith', '12 Oak Street', { phones: ['+12565550142'], emails: ['a@example.com'] }),
      customer('Jane Smith', '880 Ridge Road', { phones: ['+12565550777'], emails: ['zeta@example.org'] }),
    ],
  ])('for %s', (_what, a, b) => {
    expect(compare(a, b).score).toBeLessThan(sameFrom);
  });
});

test('a couple is told from one customer: their names do not agree, although they share house and telephone', () => {
  const phones = ['+12565550142'];
  const couple = compare(
    customer('Carl Bright', '12 Oak Street', { phones }),
    customer('Carla Bright', '12 Oak Street', { phones }),
  );
  expect(couple).toMatchObject({ names_agree: false, share_reach: true });
  expect(couple.reasons).toEqual(['the same last name', 'the same telephone number', 'the same address']);
});

test('pairs are told the surest first, and of the same sureness the ones with more in common', () => {
  const party = { id: '1', reference: 'C-1', full_name: 'Ann Hart' };
  const pair = (likely: Duplicate['likely'], score: number): Duplicate => ({
    ...{ id: `${likely} ${score}`, keep: party, merge: party, why: [], likely, score },
  });
  const pairs = [
    pair('one household?', 22),
    pair('likely', 15),
    pair('perhaps', 25),
    pair('surely', 12),
    pair('likely', 17.6),
  ];
  expect(pairs.sort(bySureness).map(({ id }) => id)).toEqual([
    'surely 12',
    'likely 17.6',
    'likely 15',
    'perhaps 25',
    'one household? 22',
  ]);
});
