import { createServer } from 'node:http';
import { createDeskhand } from '../../api/compose.ts';
import { createHttpApp } from '../../api/http/server.ts';
import { createLogger } from '../../api/logger.ts';
import { readVersion } from '../../api/version.ts';
import type { App } from '../../core/app.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { createPages } from '../../web-review/router.ts';
import type { Bench } from './part.ts';

const theo = 'theo@close-out.example';

/** A business with visits of Theo's that are closed out again and again. */
export interface Office {
  port: number;
  /** The secret of a session of Theo's. */
  signIn(): Promise<string>;
  /** A visit of Theo's; its reference. */
  book(): Promise<string>;
  /** Throws unless the visit was closed with what was entered. */
  requireClosed(reference: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens it on the small business of the bench, behind a server of its own. */
export async function openOffice({ cluster }: Bench): Promise<Office> {
  const { address, caller } = cluster.small;
  const db = openDatabase({ address, connections: 10 });
  const app = createDeskhand(db);
  const run = async (action: string, data: Record<string, unknown>) =>
    (await app.execute(caller, { action, data }, { request_id: newId() })).data;
  const technician = await run('member.create', { name: 'Theo', email: theo, role: 'technician' });
  const contact = await run('contact.create', { full_name: 'Jane Smith', email: 'jane@close-out.example' });
  const windows = await run('service.create', {
    name: 'Window Cleaning',
    pricing: 'flexible',
    duration_minutes: 60,
  });
  const server = createServer(
    createHttpApp({
      app,
      logger: createLogger('silent'),
      baseUrl: 'http://127.0.0.1:3000',
      version: readVersion(),
      ready: async () => true,
      pages: createPages({
        app,
        db,
        baseUrl: 'http://127.0.0.1:3000',
        dataDir: cluster.dataDir,
        demo: false,
      }),
    }),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  let at = Date.now();
  let signedIn: Promise<unknown> = Promise.resolve();
  return {
    port: typeof listening === 'object' ? (listening?.port ?? 0) : 0,
    // One after the other: a newer link takes the place of the older one.
    signIn() {
      const session = signedIn.then(() => signInTo(db));
      signedIn = session.catch(() => {});
      return session;
    },
    async book() {
      at += 360_000;
      const { reference } = await run('ticket.create', {
        contact_id: contact.id,
        scheduled_at: new Date(at).toISOString(),
        duration_minutes: 5,
        technician_ids: [technician.id],
        lines: [{ service_id: windows.id }],
      });
      return String(reference);
    },
    requireClosed: reference => requireClosed(app, caller, reference),
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await db.close();
    },
  };
}

async function signInTo(db: Database): Promise<string> {
  const token = await createSignInToken(db, theo);
  const session = token === undefined ? undefined : await redeemSignInToken(db, token);
  if (session === undefined) throw new Error('Theo cannot sign in');
  return session;
}

async function requireClosed(app: App, caller: Caller, reference: string): Promise<void> {
  const { rows } = await app.read(
    caller,
    'tickets',
    { id: reference, fields: ['status', 'actual_minutes', 'total_cents'] },
    { request_id: newId() },
  );
  const [row] = rows;
  if (row?.status === 'closed' && row.actual_minutes === 75 && row.total_cents === 56_200) return;
  throw new Error(`${reference} is not closed as it was entered: ${JSON.stringify(row)}`);
}
