import type { LeadFields } from '../../../core/extraction/record.ts';
import { leadByRules } from '../../../core/extraction/rules/lead.ts';
import { type FreeNote, type Measured, measured } from './notes.ts';

/** What was found of one member over some notes. */
export interface Figure {
  /** How often a note says it. */
  said: number;
  /** How often something was found. */
  found: number;
  /** How often what was found is what the note says. */
  right: number;
}

/** A note in which a member was missed, misread or made up. */
export interface Miss {
  note: FreeNote;
  member: Measured;
  said: readonly string[];
  found: readonly string[];
}

/** What the rules alone, without a language model, find in notes. */
export function measure(notes: readonly FreeNote[]): { figures: Record<Measured, Figure>; misses: Miss[] } {
  const figures = {
    name: emptyFigure(),
    phone: emptyFigure(),
    email: emptyFigure(),
    street: emptyFigure(),
    service: emptyFigure(),
  };
  const misses: Miss[] = [];
  for (const note of notes) {
    const fields = leadByRules(note.text, 'US');
    for (const member of measured) {
      const said = note.says[member] ?? [];
      const found = readings[member](fields);
      const right = found.filter(each => said.some(other => plain(member, other) === plain(member, each)));
      // The spellings of a name are one thing that is said; services are several.
      const count = member === 'name' ? Math.min(said.length, 1) : said.length;
      add(figures[member], { said: count, found: found.length, right: right.length });
      if (right.length < Math.max(count, found.length)) misses.push({ note, member, said, found });
    }
  }
  return { figures, misses };
}

const emptyFigure = (): Figure => ({ said: 0, found: 0, right: 0 });

function add(figure: Figure, more: Figure): void {
  figure.said += more.said;
  figure.found += more.found;
  figure.right += more.right;
}

const readings: Record<Measured, (fields: LeadFields) => string[]> = {
  name: ({ full_name }) => listOf(full_name),
  phone: ({ phone }) => listOf(phone),
  email: ({ email }) => listOf(email),
  street: ({ line1, line2 }) => listOf(line1 && line2 ? `${line1} ${line2}` : line1),
  service: ({ service_interest = '' }) =>
    service_interest
      .replace(/ \([^)]*\)/g, '')
      .split(', ')
      .filter(name => name !== ''),
};

const listOf = (value: string | undefined) => (value === undefined ? [] : [value]);

/** As two spellings of the same are compared: without capitals, dots, commas, a title, a country code. */
function plain(member: Measured, value: string): string {
  if (member === 'phone') return value.replace(/\D/g, '').slice(-10);
  const bare = value.toLowerCase().replace(/\s+/g, ' ');
  if (member === 'street') return bare.replace(/[.,]/g, '');
  if (member !== 'name') return bare;
  return bare.replaceAll('.', '').replace(/^(?:mr|mrs|ms|miss|dr|sra?|principal) /, '');
}

export const recallOf = ({ said, right }: Figure): number => (said === 0 ? 1 : right / said);
export const precisionOf = ({ found, right }: Figure): number => (found === 0 ? 1 : right / found);

/** The figures as a table in words. */
export function showFigures(title: string, figures: Record<Measured, Figure>): string {
  const rows = measured.map(member => {
    const figure = figures[member];
    const { said, found, right } = figure;
    const shares = `recall ${recallOf(figure).toFixed(3)}  precision ${precisionOf(figure).toFixed(3)}`;
    return `  ${member.padEnd(8)} ${shares}  (said ${said}, found ${found}, right ${right})`;
  });
  return [title, ...rows].join('\n');
}

/** The misses as somebody reads them: the note, what it says, what was found. */
export const showMisses = (misses: readonly Miss[]): string =>
  misses
    .map(({ note, member, said, found }) => {
      const [says, read] = [said, found].map(values => (values.length === 0 ? 'nothing' : values.join('; ')));
      return `${note.title}: ${member} is ${says}, found ${read}\n    ${note.text.replaceAll('\n', '\n    ')}`;
    })
    .join('\n\n');
