import { z } from 'zod';
import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { newContact } from './create.ts';
import { interleave, median, ratio, round, timeEach } from './measure.ts';
import type { Bench } from './part.ts';

const pending = z.object({ reference: z.string(), digest: z.string() });

/**
 * What an approval adds: the owner allows what an agent asked for (claim, digest, versions, the action as the agent,
 * comparison with what was shown, mark) against the same action done by the owner.
 */
export async function measureApproval({ cluster, rounds, take }: Bench) {
  const { address, key, caller } = cluster.small;
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  const perRound = 30;
  const done = async (action: string, data: Record<string, unknown>) =>
    (await app.execute(caller, { action, data }, { request_id: newId() })).data;
  /** Customers with a note, whose deletion an agent must ask for. */
  const customers = async () => {
    const ids: string[] = [];
    for (let number = take(perRound), made = 0; made < perRound; made += 1) {
      const { id } = await done('contact.create', { ...newContact(number + made) });
      await done('note.create', { contact_id: id, content: 'Has a dog' });
      ids.push(String(id));
    }
    return ids;
  };
  try {
    const times = await interleave(
      {
        allowed: async () => {
          for (const contact_id of await customers()) {
            await app.execute(
              { via: 'key', key },
              { action: 'contact.delete', data: { contact_id }, reasoning: 'They moved to another town' },
              { request_id: newId() },
            );
          }
          const { rows } = await app.read(
            caller,
            'authorization_requests',
            { filter: 'pending', fields: ['reference', 'digest'], limit: perRound },
            { request_id: newId() },
          );
          const asked = z.array(pending).length(perRound).parse(rows);
          return timeEach(perRound, 1, async () => {
            const { reference, digest } = asked.pop() ?? {};
            const outcome = await done('authorization.allow_once', { request: reference, digest });
            if (outcome.status !== 'succeeded')
              throw new Error(`${reference} ended as ${String(outcome.status)}`);
          });
        },
        direct: async () => {
          const ids = await customers();
          return timeEach(perRound, 1, () => done('contact.delete', { contact_id: ids.pop() }));
        },
      },
      rounds,
    );
    return {
      ratio: ratio(times('allowed'), times('direct')),
      allowed_ms: round(median(times('allowed'))),
      direct_ms: round(median(times('direct'))),
    };
  } finally {
    await db.close();
  }
}
