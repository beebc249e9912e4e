import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import type { BenchDatabase } from './databases.ts';
import { openPool } from './hand-written.ts';
import { quantile, round } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { askBoth, nameOf, questionsOf, type Times } from './questions.ts';

// One business, asked the same as another that has ten times as much of everything.

const growth = 2;
const search_p95_ms = 30;
const firstReference = 5_000_000;

/** Every visit, bill and note of a customer stands in the search as well: three documents each. */
export async function measureGrowth({ cluster, rounds, grown, say }: Bench) {
  const sizes: readonly [number, number] = [Math.round(grown / 10), grown];
  const small = await openGrown(cluster.small);
  const large = await openGrown(cluster.empty);
  try {
    await small.fill(sizes[0], say);
    await large.fill(sizes[1], say);
    say(`asking with ${sizes.join(' and ')} customers`);
    const times = await askBoth(small.questions(sizes[0]), large.questions(sizes[1]), rounds * 4);
    return {
      customers: sizes,
      documents: grown * 3,
      visits: grown * 2,
      questions: compare(times.here, times.there),
    };
  } finally {
    await small.close();
    await large.close();
  }
}

const compare = (small: Times, large: Times) =>
  Object.entries(large).map(([question, after]) => {
    const before = small[question] ?? [];
    const [p50, p95] = [0.5, 0.95].map(part => ({
      before: quantile(before, part),
      after: quantile(after, part),
    }));
    if (!p50 || !p95) throw new Error('two parts were asked for');
    const p95_ms = round(p95.after, 1);
    return {
      question,
      before: { p50_ms: round(p50.before, 1), p95_ms: round(p95.before, 1) },
      after: {
        p50_ms: round(p50.after, 1),
        p95_ms: question.startsWith('search') ? atMost(p95_ms, search_p95_ms) : p95_ms,
      },
      growth: atMost(round(p50.after / p50.before, 2), growth),
      growth_p95: atMost(round(p95.after / p95.before, 2), growth),
    };
  });

/** A new business in a database, to be filled. */
async function openGrown({ address, owner }: BenchDatabase) {
  const pool = openPool(owner, 1);
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const { organization_id, owner_id } = await foundBusiness(db, {
    slug: 'grown',
    name: 'Grown Window Cleaning',
    time_zone: 'America/Chicago',
    owner: { email: 'owner@grown.example', name: 'Olivia Bright' },
  });
  const caller = { via: 'member', organization_id, user_id: owner_id } as const;
  return {
    async fill(size: number, say: Bench['say']): Promise<void> {
      for (let from = 0; from < size; from += 50_000) {
        say(`filling up to ${size} customers: ${from}`);
        await fillCustomers(pool, [organization_id], from, Math.min(size, from + 50_000));
      }
      say('tidying');
      await pool.query('vacuum (analyze)');
    },
    questions: (size: number) => questionsOf(app, caller, size, firstReference),
    async close(): Promise<void> {
      await db.close();
      await pool.end();
    },
  };
}

/** Customers of each business with an address, three documents, two visits (one of them closed), and what the history has of them. */
async function fillCustomers(
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
