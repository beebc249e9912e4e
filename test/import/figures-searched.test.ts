import { beforeAll, expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';
import { customer, squareCsv } from './square-files.ts';

// Every row of a booking program's export has its columns: words that stand in all of them find nobody (decision 085).

const office = useOffice();

const found = async (search: string) =>
  (await office().read(office().bright.owner, 'contacts', { search })).map(row => row.full_name).sort();

beforeAll(async () => {
  const counted = {
    'Creation Source': 'APPOINTMENTS',
    'First Visit': '2022-11-21',
    'Last Visit': '2026-10-22',
    'Transaction Count': '18',
    'Lifetime Spend': '$2,682.00',
    'Instant Profile': 'No',
  };
  await office().done(office().bright.owner, 'import.square', {
    content: squareCsv([
      { ...customer('Ada', 'Byron'), ...counted, 'Gate Code': '4711' },
      {
        ...customer('Tom', 'Blackwood'),
        ...counted,
        'Blocked from online booking': 'Yes',
        'Has Solar': 'Yes',
      },
      { ...customer('Una', 'Corbett'), ...counted, 'Blocked from online booking': 'No', 'Has Solar': 'no' },
    ]),
  });
});

test('what a booking program counted is kept, and nobody is found by it', async () => {
  const [byName] = await office().read(office().bright.owner, 'contacts', { search: 'Ada Byron' });
  const [ada] = await office().read(office().bright.owner, 'contacts', { id: String(byName?.id) });
  expect(ada?.custom_fields).toMatchObject({
    creation_source: 'APPOINTMENTS',
    transaction_count: '18',
    lifetime_spend_cents: '268200',
  });
  for (const words of ['appointments', 'lifetime spend', 'transaction count', 'instant profile']) {
    expect(await found(words), words).toEqual([]);
  }
});

test('what a business wrote of its own is found by its name and by its value', async () => {
  expect([await found('gate code'), await found('4711')]).toEqual([['Ada Byron'], ['Ada Byron']]);
});

test('what is not so of a customer does not find them', async () => {
  expect(await found('blocked from online booking')).toEqual(['Tom Blackwood']);
  expect(await found('solar')).toEqual(['Tom Blackwood']);
});
