import { z } from 'zod';

/** What the archive of a business looks like (decision 040). A reader refuses a number it does not know. */
export const formatVersion = 1;

export const manifestName = 'manifest.json';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const column = z.strictObject({
  name,
  /** As PostgreSQL writes it: `timestamp with time zone`. */
  type: z.string(),
});
export type ArchiveColumn = z.infer<typeof column>;

const table = z.strictObject({
  name,
  file: z.string(),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256,
  /** The columns that are there, in the order in which each line has them. */
  columns: z.array(column),
  /** Columns that stay behind, each with the reason. */
  left_out: z.record(name, z.string()).optional(),
  /** Rows that stay behind. */
  rows_left_out: z.string().optional(),
});
export type ArchiveTable = z.infer<typeof table>;

const file = z.strictObject({ file: z.string(), bytes: z.int().min(0), sha256 });
export type ArchiveFile = z.infer<typeof file>;

/** `manifest.json`: what the archive holds, and what it holds on purpose not. */
export const manifest = z.strictObject({
  format: z.literal('deskhand business'),
  format_version: z.int(),
  deskhand_version: z.string(),
  /** The moment whose data these are. */
  taken_at: z.iso.datetime({ offset: true }),
  business: z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string() }),
  /** The migrations that had run, oldest first: the last one is the version of the schema. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(table),
  documents: z.array(file),
  /** Tables that stay behind, each with the reason. */
  left_out: z.record(name, z.string()),
});
export type Manifest = z.infer<typeof manifest>;
