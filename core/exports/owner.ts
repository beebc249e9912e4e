import type { OwnConnection } from '../kernel/database/own-connection.ts';
import { DeskhandError, sqlState } from '../kernel/words/errors.ts';
import {
  actAsOwner,
  keepTriggersStill,
  plainValues,
  tablesOfBusiness,
  tablesShape,
  takeYourTime,
} from './queries.ts';

/**
 * Becomes the owner of the schema, with triggers and foreign keys still, until the transaction ends. Throws FORBIDDEN, with
 * what to grant, where the user of the database may not.
 */
export async function becomeOwner(connection: OwnConnection): Promise<void> {
  await connection.run(keepTriggersStill).catch(error => {
    if (sqlState(error) !== '42501') throw error;
    throw new DeskhandError('FORBIDDEN', 'The user of the database may not restore or delete a business.', {
      hint:
        'Run once as a superuser: grant set on parameter session_replication_role to <the user of DATABASE_URL, or of ' +
        'DATABASE_OWNER_URL where that is set>; then do it again.',
    });
  });
  for (const statement of [actAsOwner, takeYourTime, ...plainValues]) await connection.run(statement);
}

/** Every table whose rows are a business's. */
export const tablesOwned = (connection: OwnConnection) => connection.many(tablesShape, tablesOfBusiness());
