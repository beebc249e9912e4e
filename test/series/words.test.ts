import { expect, test, vi } from 'vitest';
import { ruleInWords, sayRule, wordsOfRule } from '../../core/series/words.ts';

test.each([
  ['every 6 weeks', 'FREQ=WEEKLY;INTERVAL=6'],
  ['Every six weeks', 'FREQ=WEEKLY;INTERVAL=6'],
  ['every second Tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
  ['every other week', 'FREQ=WEEKLY;INTERVAL=2'],
  ['every 2 weeks on Tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
  ['biweekly on Tuesdays', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
  ['monthly on the 1st Monday', 'FREQ=MONTHLY;BYDAY=1MO'],
  ['the first Monday of the month', 'FREQ=MONTHLY;BYDAY=1MO'],
  ['every second Tuesday of the month', 'FREQ=MONTHLY;BYDAY=2TU'],
  ['every first Monday', 'FREQ=MONTHLY;BYDAY=1MO'],
  ['every last Friday', 'FREQ=MONTHLY;BYDAY=-1FR'],
  ['every month on the 15th', 'FREQ=MONTHLY;BYMONTHDAY=15'],
  ['monthly on the last day', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
  ['every 3 months on the last Friday', 'FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR'],
  ['twice a year', 'FREQ=MONTHLY;INTERVAL=6'],
  ['4 times a year', 'FREQ=MONTHLY;INTERVAL=3'],
  ['once a month', 'FREQ=MONTHLY'],
  ['every 3 months', 'FREQ=MONTHLY;INTERVAL=3'],
  ['quarterly', 'FREQ=MONTHLY;INTERVAL=3'],
  ['every quarter', 'FREQ=MONTHLY;INTERVAL=3'],
  ['every year', 'FREQ=YEARLY'],
  ['every year in April', 'FREQ=YEARLY;BYMONTH=4'],
  ['yearly in April and October', 'FREQ=YEARLY;BYMONTH=4,10'],
  ['weekly', 'FREQ=WEEKLY'],
  ['every week', 'FREQ=WEEKLY'],
  ['every Monday and Thursday', 'FREQ=WEEKLY;BYDAY=MO,TH'],
  ['Mondays', 'FREQ=WEEKLY;BYDAY=MO'],
  ['every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
  ['every 10 days', 'FREQ=DAILY;INTERVAL=10'],
  ['every 6 weeks until 2027-06-30', 'FREQ=WEEKLY;INTERVAL=6;UNTIL=20270630'],
  ['weekly for 10 visits', 'FREQ=WEEKLY;COUNT=10'],
  ['RRULE:FREQ=WEEKLY;INTERVAL=6', 'FREQ=WEEKLY;INTERVAL=6'],
  ['interval=2;freq=weekly', 'FREQ=WEEKLY;INTERVAL=2'],
])('«%s» means %s', (words, rule) => {
  expect(ruleInWords(words)).toBe(rule);
});

test.each([
  'twice a week',
  'five times a year',
  'now and then',
  'every',
  'every 0 weeks',
  '',
  'FREQ',
  'every month on Tuesday',
  'FREQ=A=B',
])('«%s» could mean several things, or nothing', words => {
  expect(ruleInWords(words)).toBeUndefined();
});

test.each([
  ['FREQ=WEEKLY;INTERVAL=6', 'every 6 weeks'],
  ['FREQ=WEEKLY', 'every week'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'every 2 weeks on Tuesday'],
  ['FREQ=MONTHLY;BYDAY=1MO', 'every month on 1st Monday'],
  ['FREQ=MONTHLY;INTERVAL=3', 'every 3 months'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on the last day of the month'],
  ['FREQ=WEEKLY;INTERVAL=6;UNTIL=20270630T090000Z', 'every 6 weeks'],
])('%s is said «%s»', (rule, words) => {
  expect(wordsOfRule(rule)).toBe(words);
});

test('what we say ourselves is understood again', () => {
  for (const rule of [
    'FREQ=WEEKLY;INTERVAL=6',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
    'FREQ=MONTHLY;BYDAY=1MO',
    'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15',
    'FREQ=YEARLY;BYMONTH=4',
  ])
    expect({ [rule]: ruleInWords(wordsOfRule(rule)) }).toEqual({ [rule]: rule });
});

test('a rule stands in a form in words that mean exactly it, and as it is where there are none', () => {
  expect(sayRule('FREQ=WEEKLY;INTERVAL=6')).toBe('every 6 weeks');
  expect(sayRule('FREQ=MONTHLY;BYDAY=1MO')).toBe('every month on 1st Monday');
  for (const rule of ['FREQ=YEARLY;BYYEARDAY=100', 'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1'])
    expect(sayRule(rule)).toBe(rule);
});

test('a rule is said in English, whatever language the machine has', () => {
  const options = new Intl.DateTimeFormat('de-DE').resolvedOptions();
  const ofMachine = vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue(options);
  try {
    expect(wordsOfRule('FREQ=WEEKLY;INTERVAL=6')).toBe('every 6 weeks');
    expect(wordsOfRule('FREQ=MONTHLY;BYDAY=2TU')).toBe('every month on 2nd Tuesday');
  } finally {
    ofMachine.mockRestore();
  }
});
