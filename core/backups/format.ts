import { z } from 'zod';

/** What the backup of an installation looks like (decision 049). A reader refuses a number it does not know. */
export const backupVersion = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);

export const backupTable = z.strictObject({
  name,
  file: z.string(),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256,
  /** In the order in which each line has them; what PostgreSQL computes itself is not there. */
  columns: z.array(name).min(1),
});
export type BackupTable = z.infer<typeof backupTable>;

/** `manifest.json` of a backup; the archive of one business says `deskhand business` there. */
export const backupManifest = z.strictObject({
  format: z.literal('deskhand installation'),
  format_version: z.int(),
  deskhand_version: z.string(),
  /** The moment whose data these are. */
  taken_at: z.iso.datetime({ offset: true }),
  /** Which key seals its secrets; empty when there was none. The key itself is not in here. */
  key_id: z.string(),
  businesses: z.array(z.strictObject({ slug: z.string(), name: z.string() })),
  /** The migrations that had run, with the checksum of each. */
  migrations: z.array(z.strictObject({ name: z.string(), hash: sha256 })).min(1),
  tables: z.array(backupTable).min(1),
});
export type BackupManifest = z.infer<typeof backupManifest>;
