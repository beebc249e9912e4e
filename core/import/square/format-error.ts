/**
 * The file as a whole cannot be read as a Square customer export (IMX-01). The message says what to do next and may be
 * shown to an owner or an agent; `missing` and `found` are column names, empty when the header was not the trouble.
 * Troubles of a single row are never thrown: they stand in `refused` or `notices` of the reading.
 */
export class SquareFormatError extends Error {
  readonly missing: string[];
  readonly found: string[];

  constructor(message: string, columns: { missing?: string[]; found?: string[] } = {}) {
    super(message);
    this.name = 'SquareFormatError';
    this.missing = columns.missing ?? [];
    this.found = columns.found ?? [];
  }
}
