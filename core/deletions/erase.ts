import { z } from 'zod';
import { becomeOwner, tablesOwned } from '../exports/owner.ts';
import type { Database } from '../kernel/database/db.ts';
import { onOwnConnection } from '../kernel/database/own-connection.ts';
import {
  deletePeople,
  deleteRows,
  fileIds,
  keepTombstone,
  lockDeletion,
  lockedDeletion,
  membersOf,
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
    await becomeOwner(connection);
    const [deletion] = await connection.many(lockedDeletion, lockDeletion(organization_id, deletion_id));
    if (!deletion) return undefined;
    const people = (await connection.many(id, membersOf(organization_id))).map(person => person.id);
    const files = await connection.many(id, fileIds(organization_id));
    let rows = 0;
    for (const { name, owned_by } of await tablesOwned(connection))
      rows += await connection.run(deleteRows(name, owned_by, organization_id));
    for (const statement of deletePeople(people)) await connection.run(statement);
    await connection.run(keepTombstone(organization_id, deletion.asked_at, rows));
    await removeFiles(new Set(files.map(file => file.id)));
    return rows;
  });
}
