import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { createContact, type NewContact, openPool } from './hand-written.ts';
import { interleave, median, ratio, round, timeEach } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { person } from './square-file.ts';

/** (a) `contact.create` through the pipeline against the same statements by hand, one after the other. */
export async function measureCreate({ cluster, rounds, take }: Bench) {
  const { address, key } = cluster.large;
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const pool = openPool(address, 1);
  const perRound = 100;
  try {
    const times = await interleave(
      {
        execute: () => {
          let number = take(perRound);
          return timeEach(perRound, 1, () =>
            app.execute(
              { via: 'key', key },
              { action: 'contact.create', data: { ...newContact(number++) } },
              { request_id: newId() },
            ),
          );
        },
        byHand: () => {
          let number = take(perRound);
          return timeEach(perRound, 1, () => createContact(pool, key, newContact(number++)));
        },
      },
      rounds,
    );
    return {
      ratio: atMost(ratio(times('execute'), times('byHand')), 1.6),
      execute_ms: round(median(times('execute'))),
      by_hand_ms: round(median(times('byHand'))),
    };
  } finally {
    await pool.end();
    await db.close();
  }
}

export function newContact(number: number): NewContact {
  const { first, last, email, phone } = person(number);
  return { first_name: first, last_name: last, email, phone };
}
