import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import type { NewContact } from './hand-written.ts';

// What somebody would build who needs a table of customers, an audit table and nothing else: measured from outside, it tells
// what our statements themselves cost, which `hand-written.ts` shares with the product.

/** The tables, filled with the names of our customers. The application may use them like its own. */
export async function makeTables(owner: DatabaseAddress): Promise<void> {
  const pool = new pg.Pool({ ...owner, ssl: false, max: 1 });
  try {
    await pool.query(`
      create schema outside;
      create table outside.contacts (
        id uuid primary key, organization_id uuid not null, first_name text, last_name text, full_name text not null,
        email text, phone text, created_at timestamptz not null default now()
      );
      create table outside.audit (
        id uuid primary key, organization_id uuid not null, entity_id uuid not null, action text not null,
        actor jsonb not null, after jsonb, created_at timestamptz not null default now()
      );
      insert into outside.contacts (id, organization_id, first_name, last_name, full_name, email, phone)
      select id, organization_id, first_name, last_name, full_name, email, phone from contacts;
      create index on outside.contacts (organization_id, full_name, id);
      create index on outside.contacts using gin (full_name gin_trgm_ops);
      create index on outside.audit (organization_id, created_at);
      grant usage on schema outside to deskhand_app;
      grant select, insert on all tables in schema outside to deskhand_app`);
    // All of it: what was filled just now the database would tidy in the next minutes, at the cost of whoever is timed first.
    await pool.query('vacuum (analyze)');
  } finally {
    await pool.end();
  }
}

/**
 * As autovacuum leaves it. Between its turns PostgreSQL's default keeps what is new to an index of words in an unordered list that every
 * search reads (decision 062): how long that list happens to be would decide how fast the bare loop searches.
 */
export async function tidyUp(owner: DatabaseAddress): Promise<void> {
  const pool = new pg.Pool({ ...owner, ssl: false, max: 1 });
  try {
    await pool.query('vacuum (analyze)');
  } finally {
    await pool.end();
  }
}

/** The tables as an ordinary pool of `pg` uses them: a statement at a time, none prepared. */
export interface Outside {
  create(contact: NewContact): Promise<Record<string, unknown>>;
  list(): Promise<Record<string, unknown>[]>;
  /** Names that contain the text. */
  find(text: string): Promise<Record<string, unknown>[]>;
  /** Names like the text. */
  findAlike(text: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export function openOutside(address: DatabaseAddress, organization: string, connections: number): Outside {
  const pool = new pg.Pool({ ...address, ssl: false, max: connections });
  const columns = 'id, first_name, last_name, full_name, email, phone, created_at';
  return {
    async create({ first_name, last_name, email, phone }) {
      const client = await pool.connect();
      try {
        const id = randomUUID();
        await client.query('begin');
        await client.query(`select set_config('outside.organization_id', $1, true)`, [organization]);
        await client.query(`select set_config('outside.actor', $1, true)`, ['bench']);
        const { rows } = await client.query(
          `insert into outside.contacts (id, organization_id, first_name, last_name, full_name, email, phone)
           values ($1, $2, $3, $4, $5, $6, $7)
           returning ${columns}`,
          [id, organization, first_name, last_name, `${first_name} ${last_name}`, email, phone],
        );
        await client.query(
          `insert into outside.audit (id, organization_id, entity_id, action, actor, after)
           values ($1, $2, $3, 'contact.create', '{}', $4)`,
          [randomUUID(), organization, id, JSON.stringify(rows[0])],
        );
        await client.query('commit');
        return rows[0];
      } finally {
        client.release();
      }
    },
    async list() {
      const { rows } = await pool.query(
        `select ${columns} from outside.contacts where organization_id = $1 order by full_name, id limit 20`,
        [organization],
      );
      return rows;
    },
    async find(text) {
      const { rows } = await pool.query(
        `select ${columns} from outside.contacts
         where organization_id = $1 and full_name ilike '%' || $2 || '%'
         order by full_name, id
         limit 10`,
        [organization, text],
      );
      return rows;
    },
    async findAlike(text) {
      const { rows } = await pool.query(
        `select ${columns} from outside.contacts
         where organization_id = $1 and full_name % $2
         order by similarity(full_name, $2) desc, id
         limit 10`,
        [organization, text],
      );
      return rows;
    },
    close: () => pool.end(),
  };
}
