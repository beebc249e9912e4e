import type { SearchDocument } from '../search/document.ts';
import { phoneTerms } from '../words/phone.ts';
import type { Field, Fields, SearchPart } from './field-shape.ts';
import type { RecordSpec, StoredRow } from './record.ts';
import { referenceTerms } from './references.ts';

/** Whether a record with these fields is found by words. */
export const isFound = (fields: Fields): boolean =>
  Object.values(fields).some(({ search, label, kind }) => label || (search && kind !== 'custom_fields'));

/** The search document of a row from its own words; `says` are the parts that the record words differently. */
export function makeDocument(
  fields: Fields,
  label: (row: StoredRow) => string,
  row: StoredRow,
  says?: (row: StoredRow) => Partial<SearchDocument>,
): SearchDocument {
  const said = says?.(row) ?? {};
  const reference = typeof row.reference === 'string' ? row.reference : undefined;
  const { about, parts } = foundBy(fields);
  const subject = about === undefined ? undefined : row[about];
  const part = (name: SearchPart) =>
    parts[name].flatMap(({ member, field }) => words(field, row[member], name));
  return {
    id: row.id,
    ...(reference === undefined ? {} : { reference }),
    ...(typeof subject === 'string' ? { about: subject } : {}),
    title: label(row),
    detail: part('detail').join(', '),
    names: part('names').join(' '),
    terms: [...(reference === undefined ? [] : referenceTerms(reference)), ...part('terms')].join(' '),
    body: part('body').join('\n'),
    ...said,
  };
}

/** The search document of columns that are about to be written, by an import of thousands. */
export function documentFrom(record: RecordSpec, columns: StoredRow): SearchDocument {
  if (!record.documentOf) throw new Error(`the documents of ${record.name} need more than its columns`);
  return record.documentOf(columns);
}

/** Which members stand where in the documents of a record. */
interface FoundBy {
  /** The member that points to whom it is about. */
  about: string | undefined;
  parts: Readonly<Record<SearchPart, readonly { member: string; field: Field }[]>>;
}

/** Known once for all rows: an import makes documents by the ten thousand. */
const known = new WeakMap<Fields, FoundBy>();

function foundBy(fields: Fields): FoundBy {
  const before = known.get(fields);
  if (before) return before;
  const entries = Object.entries(fields);
  const inPart = (part: SearchPart) =>
    entries.flatMap(([member, field]) => (partsOf(field).includes(part) ? [{ member, field }] : []));
  const made: FoundBy = {
    about: entries.find(([, { to }]) => to?.about)?.[0],
    parts: {
      names: inPart('names'),
      detail: inPart('detail'),
      terms: inPart('terms'),
      body: inPart('body'),
    },
  };
  known.set(fields, made);
  return made;
}

const partsOf = ({ search }: Field): readonly SearchPart[] =>
  typeof search === 'string' ? [search] : (search ?? []);

/** What a value is found by: numbers of telephones by their ends, addresses of mail by their pieces. */
function words({ kind }: Field, value: unknown, part: SearchPart): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (kind === 'custom_fields') return customWords(value);
  if (Array.isArray(value)) return value.map(String);
  const text = String(value);
  if (part === 'terms' && kind === 'phone') return phoneTerms(text);
  if (part === 'terms' && kind === 'email') return text.split(/[^\p{L}\p{N}]+/u);
  return [kind === 'choice' ? text.replaceAll('_', ' ') : text];
}

/** `{gate_code: 1234}` as one says it: `gate code 1234`. What is not so finds nobody: `{blocked: "No"}`. */
export const customWords = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .filter(([, held]) => held !== false && !/^no$/i.test(String(held)))
        .map(([key, held]) => `${key.replaceAll('_', ' ')} ${String(held)}`)
    : [];
