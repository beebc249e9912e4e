import { registry } from './registered.ts';

/**
 * What keeps each table from growing for ever. A new table must say it here: a sweep that throws away what has served its
 * purpose (and which), a bound, or that it is what the business has written down, which nobody but the business throws away.
 * Of a record with a `create` that is said already.
 */
export const growth: Record<string, Bound> = {
  agent_keys: 'business',
  attribute_keys: 'business',
  attributes: 'business',
  audit_log: { parts: 'a part a month, made by extend_audit_log()' },
  authorization_request_items: 'business',
  authorization_requests: 'business',
  automation_runs: { sweep: 'sweep_in_turn' },
  automation_settings: 'business',
  briefings: 'business',
  business_deletions: 'business',
  calendar_entries: { most: 'one a visit and calendar' },
  calendar_feeds: 'business',
  connections: 'business',
  call_counts: { most: 'one a credential that called within minutes; count_calls() throws away the others' },
  changed_days: { most: 'a few a day, until the day is summed up again' },
  checkout_sessions: { most: 'a few a bill' },
  closeout_sessions: { most: 'a few a visit' },
  contact_keys: { most: 'one an address or number of a customer' },
  contact_merges: 'business',
  counters: { most: 'one a kind of record and year' },
  customer_links: { sweep: 'sweep_from_outside' },
  deleted_businesses: { most: 'one a business that is gone' },
  events: { sweep: 'sweep_in_turn' },
  export_parts: { timer: 'export.expire' },
  exports: 'business',
  grant_uses: { most: 'one a grant and day' },
  idempotency_keys: { sweep: 'sweep' },
  import_batches: 'business',
  import_mappings: { most: 'one a kind of file' },
  imported_rows: { most: 'one a record that was imported' },
  invoice_lines: 'business',
  invoice_reminders: { most: 'a few a bill' },
  jobs: { sweep: 'sweep_in_turn' },
  llm_usage: { most: 'one a day, model and purpose' },
  logos: { most: 'one a business' },
  mail_troubles: { most: 'one an address' },
  organizations: 'business',
  paces: { most: 'one a lane or sweep' },
  passkey_challenges: { sweep: 'sweep_in_turn' },
  passkeys: 'business',
  payments: 'business',
  permission_overrides: 'business',
  refunds: 'business',
  scheduled_messages: 'business',
  schema_migrations: { most: 'one a migration' },
  search_documents: { most: 'one a record' },
  search_words: { sweep: 'sweep_search_words' },
  secrets: { most: 'one a name' },
  security_events: { sweep: 'sweep_in_turn' },
  sessions: { sweep: 'sweep' },
  sign_in_tokens: { sweep: 'sweep' },
  summed_days: { most: 'one a day' },
  summed_services: { most: 'one a day and service' },
  summed_technicians: { most: 'one a day and technician' },
  ticket_lines: 'business',
  ticket_technicians: 'business',
  time_entries: 'business',
  timers: { most: 'one a timer and business' },
  users: { most: 'one a person' },
  waitlist_offers: 'business',
  webhook_events: { sweep: 'sweep_from_outside' },
  oauth_entries: { sweep: 'sweep' },
  webhook_strays: { sweep: 'sweep_from_outside' },
};

/** Of `business` nothing goes by itself; `most` says how many rows there are of what there is. */
export type Bound = 'business' | { sweep: string } | { timer: string } | { parts: string } | { most: string };

/** The tables of records that people and agents add. */
export const writtenDown: readonly string[] = [...registry.records.values()]
  .filter(({ name }) => registry.actions.has(`${name}.create`))
  .map(({ table }) => table);
