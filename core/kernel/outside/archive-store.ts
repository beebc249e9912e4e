/** What a file that was written is like. */
export interface WrittenFile {
  bytes: number;
  sha256: string;
}

/** Files that are zipped together, each asked for its bytes when its turn comes. */
export interface FilesTogether {
  /** Whose state they are. */
  moment: Date;
  files: readonly { name: string; bytes(): AsyncIterable<Buffer> }[];
}

/** Where files lie that somebody fetches later: written by a job, fetched on a page, gone after some days. */
export interface ArchiveStore {
  /**
   * Writes everything of a business into the file of this export, which is there whole or not at all. Undefined while another
   * worker is writing it.
   */
  writeBusiness(
    organization_id: string,
    export_id: string,
  ): Promise<(WrittenFile & { rows: number }) | undefined>;
  /** Writes some files as the one of this export, in the same way. */
  writeFiles(
    organization_id: string,
    export_id: string,
    together: FilesTogether,
  ): Promise<WrittenFile | undefined>;
  /**
   * Deletes everything of a business and its files, if the deletion of this id still stands; answers how many rows, undefined
   * when it does not.
   */
  eraseBusiness(organization_id: string, deletion_id: string): Promise<number | undefined>;
}
