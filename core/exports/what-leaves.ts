// What stays behind when a business leaves (decision 040): whatever opens a door. Everything else goes along, found by the
// catalog of the database; `test/exports/what-leaves.test.ts` fails for a column nobody has decided about.

/** Tables whose rows are of no use elsewhere, or open a door. */
export const tablesLeftOut: Readonly<Record<string, string>> = {
  changed_days: 'which days of work are to be summed up; after a restore all of them are',
  export_parts: 'the files of earlier exports',
  idempotency_keys: 'answers of calls of one day, which may hold a key that was shown once',
  oauth_entries:
    'codes and tokens of programs that were let in, by their hashes; they ask anew after a restore',
  passkey_challenges: 'questions of a few minutes to a device',
  sessions: 'who is signed in, by the hash of a secret; people sign in anew',
  sign_in_tokens: 'links for signing in; people ask for new ones',
  summed_days: 'sums of the visits, which come along and are summed up anew',
  summed_services: 'the same, by service',
  summed_technicians: 'the same, by technician',
};

export interface LeftOut {
  reason: string;
  /** What stands in its place after a restore: SQL over nothing. */
  filled: string;
}

const hash = (reason: string): LeftOut => ({ reason, filled: `''::bytea` });

/** Columns that stay behind, and what stands in their place after a restore: something that opens nothing. */
export const columnsLeftOut: Readonly<Record<string, Readonly<Record<string, LeftOut>>>> = {
  agent_keys: { key_hash: hash('the hash of an agent’s key; keys are made anew after a restore') },
  calendar_feeds: {
    token_hash: hash('the hash of a calendar’s address; people subscribe anew after a restore'),
  },
  customer_links: {
    token_hash: hash('the hash of a link; a restore makes it anew with the key of its own installation'),
  },
  secrets: {
    sealed: {
      reason: 'sealed with the key of this installation, and opens nowhere else; it is set once more',
      filled: `'0.left'`,
    },
  },
};

/** Rows that stay behind, as a condition on those that leave. */
export const rowsLeftOut: Readonly<Record<string, { reason: string; kept: string }>> = {
  jobs: { reason: 'mails with a link for signing in', kept: `kind <> 'sign_in_email'` },
};
