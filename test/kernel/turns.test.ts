import { Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { reasonOf, Turns } from '../../core/kernel/database/turns.ts';
import { sqlState } from '../../core/kernel/words/errors.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { soon } from '../support/patience.ts';

let database: TestDatabase;
let turns: Turns;
let socket: Socket;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  socket = new Socket();
  client = new pg.Client({ ...database.admin, ssl: false, pipeline: true, stream: () => socket });
  client.on('error', () => undefined);
  await client.connect();
  turns = new Turns(client, oid => pg.types.getTypeParser(oid));
  return () => client.end();
});

const ask = (text: string, values: readonly unknown[] = [], name?: string) =>
  turns.ask({ text, values, name });
const stateOf = (call: Promise<unknown>) => call.then(() => 'done', sqlState);
const nextTurn = () => new Promise(resolve => setImmediate(resolve));

test('values arrive as they were given, whatever they are', async () => {
  const day = new Date('2026-03-01T12:00:00.000Z');
  const given: readonly [type: string, value: unknown, answered?: unknown][] = [
    ['text', `it's "quoted" \\ and 日本 🪟`],
    ['text', ''],
    ['text', null],
    ['text', undefined, null],
    ['integer', -7],
    ['boolean', true],
    ['jsonb', { a: ['b', null], c: 1 }],
    ['timestamptz', day],
    ['bytea', Buffer.from([0, 1, 92, 255])],
    ['text[]', ['a,b', '{c}', '"d"', '\\', '', 'NULL', null]],
    ['integer[]', []],
    [
      'integer[]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['bytea[]', [Buffer.from([0, 255])]],
  ];
  const text = `select ${given.map(([type], index) => `$${index + 1}::${type} as c${index}`).join(', ')}`;
  const { rows } = await ask(
    text,
    given.map(([, value]) => value),
  );
  expect(Object.values(rows[0] ?? {})).toEqual(given.map(([, value, answered = value]) => answered));
});

test('a value longer than any buffer arrives whole, with what comes behind it', async () => {
  const long = 'ü'.repeat(300_000);
  const [first, second] = await Promise.all([ask('select $1::text as long', [long]), ask('select 2 as two')]);
  expect([first.rows, second.rows]).toEqual([[{ long }], [{ two: 2 }]]);
});

test('the statements of one turn leave in one packet, those of the next one after them', async () => {
  const written = vi.spyOn(socket, '_write');
  const first = Promise.all(['a', 'b', 'c'].map(value => ask('select $1::text as value', [value], 'value')));
  await nextTurn();
  const second = ask('select 4 as four');
  expect((await first).map(({ rows }) => rows)).toEqual([
    [{ value: 'a' }],
    [{ value: 'b' }],
    [{ value: 'c' }],
  ]);
  expect((await second).rows).toEqual([{ four: 4 }]);
  expect(written).toHaveBeenCalledTimes(2);
});

test('an answer says what was done and to how many rows', async () => {
  const [, inserted, none, rolledBack] = await Promise.all([
    ask('begin'),
    ask('create temporary table told as select generate_series(1, 3) as n'),
    ask('delete from told where n > $1', [5]),
    ask('rollback'),
  ]);
  expect([inserted, none, rolledBack]).toMatchObject([
    { command: 'SELECT', rowCount: 3, rows: [] },
    { command: 'DELETE', rowCount: 0, rows: [] },
    { command: 'ROLLBACK', rows: [] },
  ]);
});

test('what stands behind a statement that fails is left out, and does no harm to what comes later', async () => {
  const behind = () => ask('select $1::integer as n', [1], 'behind');
  const states = await Promise.all([
    stateOf(ask('select 1 as one')),
    stateOf(ask('select 1 / $1::integer', [0])),
    stateOf(behind()),
    stateOf(ask('select 3')),
  ]);
  expect(states).toEqual(['done', '22012', '25P02', '25P02']);
  expect((await behind()).rows).toEqual([{ n: 1 }]);
  expect((await behind()).rows).toEqual([{ n: 1 }]);
});

test('a statement whose own preparing fails can be prepared later', async () => {
  const later = () => ask('select n from made_later', [], 'later');
  expect(await stateOf(later())).toBe('42P01');
  await ask('create temporary table made_later as select 8 as n');
  expect((await later()).rows).toEqual([{ n: 8 }]);
});

test('a name that one packet prepares is of use to the next before that is answered, even when it fails', async () => {
  const named = () => ask('select $1::integer as n', [5], 'named');
  const fails = stateOf(ask('select 1 / $1::integer', [0]));
  const leftOut = stateOf(named());
  turns.flush();
  const next = named();
  expect([await fails, await leftOut, (await next).rows]).toEqual(['22012', '25P02', [{ n: 5 }]]);
  expect((await Promise.all([named(), named()])).map(({ rows }) => rows)).toEqual([[{ n: 5 }], [{ n: 5 }]]);
});

test('what is owed goes in front of the next statement, in the same packet, or by itself in a moment', async () => {
  const state = () =>
    ask(`select pg_current_xact_id_if_assigned() is null as is_new, current_setting('a.b', true) as b`);
  const begin = () =>
    Promise.all([ask('begin'), ask(`set local a.b = 'inside'`), ask('select pg_current_xact_id()')]);
  await begin();
  expect((await state()).rows).toEqual([{ is_new: false, b: 'inside' }]);
  const written = vi.spyOn(socket, '_write');
  turns.owe({ text: 'commit', values: [], name: undefined });
  expect((await state()).rows).toEqual([{ is_new: true, b: '' }]);
  expect(written).toHaveBeenCalledTimes(1);

  await begin();
  written.mockClear();
  turns.owe({ text: 'commit', values: [], name: undefined });
  await vi.waitFor(() => expect(written).toHaveBeenCalledTimes(1), soon);
  expect((await state()).rows).toEqual([{ is_new: true, b: '' }]);
});

test('what is owed does not go in front of what has not been sent yet', async () => {
  void ask('begin');
  const inside = ask('select pg_current_xact_id()::text as id');
  turns.owe({ text: 'commit', values: [], name: undefined });
  const after = ask('select pg_current_xact_id()::text as id');
  expect((await after).rows).not.toEqual((await inside).rows);
});

test('who stands behind something owed that fails is told why, for nobody else hears of it', async () => {
  turns.owe({ text: 'select 1 / 0', values: [], name: undefined });
  const error: unknown = await ask('select 1 as n').catch(reason => reason);
  expect([sqlState(error), sqlState(reasonOf(error))]).toEqual(['25P02', '22012']);
  expect((await ask('select 1 as n')).rows).toEqual([{ n: 1 }]);
});

test('columns are described once, and a statement whose columns changed is refused, never misread', async () => {
  await ask('create temporary table panes as select 1 as n');
  const panes = () => ask('select * from panes', [], 'panes');
  expect([(await panes()).rows, (await panes()).rows]).toEqual([[{ n: 1 }], [{ n: 1 }]]);
  await ask('alter table panes alter n type text');
  expect(await stateOf(panes())).toBe('0A000');
});

test('behind a pooler, which may prepare a name anew after a change, columns are described each time', async () => {
  // One column that is called n, as a description says it.
  const description = '\0\x01n\0';
  let seen = 0;
  socket.on('data', (piece: Buffer) => {
    seen += piece.toString('latin1').split(description).length - 1;
  });
  const described = async (name: string, given: { remembers?: boolean }) => {
    const own = new Turns(client, oid => pg.types.getTypeParser(oid), given);
    const before = seen;
    for (let use = 1; use <= 3; use++) await own.ask({ text: 'select 1 as n', values: [], name });
    return seen - before;
  };
  expect([await described('direct', {}), await described('pooled', { remembers: false })]).toEqual([1, 3]);
});

test('whoever waits when the connection ends is told', async () => {
  const waiting = [ask('select pg_sleep(60)'), ask('select 2')].map(call => call.catch(String));
  await nextTurn();
  socket.destroy();
  for (const told of await Promise.all(waiting)) expect(told).toMatch(/connection terminated/i);
});
