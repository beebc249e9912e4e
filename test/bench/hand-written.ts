import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { StatementNames } from '../../core/kernel/database/prepared.ts';
import { Turns } from '../../core/kernel/database/turns.ts';

// What a careful person would write by hand for one purpose: the same statements as the product, in the same roles,
// on a pool with the same settings, and nothing around them. Statements that do not wait for each other's answers
// travel together and are prepared by name, as in the product; otherwise these would be slower and the product would
// look better.

/** A new customer as a caller sends it. */
export interface NewContact {
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
}

export function openPool(address: DatabaseAddress, connections: number): pg.Pool {
  const pool = new pg.Pool({ ...address, ssl: false, max: connections, pipeline: true });
  // One that is closed may still hear that the server stops.
  pool.on('error', () => undefined);
  return pool;
}

const names = new StatementNames();
const opened = new WeakMap<pg.PoolClient, Turns>();
export function ask(
  client: pg.PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<Pick<pg.QueryResult, 'rows'>> {
  const turns = opened.get(client) ?? new Turns(client, oid => pg.types.getTypeParser(oid));
  opened.set(client, turns);
  return turns.ask({ name: names.nameOf(text), text, values });
}

/** `select enter(…)` for an agent's key: who calls is found out in the transaction, as everywhere. */
function enter(client: pg.PoolClient, key: string, action?: string): Promise<Pick<pg.QueryResult, 'rows'>> {
  const hash = createHash('sha256').update(key).digest('hex');
  const request = { request_id: randomUUID(), ...(action === undefined ? {} : { action }) };
  return ask(client, 'select enter($1::jsonb, $2::jsonb, $3::text[]) as entered', [
    JSON.stringify({ via: 'key', hash }),
    JSON.stringify(request),
    action === undefined ? [] : [action],
  ]);
}

export async function inTransaction<T>(
  pool: pg.Pool,
  mode: 'read only' | 'read write',
  key: string,
  action: string | undefined,
  work: (client: pg.PoolClient, organization: string) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    const [, { rows }] = await Promise.all([ask(client, `begin ${mode}`), enter(client, key, action)]);
    return await work(client, rows[0].entered.organization.id);
  } finally {
    client.release();
  }
}

/** The first 20 customers by name, as the list of the product reads them. */
export function listContacts(pool: pg.Pool, key: string): Promise<Record<string, unknown>[]> {
  return inTransaction(pool, 'read only', key, undefined, async (client, organization) => {
    const [{ rows }] = await Promise.all([
      ask(
        client,
        `select id, reference, full_name, phone, email, status, lifecycle_stage, tags
         from contacts
         where organization_id = $1::uuid and deleted_at is null
         order by full_name, id
         limit 21`,
        [organization],
      ),
      ask(client, 'commit'),
    ]);
    return rows.slice(0, 20);
  });
}

/** A new customer with number, keys, audit entry (by the trigger) and search document. */
export function createContact(
  pool: pg.Pool,
  key: string,
  contact: NewContact,
): Promise<Record<string, unknown>> {
  return inTransaction(pool, 'read write', key, 'contact.create', async (client, organization) => {
    const id = newId();
    const name = `${contact.first_name} ${contact.last_name}`;
    const phone = `+1${contact.phone.replace(/\D/g, '')}`;
    const emails = [{ email: contact.email, type: 'other', primary: true }];
    const phones = [{ number: phone, type: 'other', primary: true }];
    const counter = await ask(
      client,
      `insert into counters as c (organization_id, kind, value)
       values ($1::uuid, 'C', 1001)
       on conflict (organization_id, kind) do update set value = c.value + 1
       returning value`,
      [organization],
    );
    const reference = `C-${counter.rows[0].value}`;
    const [{ rows }] = await Promise.all([
      ask(
        client,
        `insert into contacts (
           organization_id, id, reference, first_name, last_name, full_name, emails, phones, email, phone, source
         )
         values (
           $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::jsonb, $8::jsonb, $9::text, $10::text, 'api'
         )
         returning *`,
        [
          organization,
          id,
          reference,
          contact.first_name,
          contact.last_name,
          name,
          JSON.stringify(emails),
          JSON.stringify(phones),
          contact.email,
          phone,
        ],
      ),
      ask(
        client,
        `insert into contact_keys (organization_id, key, contact_id)
         values ($1::uuid, $2::text, $4::uuid), ($1::uuid, $3::text, $4::uuid)`,
        [organization, `email:${contact.email}`, `phone:${phone}`, id],
      ),
      ask(
        client,
        `insert into search_documents (
           organization_id, kind, record_id, reference, title, detail, contact_id, names, lexemes
         )
         values (
           $1::uuid, 'contact', $2::uuid, $6::text, $3::text, $7::text, null, $4::text,
           search_lexemes($1::uuid, 'contact', lower($3::text), $4::text, $5::text, '')
         )`,
        [
          organization,
          id,
          name,
          `${name} ${contact.email}`.toLowerCase(),
          [reference.toLowerCase(), phone.slice(1), phone.slice(2), phone.slice(-7), phone.slice(-4)].join(
            ' ',
          ),
          reference,
          phone,
        ],
      ),
      ask(
        client,
        `insert into search_words (organization_id, word)
         select $1::uuid, word from unnest($2::text[]) as word
         on conflict do nothing`,
        [organization, `${name} ${contact.email}`.toLowerCase().match(/[a-z]{3,}/g)],
      ),
      ask(client, 'commit'),
    ]);
    return rows[0];
  });
}

/** The names of all customers in a table with a trigram index, for `findByTrigrams`. */
export async function indexNames(pool: pg.Pool): Promise<void> {
  await pool.query(
    `create table bench_names as
     select organization_id, record_id, title, names
     from search_documents
     where kind = 'contact'`,
  );
  await pool.query('create index on bench_names using gin (organization_id, names gin_trgm_ops)');
  await pool.query('vacuum (analyze) bench_names');
}

/**
 * The five names most like the query, by trigrams alone: one statement without a transaction, as the owner of the table,
 * because row level security would keep the index from being used.
 */
export async function findByTrigrams(
  pool: pg.Pool,
  organization: string,
  query: string,
): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query(
    `select record_id, title
     from bench_names
     where organization_id = $1::uuid and $2::text <% names
     order by word_similarity($2::text, names) desc
     limit 5`,
    [organization, query.toLowerCase()],
  );
  return rows;
}

/** The words of all records in a table with a full-text index, for `findByWords`. */
export async function indexWords(pool: pg.Pool): Promise<void> {
  await pool.query(
    `create table bench_words as
     select organization_id, kind, record_id, title,
       replace(' ' || lexemes::text, ' ''' || search_prefix(organization_id, kind), ' ''')::tsvector as words
     from search_documents`,
  );
  await pool.query('create index on bench_words using gin (organization_id, words)');
  await pool.query('vacuum (analyze) bench_words');
}

/** The twenty records that fit all words best, by full text alone: one statement without a transaction. */
export async function findByWords(
  pool: pg.Pool,
  organization: string,
  words: string,
): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query(
    `select kind, record_id, title
     from bench_words, plainto_tsquery('simple', $2::text) as wanted
     where organization_id = $1::uuid and words @@ wanted
     order by ts_rank(words, wanted) desc
     limit 20`,
    [organization, words],
  );
  return rows;
}

/** With half of the letter groups in common: `Smiht` is found, not every street with an "S". */
export const openTrigramPool = (owner: DatabaseAddress): pg.Pool =>
  new pg.Pool({ ...owner, ssl: false, max: 1, options: '-c pg_trgm.word_similarity_threshold=0.5' });
