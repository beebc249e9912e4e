import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../core/kernel/search/query.ts';
import { understand } from '../../core/search/understand.ts';
import { wantedIn } from '../../core/search/words.ts';

const calendar = { today: Temporal.PlainDate.from('2026-11-18'), country: 'US' };
const catalog = [
  { id: 'gutters', name: 'Gutter Cleaning' },
  { id: 'windows', name: 'Interior and Exterior Window Cleaning' },
  { id: 'screens', name: 'Screen Cleaning' },
  { id: 'pressure', name: 'Pressure Washing' },
];

/** What is understood, in one line: words | services | days | missing. */
async function read(query: string): Promise<string> {
  const { wanted, visits } = await understand(query, calendar, catalog);
  const words = wanted.terms.map(([word]) => word).join(' ');
  if (!visits) return words;
  const { period, services, isMissing } = visits;
  const days = period ? `${period.from ?? ''}..${period.to ?? ''}` : 'ever';
  return [
    words,
    services.map(ids => ids.join('/')).join(' + '),
    days,
    ...(isMissing ? ['missing'] : []),
  ].join(' | ');
}

describe('a question about customers', () => {
  test.each([
    ['customers who had screen cleaning last spring', ' | screens | 2026-03-01..2026-06-01'],
    ['who got their gutters done in October 2025 on Zierdt?', 'zierdt | gutters | 2025-10-01..2025-11-01'],
    ['gurley gutters may', 'gurley | gutters | 2026-05-01..2026-06-01'],
    ['abernathy gutters 2025', 'abernathy | gutters | 2025-01-01..2026-01-01'],
    ['screens and windows at the inn in march', 'inn | screens + windows | 2026-03-01..2026-04-01'],
    ['elderly woman screen claening last spring', 'elderly | screens | 2026-03-01..2026-06-01'],
    ['power washing this summer Decatur', 'decatur | pressure | 2026-06-01..2026-09-01'],
    ['cleaned windows yesterday', ' | windows | 2026-11-17..2026-11-18'],
    ['customers with a visit next week', ' |  | 2026-11-23..2026-11-30'],
    ['who had gutter cleaning', ' | gutters | ever'],
    ['customers without a visit since March', ' |  | 2026-03-01.. | missing'],
    ['not seen since last summer in Madison', 'madison |  | 2026-06-01.. | missing'],
    ['who hasn’t had gutters this year', ' | gutters | 2026-01-01..2027-01-01 | missing'],
    ['smith since april', 'smith |  | 2026-04-01..'],
  ])('%s', async (query, meaning) => {
    expect(await read(query)).toBe(meaning);
  });

  test.each([
    ['elderly woman in Owens Cross Roads', 'elderly owens cross roads'],
    ['the nice old lady with the dog Biscuit', 'nice elderly dog biscuit'],
    ['screens and windows in Athens', 'screens windows athens'],
    ['April May', 'april may'],
    ['Mrs March on Spring St', 'march spring st'],
    ['dog got hit', 'dog hit'],
  ])('that is about no visit: %s', async (query, meaning) => {
    expect(await read(query)).toBe(meaning);
  });
});

describe('words', () => {
  test.each([
    ['(256) 555-0142', '2565550142'],
    ['+1 256.555.0142', '2565550142'],
    ['1-256-555-0142', '2565550142'],
    ['256 555 0142', '2565550142'],
    ['2565550142', '2565550142'],
    ['555-0142', '5550142'],
    ['Jane.Smith@Example.com', 'jane.smith@example.com'],
    ['C-1042 and t-2001', 'c-1042 and t-2001'],
    ['INV-2026-014', 'inv-2026-014'],
    ['35758-1234 Madison', '35758 madison'],
    ['O’Brien’s gate', 'obrien gate'],
    ['Núñez, Łukasz', 'nunez lukasz'],
    ['48 Old Big Cove Rd.', '48 old big cove rd'],
    ['2-story, 20+ screens', '2 story 20 screens'],
  ])('%s', (text, words) => {
    expect(wordsOf(text).join(' ')).toBe(words);
  });

  test('around what is meant are left out, unless there is nothing else', () => {
    const typed = (query: string) => wantedIn(query).terms.map(([word]) => word);
    expect(typed('the customer called Mrs Hart')).toEqual(['hart']);
    expect(typed('house number 1450')).toEqual(['house', '1450']);
    expect(typed('the who')).toEqual(['the', 'who']);
  });

  test('have other forms: nicknames, streets, numbers, words of the trade', () => {
    const forms = (query: string) => wantedIn(query).terms[0];
    expect(forms('Bill')).toEqual(expect.arrayContaining(['bill', 'william']));
    expect(forms('rd')).toEqual(['rd', 'road']);
    expect(forms('villa nueva')).toEqual(['villa', 'villanueva']);
    expect(forms('sixth')).toEqual(['sixth', '6th']);
    expect(forms('senior')).toEqual(expect.arrayContaining(['senior', 'elderly']));
    expect(forms('zanzibar')).toEqual(['zanzibar']);
  });
});
