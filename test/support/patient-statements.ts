import pg from 'pg';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';

/**
 * A statement is stopped after ten seconds, and who waits for a number gives up after five: whoever stands behind nineteen others
 * on a machine that is busy with other things hears that it took too long, as they should. A race is about who comes first and
 * not about how long the last one waits: here everybody has ten minutes.
 */
const patiently = `
  do $$
  declare
    name text;
    made text;
    patient text;
  begin
    foreach name in array array['set_ctx', 'take_numbers', 'give_numbers_back'] loop
      made := pg_get_functiondef(name::regproc);
      patient := regexp_replace(made, '(_timeout(?: = |'', )'')(?:5|10)s''', '\\1 10min''', 'g');
      if made = patient then
        raise exception '% has no limit of seconds any more: look at test/support/patient-statements.ts', name;
      end if;
      execute patient;
    end loop;
  end
  $$`;

/** Lets whoever waits in a database of one's own wait. */
export async function letStatementsWait(admin: DatabaseAddress): Promise<void> {
  const client = new pg.Client({ ...admin, ssl: false });
  await client.connect();
  try {
    await client.query(patiently);
  } finally {
    await client.end();
  }
}
