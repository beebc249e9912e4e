/** What a file that was written is like. */
export interface WrittenArchive {
  rows: number;
  bytes: number;
  sha256: string;
}

/** Where files lie that somebody fetches later: written by a job, fetched on a page, gone after some days. */
export interface ArchiveStore {
  /**
   * Writes everything of a business into the file of this name, which appears whole or not at all. Undefined while another
   * worker is writing it.
   */
  writeBusiness(organization_id: string, name: string): Promise<WrittenArchive | undefined>;
  /**
   * Deletes everything of a business and its files, if the deletion of this id still stands; answers how many rows, undefined
   * when it does not.
   */
  eraseBusiness(organization_id: string, deletion_id: string): Promise<number | undefined>;
  /** Does nothing when there is none. */
  remove(name: string): Promise<void>;
}
