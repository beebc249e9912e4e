import type { OwnConnection } from '../kernel/database/own-connection.ts';
import { DeskhandError, sqlState } from '../kernel/words/errors.ts';
import {
  actAsOwner,
  keepTriggersStill,
  plainValues,
  tablesOfBusiness,
  tablesShape,
  takeYourTime,
  tookBack,
  tryOut,
} from './queries.ts';

/**
 * Becomes the owner of the schema, with triggers and foreign keys still, until the transaction ends. Throws FORBIDDEN, with
 * what to grant, where the user of the database may not.
 */
export async function becomeOwner(connection: OwnConnection): Promise<void> {
  if (!(await keptStill(connection)))
    throw new DeskhandError('FORBIDDEN', 'The user of the database may not restore a business.', {
      hint:
        'Run once as a superuser: grant set on parameter session_replication_role to <the user of DATABASE_URL, or of ' +
        'DATABASE_OWNER_URL where that is set>; then do it again.',
    });
  await actAs(connection);
}

/** The same where the user of the database may keep triggers still; answers whether they are. */
export async function becomeOwnerAnyhow(connection: OwnConnection): Promise<boolean> {
  const isStill = await keptStill(connection);
  await actAs(connection);
  return isStill;
}

async function keptStill(connection: OwnConnection): Promise<boolean> {
  await connection.run(tryOut);
  try {
    await connection.run(keepTriggersStill);
    return true;
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    await connection.run(tookBack);
    return false;
  }
}

async function actAs(connection: OwnConnection): Promise<void> {
  for (const statement of [actAsOwner, takeYourTime, ...plainValues]) await connection.run(statement);
}

/** Every table whose rows are a business's. */
export const tablesOwned = (connection: OwnConnection) => connection.many(tablesShape, tablesOfBusiness());
