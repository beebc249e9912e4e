import { expect, test } from 'vitest';
import { type ActionAnswer, callAction } from '../support/call-action.ts';
import { useTwoServers } from '../support/two-servers.ts';

// One call, taken back by many at the same moment in front of two servers.

const rounds = 6;
const pressed = 10;
const two = useTwoServers();

/** The words of a call, sent to one server or the other by one of the people at the desk. */
function call(n: number, action: string, data: Record<string, unknown>): Promise<ActionAnswer> {
  const { servers, desk } = two();
  const server = servers[n % servers.length] ?? servers[0];
  const session = desk[n % desk.length];
  if (!session) throw new Error('nobody sits at the desk');
  return callAction(server.baseUrl, session, { action, data });
}

async function changed(round: number): Promise<{ reference: unknown; of: unknown }> {
  const { data } = await call(0, 'contact.create', { full_name: `Racer ${round}`, notes: 'Old' });
  const reference = data?.reference;
  const { meta } = await call(1, 'contact.update', { contact_id: reference, notes: 'New' });
  return { reference, of: meta.undo };
}

const notesOf = async (reference: unknown) => {
  const { office } = two();
  const query = { id: String(reference), fields: ['notes'] };
  return (await office.read(office.bright.owner, 'contacts', query))[0]?.notes;
};

test('whoever is first has taken it back; all the others are told that it was undone, and by whom', async () => {
  for (let round = 0; round < rounds; round++) {
    const { reference, of } = await changed(round);
    const answers = await Promise.all(
      Array.from({ length: pressed }, (_, n) => call(n, 'audit.undo', { of: String(of) })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { error } of answers.filter(({ status }) => status !== 200)) {
      expect(error).toMatchObject({
        code: 'INVALID_STATE',
        detail: expect.stringContaining('already undone by «Dana»'),
      });
    }
    expect(await notesOf(reference)).toBe('Old');
  }
});

test('what somebody writes at that moment is never lost: it is there before and refuses the undo, or comes after it', async () => {
  for (let round = 0; round < rounds; round++) {
    const { reference, of } = await changed(rounds + round);
    const [back, written] = await Promise.all([
      call(round, 'audit.undo', { of: String(of) }),
      call(round + 1, 'contact.update', { contact_id: reference, notes: 'Newest' }),
    ]);
    expect(written.status).toBe(200);
    expect([200, 409]).toContain(back.status);
    expect(await notesOf(reference)).toBe('Newest');
  }
});
