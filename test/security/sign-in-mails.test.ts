import { expect, test } from 'vitest';
import { sendSignInLink } from '../../core/sign-in/sign-in.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { textOfEverything } from '../support/whole-database.ts';

const panes = useBrightPanes();
const link = /\/sign-in\/[\w-]{43}/;

const stateOf = async () =>
  (await panes().read(panes().olivia, 'outbox', { params: { kind: 'sign_in_email' } }))[0];

test('a mail with a sign-in link is in no table any more once it is sent', async () => {
  const { db, database } = panes();
  await sendSignInLink(db, 'olivia@brightpanes.example', 'http://localhost:3000');
  // While it waits it has to be somewhere, so that no crash loses it.
  expect(await textOfEverything(database.owner)).toMatch(link);
  await whileWorking(panes(), async () => {
    await expect.poll(async () => (await stateOf())?.state, soon).toBe('delivered');
  });
  expect(await textOfEverything(database.owner)).not.toMatch(link);
});

test('nor once it is given up, because the link is over before it could be sent', async () => {
  const { db, database } = panes();
  await sendSignInLink(db, 'dana@brightpanes.example', 'http://localhost:3000');
  await database.owner.query(
    `update jobs set created_at = now() - interval '11 minutes' where kind = 'sign_in_email' and done_at is null`,
  );
  expect(await textOfEverything(database.owner)).toMatch(link);
  await whileWorking(panes(), async () => {
    await expect.poll(async () => (await stateOf())?.state, soon).toBe('dead');
  });
  expect(await stateOf()).toMatchObject({ last_error: expect.stringContaining('Ask for a new one') });
  expect(await textOfEverything(database.owner)).not.toMatch(link);
});
