/** The search document of one record (decision 11). */
export interface SearchDocument {
  id: string;
  title: string;
  /** What people type with errors: names, companies, streets, towns. */
  names: string;
  /** Exact tokens, separated by spaces: references, telephone numbers. */
  terms: string;
  /** Everything else: notes. */
  body: string;
}
