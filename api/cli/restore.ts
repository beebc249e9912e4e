import { authorizations } from '../../authorization-queue/index.ts';
import { openBackup } from '../../core/backups/read.ts';
import { catalog } from '../../core/catalog.ts';
import { openArchive } from '../../core/exports/read-archive.ts';
import { type Restored, restoreArchive } from '../../core/exports/restore.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { findDatabase, type Installation, withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { restoreInstallation } from './backup.ts';
import { fileTrouble } from './export.ts';

/**
 * `deskhand restore FILE`: brings back what the file holds, one business or a whole installation; the file says which.
 */
export async function restoreFile(config: Config, file: string): Promise<void> {
  // What is no zip at all is told by the reader of archives.
  const backup = await openBackup(file).catch(error => {
    if (error instanceof DeskhandError) throw error;
    return undefined;
  });
  if (!backup) return restoreBusiness(config, file);
  try {
    const jobs = [...catalog, authorizations].flatMap(domain => domain.jobs ?? []);
    await restoreInstallation(config, backup, kindsOutside(jobs));
  } finally {
    backup.close();
  }
}

/** Brings back a business as it was; says what has to be set once more. */
async function restoreBusiness(config: Config, file: string): Promise<void> {
  const archive = await openArchive(file).catch(error => {
    throw fileTrouble(error, file);
  });
  try {
    await withInstallation(config, async installation => {
      const { owner } = await findDatabase(config);
      const db = openDatabase({ address: owner, connections: 1 });
      try {
        const { vault } = installation.sealing;
        print(
          await restoreArchive(db, archive, { vault, outside: outsideKinds(installation) }),
          archive.manifest.business.slug,
        );
      } finally {
        await db.close();
      }
    });
  } finally {
    archive.close();
  }
}

/** Kinds of deliveries that reach somebody outside, as they are registered. */
export const outsideKinds = ({ app }: Pick<Installation, 'app'>): string[] =>
  kindsOutside([...app.registry.jobs.values()]);

const kindsOutside = (jobs: readonly { kind: string; connectors?: readonly string[] }[]): string[] =>
  jobs.filter(({ connectors = [] }) => connectors.some(name => name !== 'model')).map(({ kind }) => kind);

function print(restored: Restored, slug: string): void {
  const { business, rows, tables, taken_at, agent_keys, calendars, secrets, held } = restored;
  const at = `${taken_at.slice(0, 10)} ${taken_at.slice(11, 16)} UTC`;
  console.log(
    `${business.name} is back as it was on ${at}: ${rows} records in ${tables} tables, every one compared.`,
  );
  const todo = [
    ...(agent_keys > 0
      ? [`${agent_keys} keys of assistants ended: deskhand key create --agent NAME --org ${slug}`]
      : []),
    ...(calendars > 0
      ? [`${calendars} calendars are to be subscribed to anew, on the page /calendar/subscribe`]
      : []),
    ...secrets.map(name => `set ${name} once more, on the page /settings/secrets`),
    ...(held > 0
      ? [`${held} mails and other deliveries waited then and are held: the page /outbox shows them`]
      : []),
  ];
  if (todo.length > 0) console.log(`Still to do:\n${todo.map(line => `  ${line}`).join('\n')}`);
  console.log(
    'If the business it was exported from still runs, stop that one: both would write to the customers.',
  );
}
