import type { App } from '../../core/app.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { interleave } from './measure.ts';

// What an office asks all day, of one business in one place and of one in another.

export type Ask = () => Promise<unknown>;

/** The milliseconds of each question. */
export type Times = Record<string, number[]>;

/**
 * The same questions here and there, asked in turns: what else the machine does, and how warm the program is, meets both alike.
 */
export async function askBoth(
  here: Record<string, Ask>,
  there: Record<string, Ask>,
  rounds: number,
): Promise<{ here: Times; there: Times }> {
  const contenders = Object.fromEntries(
    [...named('here', here), ...named('there', there)].map(([name, ask]) => [
      name,
      async () => {
        const started = performance.now();
        await ask();
        return performance.now() - started;
      },
    ]),
  );
  const of = await interleave(contenders, rounds);
  const all = (place: string) =>
    Object.fromEntries(Object.keys(here).map(name => [name, of(`${place} ${name}`)]));
  return { here: all('here'), there: all('there') };
}

const named = (place: string, questions: Record<string, Ask>) =>
  Object.entries(questions).map(([name, ask]) => [`${place} ${name}`, ask] as const);

/** What an office asks all day, each time about another customer. */
export function questionsOf(app: App, caller: Caller, customers: number, first: number): Record<string, Ask> {
  let turn = 0;
  // Over all there are, and the same ones in every run.
  const number = () => {
    turn += 1;
    return Math.floor(((turn * 0.618_034) % 1) * customers);
  };
  const facts = () => ({ request_id: newId() });
  const read = (type: string, query: () => Parameters<App['read']>[2]) => () =>
    app.read(caller, type, query(), facts());
  const day = new Date().toISOString().slice(0, 10);
  const reference = () => `C-${first + number()}`;
  return {
    list: read('contacts', () => ({ limit: 20 })),
    'list by name': read('contacts', () => ({ limit: 20, sort: 'full_name' })),
    find_customer: () =>
      app.execute(caller, { action: 'find_customer', data: { query: nameOf(number()) } }, facts()),
    'search a name': read('search', () => ({ search: nameOf(number()) })),
    'search a misspelt name': read('search', () => ({ search: nameOf(number()).replace(/(..)$/, 'x$1') })),
    briefing: () => app.execute(caller, { action: 'daily_briefing', data: {} }, facts()),
    'calendar day': read('calendar', () => ({ params: { from: day, to: day } })),
    history: read('contacts', () => ({ id: reference(), include: ['audit_trail'] })),
    'contact page': read('contacts', () => ({
      id: reference(),
      include: ['addresses', 'tickets', 'history'],
    })),
  };
}

const given = ['Jane', 'Omar', 'Ruth', 'Liam', 'Nora', 'Ivan', 'Mina', 'Carl', 'Tess', 'Hugo'];
const roots = [
  'hart',
  'berg',
  'wald',
  'stone',
  'field',
  'brook',
  'lake',
  'moor',
  'wick',
  'ford',
  'dale',
  'holm',
  'gate',
];
const heads = [
  'Ash',
  'Bir',
  'Cor',
  'Dun',
  'Elm',
  'Fen',
  'Gor',
  'Hol',
  'Ing',
  'Jar',
  'Kel',
  'Lin',
  'Mar',
  'Nor',
  'Oak',
  'Pen',
  'Quil',
];

/** Some two hundred family names with a number's worth of variety behind them, as a large town has. */
export const nameOf = (number: number): string =>
  `${given[number % given.length]} ${heads[Math.floor(number / 10) % heads.length]}${roots[Math.floor(number / 170) % roots.length]}${suffixOf(number)}`;
const suffixOf = (number: number): string =>
  [number, number / 26, number / 676]
    .map(part => String.fromCharCode(97 + (Math.floor(part / 2210) % 26)))
    .join('');
