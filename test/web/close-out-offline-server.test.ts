import { once as happens } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { stock } from '../support/bright-panes.ts';
import { useBrowser } from '../support/browser.ts';
import { useLine } from '../support/line.ts';
import { useOffice } from '../support/office.ts';
import { startFastServer } from '../support/one-file.ts';
import { type RunningServer, temporaryFolder } from '../support/process.ts';
import { databaseUrl } from '../support/two-servers.ts';
import { comesBack, effectsOf, isAllSent, isAt, isPrepared, once, pass, steps } from './close-out-phone.ts';

const office = useOffice();
const line = useLine(() => server?.baseUrl ?? '');
const openTab = useBrowser();
let server: RunningServer | undefined;
let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
let reference = '';

/** On another port each time, for somebody else may have taken the last one; the line finds it. */
const start = async (): Promise<RunningServer> =>
  startFastServer({
    DATABASE_URL: databaseUrl(office().database.address),
    DATABASE_OWNER_URL: databaseUrl(office().database.admin),
    DESKHAND_DATA: folder?.path ?? '',
    DESKHAND_DEMO: '0',
  });

beforeAll(async () => {
  folder = await temporaryFolder();
  const { book } = await stock(office());
  const ticket = await book('2026-11-18T09:00', {
    address_id: 'A-1001',
    duration_minutes: 210,
    lines: [{ service_id: 'S-2' }, { service_id: 'S-3', quantity: 20 }],
    technician_ids: [office().bright.people.Theo?.id],
  });
  reference = String(ticket.reference);
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

test('a server that is killed while it takes a step, and starts again, has taken it once', async () => {
  const token = (await createSignInToken(office().db, 'theo@brightpanes.example')) ?? '';
  const session = (await redeemSignInToken(office().db, token)) ?? '';
  const { page, context } = await openTab();
  await context.addCookies([{ name: 'deskhand_session', value: session, url: line().url }]);
  await page.goto(`${line().url}/close-out`);
  await isPrepared(page);
  await page.goto(`${line().url}/close-out/${reference}`);
  for (const step of steps) {
    const killed = new Promise<void>(resolve => {
      line().onPost(() => {
        line().onPost(undefined);
        server?.process.kill('SIGKILL');
        resolve();
      });
    });
    await isAt(page, step);
    const ended = server ? happens(server.process, 'close') : undefined;
    await Promise.all([pass(page, step), killed, ended]);
    await page.locator('#queue').getByText(`Not sent yet: ${step} of ${reference}`).waitFor();
    server = await start();
    await comesBack(page, line());
    await isAllSent(page);
  }
  expect(await effectsOf(office(), reference)).toEqual(once);
});
