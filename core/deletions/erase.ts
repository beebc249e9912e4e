import { z } from 'zod';
import { becomeOwnerAnyhow, tablesOwned } from '../exports/owner.ts';
import type { Database } from '../kernel/database/db.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import {
  deleteAllRows,
  deletedRows,
  deletePeople,
  deleteRows,
  fileIds,
  keepTombstone,
  lockDeletion,
  lockedDeletion,
  membersOf,
  stillTriggers,
  wakeTriggersOf,
} from './queries.ts';

const id = z.object({ id: z.string() });

/**
 * Deletes every row of a business, in every table the catalog knows to be a business's, in one transaction, and leaves a
 * tombstone without a name. `owner` connects as whoever owns the schema: the history is for nobody else to delete.
 * `removeFiles` is told by which ids mails of it lie in the data folder, before anything is final: run again, it finds them
 * gone. Answers how many rows; undefined when the deletion was taken back or is done.
 */
export function eraseBusiness(
  owner: Pick<Database, 'connect'>,
  { organization_id, deletion_id }: { organization_id: string; deletion_id: string },
  removeFiles: (ids: ReadonlySet<string>) => Promise<void>,
): Promise<number | undefined> {
  return onOwnConnection(owner, 'write', async connection => {
    const isStill = await becomeOwnerAnyhow(connection);
    const [deletion] = await connection.many(lockedDeletion, lockDeletion(organization_id, deletion_id));
    if (!deletion) return undefined;
    const people = (await connection.many(id, membersOf(organization_id))).map(person => person.id);
    const files = await connection.many(id, fileIds(organization_id));
    const tables = await tablesOwned(connection);
    const rows = isStill
      ? await deleteOneByOne(connection, tables, organization_id)
      : await deleteTogether(connection, tables, organization_id);
    for (const statement of deletePeople(people)) await connection.run(statement);
    await connection.run(keepTombstone(organization_id, deletion.asked_at, rows));
    await removeFiles(new Set(files.map(file => file.id)));
    return rows;
  });
}

type Tables = Awaited<ReturnType<typeof tablesOwned>>;

async function deleteOneByOne(connection: OwnConnection, tables: Tables, id: string): Promise<number> {
  let rows = 0;
  for (const { name, owned_by } of tables) rows += await connection.run(deleteRows(name, owned_by, id));
  return rows;
}

/**
 * For a database whose owner may not keep all triggers still: ours are, and foreign keys see one statement. Other businesses wait with
 * what they write until it is done.
 */
async function deleteTogether(connection: OwnConnection, tables: Tables, id: string): Promise<number> {
  for (const { name } of tables) await connection.run(stillTriggers(name));
  const { rows } = await connection.one(deletedRows, deleteAllRows(tables, id));
  for (const { name } of tables) await connection.run(wakeTriggersOf(name));
  return rows;
}
