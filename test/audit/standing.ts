import type pg from 'pg';

// What a database says, compared before something was done and after it was taken back.

/** What tells that something was done, or is made of what stands elsewhere, with the reason. */
const besides: Readonly<Record<string, string>> = {
  audit_log: 'the trail tells of both, the call and its undo',
  counters: 'a number that was given once is not given again',
  idempotency_keys: 'the answer of a repeated call is that of the first',
  events: 'a log of what happened',
  automation_runs: 'a log too: a run that waited says that what started it was taken back',
  customer_links: 'nobody was sent the link, for its mail is gone',
  search_words: 'words once seen help whoever misspells them',
  security_events: 'what was taken out of a text stays known',
  llm_usage: 'what a model has cost is not given back',
  grant_uses: 'a use that was counted stays counted',
  import_mappings: 'what the columns of a file are read as is remembered',
  deleted_businesses: 'what is left of a business that is gone',
  calendar_entries: 'a calendar takes a change only with a higher number than the last one',
};

/** Rows that were made since `$1` and have ended: they keep their number, and nobody is shown them any more. */
const ended: Readonly<Record<string, string>> = {
  tickets: "status = 'cancelled' and created_at >= $1",
  series: "status = 'ended' and created_at >= $1",
  invoices: "status = 'cancelled' and created_at >= $1",
  waitlist_offers: "status = 'withdrawn' and created_at >= $1",
  scheduled_messages: "status in ('cancelled', 'skipped') and created_at >= $1",
  ticket_lines: "ticket_id in (select id from tickets where status = 'cancelled' and created_at >= $1)",
  ticket_technicians: "ticket_id in (select id from tickets where status = 'cancelled' and created_at >= $1)",
  invoice_lines: "invoice_id in (select id from invoices where status = 'cancelled' and created_at >= $1)",
  // A kind of fact that was named once is known.
  attribute_keys: 'created_at >= $1',
  contact_keys: 'contact_id in (select id from contacts where deleted_at is not null and created_at >= $1)',
  contact_merges: 'undone_at is not null and created_at >= $1',
  import_batches: 'undone_at is not null and created_at >= $1',
  search_documents: `kind in ('ticket', 'series', 'invoice', 'scheduled_message', 'import') and record_id in (
    select id from tickets where status = 'cancelled' and created_at >= $1
    union all select id from series where status = 'ended' and created_at >= $1
    union all select id from invoices where status = 'cancelled' and created_at >= $1
    union all select id from scheduled_messages where status in ('cancelled', 'skipped') and created_at >= $1
    union all select id from import_batches where undone_at is not null and created_at >= $1)`,
};

/** The moment from which rows count as made since. */
export async function momentOf(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ now: string }>('select clock_timestamp()::text as now');
  return rows[0]?.now ?? '';
}

/**
 * A checksum of what stands in every table. When a row was changed last, and how often, is not compared; nor is by which
 * number a technician is on a visit, for whoever is sent again gets a new one.
 */
export async function standing(owner: pg.Pool, since: string): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string; has_mark: boolean }>(
    `select c.relname as name, exists (
      select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'deleted_at' and not a.attisdropped
    ) as has_mark
    from pg_class as c
    where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p')
      and not c.relispartition
      and c.relname <> all ($1)
    order by c.relname`,
    [Object.keys(besides)],
  );
  const sums: Record<string, string> = {};
  for (const { name, has_mark } of tables) {
    const gone = [
      ...(has_mark ? ['deleted_at is not null and created_at >= $1'] : []),
      ...(ended[name] === undefined ? [] : [ended[name]]),
    ];
    const which = gone.map(each => `not coalesce((${each}), false)`).join(' and ') || '$1::text is not null';
    const { rows } = await owner.query<{ sum: string }>(
      `select md5(coalesce(string_agg(said, ',' order by said), '')) as sum
      from (
        select (to_jsonb(t) - '{updated_at,version,created_at}'::text[]${name === 'ticket_technicians' ? " - 'id'" : ''})::text as said
        from ${name} as t
        where ${which}
      ) as rows`,
      [since],
    );
    sums[name] = rows[0]?.sum ?? '';
  }
  return sums;
}
