import { z } from 'zod';
import type { App } from '../core/app.ts';
import type { Complete } from './completion.ts';
import { callerOf } from './tool.ts';

/** So many suggestions; nobody reads more while typing. */
const shown = 10;

const customer = z.object({ full_name: z.string() });
const found = z.object({ reference: z.string().nullable() });

/** What arguments of prompts and addresses are completed with. */
export function createCompletions(app: App): Readonly<Record<string, Complete>> {
  return {
    /** Names of customers. */
    async customer(typed, session) {
      const { rows } = await app.read(
        callerOf(session),
        'contacts',
        { search: typed, limit: shown, fields: ['full_name'] },
        { request_id: session.request_id },
      );
      return rows.map(row => customer.parse(row).full_name);
    },
    /** References of whatever is called so. */
    async reference(typed, session) {
      const { rows } = await app.read(
        callerOf(session),
        'search',
        { search: typed, limit: shown },
        { request_id: session.request_id },
      );
      return rows.flatMap(row => found.safeParse(row).data?.reference ?? []);
    },
  };
}
