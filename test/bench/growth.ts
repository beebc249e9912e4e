import { createDeskhand } from '../../api/compose.ts';
import type { App } from '../../core/app.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { openPool } from './hand-written.ts';
import { interleave, quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';

// One business that grows tenfold, asked the same before and after.

const growth = 2;
const search_p95_ms = 30;

type Ask = () => Promise<unknown>;

/** Every visit, bill and note of a customer stands in the search as well: three documents each. */
export async function measureGrowth({ cluster, rounds, grown, say }: Bench) {
  const { address, owner, organization, caller } = cluster.empty;
  const pool = openPool(owner, 1);
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const measured: Record<string, number[]>[] = [];
  try {
    let filled = 0;
    for (const size of [Math.round(grown / 10), grown]) {
      say(`filling up to ${size} customers`);
      for (let from = filled; from < size; from += 50_000)
        await fillCustomers(pool, [organization], from, Math.min(size, from + 50_000));
      filled = size;
      say('tidying');
      await pool.query('vacuum (analyze)');
      say(`asking with ${size} customers`);
      measured.push(await times(questionsOf(app, caller, size), rounds * 4));
    }
    const [before = {}, after = {}] = measured;
    return {
      customers: [Math.round(grown / 10), grown],
      documents: grown * 3,
      visits: grown * 2,
      questions: Object.keys(after).map(name => {
        const [small, large] = [before[name] ?? [], after[name] ?? []];
        const p95_ms = round(quantile(large, 0.95), 1);
        return {
          question: name,
          before: { p50_ms: round(quantile(small, 0.5), 1), p95_ms: round(quantile(small, 0.95), 1) },
          after: {
            p50_ms: round(quantile(large, 0.5), 1),
            p95_ms: name.startsWith('search') ? atMost(p95_ms, search_p95_ms) : p95_ms,
          },
          growth: atMost(round(quantile(large, 0.5) / quantile(small, 0.5), 2), growth),
        };
      }),
    };
  } finally {
    await db.close();
    await pool.end();
  }
}

/** The milliseconds of each question, asked in turns. */
export async function times(
  questions: Record<string, Ask>,
  rounds: number,
): Promise<Record<string, number[]>> {
  const contenders = Object.fromEntries(
    Object.entries(questions).map(([name, ask]) => [
      name,
      async () => {
        const started = performance.now();
        await ask();
        return performance.now() - started;
      },
    ]),
  );
  const of = await interleave(contenders, rounds);
  return Object.fromEntries(Object.keys(questions).map(name => [name, of(name)]));
}

/** What an office asks all day, each time about another customer. */
export function questionsOf(app: App, caller: Caller, customers: number): Record<string, Ask> {
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
  const reference = () => `C-${firstReference + number()}`;
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

const firstReference = 5_000_000;
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
const nameOf = (number: number): string =>
  `${given[number % given.length]} ${heads[Math.floor(number / 10) % heads.length]}${roots[Math.floor(number / 170) % roots.length]}${suffixOf(number)}`;
const suffixOf = (number: number): string =>
  [number, number / 26, number / 676]
    .map(part => String.fromCharCode(97 + (Math.floor(part / 2210) % 26)))
    .join('');

/** Customers of each business with an address, three documents, two visits (one of them closed), and what the history has of them. */
export async function fillCustomers(
  pool: ReturnType<typeof openPool>,
  organizations: readonly string[],
  from: number,
  to: number,
): Promise<void> {
  // Rows alone, on whatever connection the pool has now.
  await pool.query('set session_replication_role = replica');
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const at = [organizations, firstReference + from, numbers.map(nameOf)];
  for (const statement of fills) await pool.query(statement, at);
}

const fills = [
  `insert into contacts (organization_id, id, reference, kind, full_name, first_name, last_name)
   select o.id, uuid7(), 'C-' || ($2::integer + n - 1), 'person', name, split_part(name, ' ', 1), split_part(name, ' ', 2)
   from unnest($1::uuid[]) as o (id)
   cross join unnest($3::text[]) with ordinality as u (name, n)`,
  `insert into addresses (organization_id, id, reference, contact_id, line1, city, postal_code)
   select c.organization_id, uuid7(), 'A-' || substr(c.reference, 3), c.id, (substr(c.reference, 3)::integer % 900) || ' Oak Street', 'Huntsville',
     (35700 + substr(c.reference, 3)::integer % 80)::text
   from contacts as c
   where c.organization_id = any ($1::uuid[]) and c.reference in (select 'C-' || ($2::integer + n - 1) from generate_series(1, cardinality($3::text[])) as n)`,
  `insert into tickets (
     organization_id, id, reference, contact_id, address_id, status, scheduled_at, duration_minutes, ends_at, currency, total_cents, closed_at
   )
   select a.organization_id, uuid7(), 'T-' || substr(a.reference, 3) || '-' || v, a.contact_id, a.id,
     case v when 1 then 'closed' else 'scheduled' end, at, 60, at + interval '60 minutes', 'USD', 20000, case v when 1 then at + interval '1 hour' end
   from addresses as a
   cross join generate_series(1, 2) as v
   -- Some forty a day from now on, whatever the size: a larger business has them further ahead and further back.
   cross join lateral (
     select now() + (case v when 1 then -1 else 1 end) * (substr(a.reference, 3)::integer - ${firstReference}) * interval '36 minutes' as at
   ) as t
   where a.organization_id = any ($1::uuid[]) and a.reference in (select 'A-' || ($2::integer + n - 1) from generate_series(1, cardinality($3::text[])) as n)`,
  `insert into search_documents (organization_id, kind, record_id, reference, title, names, detail, contact_id, lexemes)
   select c.organization_id, d.kind, d.id, d.reference, d.title, lower(d.title), '', d.about,
     search_lexemes(c.organization_id, d.kind, lower(d.title), lower(d.title), lower(d.reference), '')
   from contacts as c
   cross join lateral (
     select 'contact' as kind, c.id, c.reference, c.full_name as title, null::uuid as about
     union all
     select 'ticket', t.id, t.reference, c.full_name, c.id from tickets as t where t.organization_id = c.organization_id and t.contact_id = c.id
   ) as d
   where c.organization_id = any ($1::uuid[]) and c.reference in (select 'C-' || ($2::integer + n - 1) from generate_series(1, cardinality($3::text[])) as n)`,
  `insert into search_words (organization_id, word)
   select distinct o.id, word
   from unnest($1::uuid[]) as o (id), unnest($3::text[]) as name, regexp_split_to_table(lower(name), ' ') as word, (select $2::integer) as unused
   on conflict do nothing`,
  `insert into audit_log (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes, actor_kind, actor_name)
   select c.organization_id, uuid7(), 'contact', c.id, 'contact', c.id, v, '{"full_name": {"old": null, "new": "Jane"}}', 'user', 'Olivia'
   from contacts as c
   cross join unnest('{create,update}'::text[]) as v
   where c.organization_id = any ($1::uuid[]) and c.reference in (select 'C-' || ($2::integer + n - 1) from generate_series(1, cardinality($3::text[])) as n)`,
];
