import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

/** `deskhand passkey forget EMAIL`: for somebody who has lost every device. Prints how many passkeys are gone. */
export function forgetPasskeys(config: Config, email: string, options: { org?: string }): Promise<void> {
  return withInstallation(config, async installation => {
    const { id } = await chooseBusiness(installation, options.org);
    const removed = await removePasskeysOf(installation.app, id, email);
    console.log(`${removed} ${removed === 1 ? 'passkey' : 'passkeys'} of ${email} removed.`);
  });
}

const person = z.object({ id: z.string(), email: z.string() });
const passkey = z.object({ id: z.string() });

/** Removes every passkey of one person; whoever runs the machine needs no device for it. */
export async function removePasskeysOf(app: App, organization_id: string, email: string): Promise<number> {
  const user_id = await findPerson(app, organization_id, email);
  const caller: Caller = { via: 'member', organization_id, user_id };
  const { rows } = await app.read(caller, 'passkeys', { limit: 100 }, newRequest());
  for (const { id } of rows.map(row => passkey.parse(row))) {
    const reasoning = 'The devices are lost; removed on the command line of the server.';
    await app.execute(caller, { action: 'passkey.remove', data: { id }, reasoning }, newRequest());
  }
  return rows.length;
}

async function findPerson(app: App, organizationId: string, email: string): Promise<string> {
  const wanted = email.trim().toLowerCase();
  let cursor: string | undefined;
  do {
    const page = { limit: 100, fields: ['email'], ...(cursor === undefined ? {} : { cursor }) };
    const { rows, next_cursor } = await app.read(commandLine(organizationId), 'members', page, newRequest());
    const found = rows.map(row => person.parse(row)).find(member => member.email === wanted);
    if (found) return found.id;
    cursor = next_cursor;
  } while (cursor !== undefined);
  throw new Error(`Nobody with the address ${email} works here.`);
}
