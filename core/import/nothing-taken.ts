/** What came of the rows of a file, or of all its parts. */
interface Came {
  taken_rows: number;
  /** Here already. */
  matched_rows: number;
  refused_rows: number;
  dry_run: boolean;
}

/**
 * That not one row of a file could be taken, as clearly as a refusal says it: a letter is read as a table of one column as well.
 * Undefined when some was, or was here already. The import stays, with each row and why it was refused.
 */
export function nothingTaken({ taken_rows, matched_rows, refused_rows, dry_run }: Came): string | undefined {
  if (taken_rows + matched_rows > 0 || refused_rows === 0) return undefined;
  const rows =
    refused_rows === 1
      ? 'its only row is refused'
      : `all of its ${refused_rows.toLocaleString('en-US')} rows are refused, each with its reason`;
  return `Nothing of this file ${dry_run ? 'would be' : 'was'} taken: ${rows}.`;
}
