/**
 * Whose each table is: a folder of core, or the authorization queue. Who owns a table writes it and says what its columns
 * mean. A table called like a folder of core is that folder’s, and is not told of here.
 */
export const owners: Readonly<Record<string, string>> = {
  agent_keys: 'agents',
  attribute_keys: 'attributes',
  audit_log: 'kernel',
  business_deletions: 'deletions',
  authorization_request_items: 'authorization-queue',
  authorization_requests: 'authorization-queue',
  automation_runs: 'kernel',
  automation_settings: 'kernel',
  calendar_entries: 'calendars',
  calendar_feeds: 'calendars',
  changed_days: 'analytics',
  checkout_sessions: 'checkout',
  closeout_sessions: 'closeout',
  contact_keys: 'contacts',
  contact_merges: 'contacts',
  counters: 'kernel',
  customer_links: 'kernel',
  deleted_businesses: 'deletions',
  events: 'kernel',
  export_parts: 'exports',
  grant_uses: 'authorization-queue',
  idempotency_keys: 'kernel',
  import_batches: 'import',
  import_mappings: 'import',
  imported_rows: 'import',
  invoice_lines: 'invoices',
  invoice_reminders: 'invoices',
  jobs: 'kernel',
  lead_forms: 'leads',
  llm_usage: 'llm',
  logos: 'organizations',
  mail_troubles: 'contacts',
  paces: 'kernel',
  passkey_challenges: 'passkeys',
  permission_overrides: 'authorization-queue',
  refunds: 'payments',
  scheduled_messages: 'messages',
  schema_migrations: 'kernel',
  search_documents: 'kernel',
  search_words: 'kernel',
  secrets: 'kernel',
  security_events: 'kernel',
  sessions: 'sign-in',
  sign_in_tokens: 'sign-in',
  summed_days: 'analytics',
  summed_services: 'analytics',
  summed_technicians: 'analytics',
  ticket_lines: 'tickets',
  ticket_technicians: 'tickets',
  time_entries: 'tickets',
  timers: 'automations',
  users: 'members',
  waitlist_entries: 'waitlist',
  waitlist_offers: 'waitlist',
  webhook_events: 'kernel',
  oauth_entries: 'connections',
  webhook_strays: 'kernel',
  call_counts: 'kernel',
};

/** Tables that a folder names in its statements although they are somebody else’s, each with the reason. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  // Who is away is said by name.
  absences: ['members'],
  // Reads that join: its files of statements say which tables they name.
  analytics: [
    'addresses',
    'agents',
    'audit_log',
    'authorization_requests',
    'contacts',
    'invoices',
    'members',
    'payments',
    'refunds',
    'services',
    'ticket_lines',
    'ticket_technicians',
    'tickets',
    'time_entries',
  ],
  // Shows the trail that triggers write.
  audit: ['audit_log'],
  // Bulk counts what was destroyed (decision 001), a request says who asked and whether its key lives, a grant who
  // gave it; attempts of agents at what is for people are written down beside what the kernel writes.
  'authorization-queue': [
    'agent_keys',
    'agents',
    'audit_log',
    'connections',
    'jobs',
    'members',
    'security_events',
  ],
  // Shows and switches what the kernel runs, and whether a run still waits in the outbox.
  automations: ['automation_runs', 'automation_settings', 'events', 'jobs'],
  // The first briefing tells of everything since the business is here, in the statement that writes it down.
  briefings: ['organizations'],
  // What a business is deleted with: who asked, whose files there are, who works nowhere any more.
  deletions: ['jobs', 'members'],
  // Every table leaves with a business, found by the catalog; these are looked at by name when it comes back.
  backups: [
    'jobs', // what waited is held after a restore
    'organizations', // whether there is anybody here
    'schema_migrations', // what a backup was taken at
  ],
  exports: [
    'audit_log', // what was changed in what is one customer's
    'business_deletions',
    'changed_days', // sums stay behind, and are made anew from the visits
    'customer_links',
    'jobs',
    'members',
    'organizations',
    'schema_migrations',
    'secrets',
    'tickets',
    'users',
  ],
  // A reminder that was left out with the bill of another mail is planned anew.
  invoices: ['scheduled_messages'],
  // What a search finds of a customer’s things goes when they do.
  kernel: ['contacts'],
  // Deliveries are jobs of the outbox.
  messages: ['jobs'],
  // A business is founded together with its first owner, before there is anybody to act.
  organizations: ['members'],
  // Whether a customer's address was another one before stands in the history.
  contacts: ['audit_log'],
  // Reads that join: all its files say which tables they name.
  reading: [
    'addresses',
    'attribute_keys',
    'attributes',
    'audit_log',
    'calendar_entries',
    'closeout_sessions',
    'companies',
    'contact_keys',
    'contact_merges',
    'contacts',
    'interactions',
    'invoice_lines',
    'invoice_reminders',
    'invoices',
    'jobs',
    'leads',
    'members',
    'notes',
    'payments',
    'refunds',
    'scheduled_messages',
    'series',
    'services',
    'tasks',
    'ticket_lines',
    'ticket_technicians',
    'tickets',
    'time_entries',
    'waitlist_entries',
  ],
  // When technicians are busy, and where, hundreds of times while somebody looks for a free hour.
  scheduling: ['addresses', 'members', 'ticket_technicians', 'tickets'],
  // Asks the documents that the kernel keeps.
  search: ['search_documents'],
  // Its visits are visits like any other.
  series: ['tickets'],
  // Shows which secrets are set; what they are the kernel keeps sealed.
  secrets: ['secrets'],
  // Whether a service was ever booked decides whether it can be deleted without asking; open visits may stand at a price
  // that it had before.
  services: ['audit_log', 'ticket_lines', 'tickets'],
  // Who goes is shown and refused by name.
  tickets: ['members'],
  // Shows what the kernel took in.
  webhooks: ['webhook_events'],
};
