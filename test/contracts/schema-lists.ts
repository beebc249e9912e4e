/**
 * Tables that belong to no organization, each with its reason. Everything else is organization-owned and held to every
 * rule of schema-rules.ts.
 */
export const referenceTables = [
  'organizations', // the businesses themselves; its own `id` takes the place of organization_id
  'users', // a sign-in address is unique over all businesses
  'sessions', // found by the hash of a secret before any organization is known
  'sign_in_tokens', // the same
  'schema_migrations', // what has run on this database
  'paces', // when the next mail may go, of all businesses together
  'oauth_entries', // found by the hash of a secret before any organization is known
  'webhook_strays', // messages of which nobody knows whose they are
  'call_counts', // how often a credential calls, good or not, before anybody looks whose it is
  'deleted_businesses', // what is left of businesses that are gone: an id and two days
];

/** Reference tables the application must not reach except through definer functions. */
export const hiddenTables = [
  'users',
  'sessions',
  'sign_in_tokens',
  'paces',
  'oauth_entries',
  'webhook_strays',
  'call_counts',
  'deleted_businesses',
];

/** Organization-owned tables without an audit trigger, each with its reason. */
export const unauditedTables = [
  'business_deletions', // asking for one and taking it back are entries of the business
  'audit_log', // is the audit log
  'automation_runs', // is the log of what automations did; what they change is audited
  'changed_days', // derived from visits that are audited, like the sums of their days
  'summed_days',
  'summed_services',
  'summed_technicians',
  'checkout_sessions', // which pages there are to pay at; what is paid there is an audited payment
  'contact_keys', // derived from its contact, whose change is audited
  'counters', // only ever counts; the record that took the number is audited
  'events', // is a log of its own, never changed
  'export_parts', // bytes of files; who exported what is an entry of its own
  'mail_troubles', // shown with the customers of an address, whose change is audited
  'grant_uses', // only ever counts; each use is an audited call
  'customer_links', // what is done with a link is audited
  'import_mappings', // what columns were read as; the import that kept it is audited
  'imported_rows', // which record came of which row; the record is audited
  'idempotency_keys', // answers of calls that are audited themselves, kept one day
  'passkey_challenges', // random numbers of a few minutes; what they confirm is audited
  'llm_usage', // only ever counts; what the model was asked for is audited
  'invoice_reminders', // which steps were taken; the mails and calls of them are audited
  'jobs', // the outbox keeps its own history: attempts, last_error, done_at, dead_at
  'search_documents', // derived from records that are audited
  'search_words', // the words of the search documents
  'logos', // the log would copy the picture; setting and removing one is an entry of its own
  'secrets', // the log would copy them; setting and removing one is an entry of its own
  'webhook_events', // a log of its own; what an event does is audited
  'security_events', // is a log of its own, never changed
];

/**
 * What runs for each new row of a table whose history is written a statement at a time, behind it: none of them may write what the
 * history tells, for their entries would come before those of the rows they follow.
 */
export const followersWithoutHistory = [
  'follow_visit_in_calendars', // numbers of calendar entries
  'mark_changed_day', // days to be summed up
];

/** Every function that runs with the owner's rights. A new one has to be added here, and looked at. */
export const definerFunctions = [
  'analyze_grown', // counts tables that an import made larger, which only their owner may
  'take_back_imported_invoices', // deletes bills of one import that nothing was done about since, which the application may not
  'take_back_imported_visits', // deletes closed visits of one import, which the application may not
  'extend_audit_log', // makes the parts of the log of the months to come
  'audit_row', // writes the audit log, which the application may not
  'audit_made', // the same, for all rows of a statement
  'log_audit',
  'authenticate_agent',
  'authenticate_feed',
  'authenticate_form',
  'authenticate_key', // who a credential belongs to, before an organization is set
  'authenticate_link', // the same, for customers
  'authenticate_member',
  'authenticate_session',
  'authenticate_system',
  'authenticate_token', // the same, for programs that were let in
  'keep_oauth_entry', // what the authorization server keeps: a table the application cannot read
  'find_oauth_entry',
  'consume_oauth_entry',
  'drop_oauth_entry',
  'drop_oauth_grant',
  'use_oauth_client',
  'is_connection_living', // before an organization is set
  'authenticate_webhook',
  'create_sign_in_token', // sign-in: tables the application cannot read
  'peek_sign_in_token',
  'redeem_sign_in_token',
  'renew_session',
  'end_session',
  'end_sessions',
  'session_businesses',
  'open_business',
  'list_sessions', // of one person, and of the business that is set
  'end_sessions_of',
  'end_member_sessions',
  'ensure_user',
  'found_organization',
  'list_organizations',
  'claim_jobs', // the worker serves all organizations
  'settle_job',
  'cancel_jobs', // of one call in the business that is set; jobs are deleted by nobody else but the sweep
  'next_job_at',
  'queue_figures', // how many jobs wait, of all businesses; no row of any
  'pause_mail',
  'sweep',
  'sweep_from_outside',
  'installation_sizes', // how much there is of all businesses together
  'sweep_in_turn',
  'sweep_search_words',
  'owner_of_mail', // whose mail an event is about, before an organization is set
  'owner_of_stripe_object', // the same, whose payment
  'note_webhook_stray', // a message of which nobody knows whose it is
  'list_webhook_strays',
  'count_calls', // limits calls before a credential is looked up
  'seed_timers',
  'claim_timers',
  'move_timer',
  'replan_timers',
  'follow_ticket', // writes derived columns the application may not
  'follow_visit_in_calendars', // the same, rows
  'follow_place_in_calendars',
  'search_found', // row level security would switch the GIN indexes off
  'search_begins', // the same
  'search_best_within',
  'customers_noting',
];
