/** The search document of one record (decision 11): what it is found by, and what an answer shows of it. */
export interface SearchDocument {
  id: string;
  /** What people call it, and what they type first. At most 200 characters are kept. */
  title: string;
  /**
   * What people type with errors, the title among it: names, companies, streets, towns. Nothing for a record without a
   * name, whose title is the beginning of its text.
   */
  names: string;
  /** Exact tokens, separated by spaces: references, telephone numbers. */
  terms: string;
  /** Everything else: whole texts. */
  body: string;
  /** `C-1042`; the id stands for it when left out. */
  reference?: string | undefined;
  /**
   * What one wants to know of it at once, in a few words. Moments in UTC and telephone numbers in E.164 are shown as
   * people write them. At most 200 characters are kept.
   */
  detail?: string | undefined;
  /** The id of whom it is about, whose name is shown beside it, always as it is now. */
  about?: string | null | undefined;
}
