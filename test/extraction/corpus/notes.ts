import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The members of an inquiry that are measured. */
export const measured = ['name', 'phone', 'email', 'street', 'service'] as const;
export type Measured = (typeof measured)[number];

/** One note as somebody wrote it, and what a careful person reads in it. */
export interface FreeNote {
  title: string;
  text: string;
  /** What has to be found; a member that is left out must not be found. A name may have several right spellings. */
  says: Partial<Record<Measured, readonly string[]>>;
}

/** `tuned`: the rules were made with these at hand. `held-back`: never looked at while they were made. */
export type Part = 'tuned' | 'held-back';

const line = z.templateLiteral([z.enum(measured), ': ', z.string()]);

/** The notes of a part; `test/fixtures/free-notes` shows how they are written. Throws on a line it does not understand. */
export function freeNotes(part: Part): FreeNote[] {
  const file = readFileSync(join('test', 'fixtures', 'free-notes', `${part}.txt`), 'utf8');
  return file.split(/^# /m).slice(1).map(readNote);
}

function readNote(block: string): FreeNote {
  const [title = '', ...lines] = block.trimEnd().split('\n');
  const answers = lines.filter(each => each.startsWith('> ')).map(each => each.slice(2).trim());
  const text = lines.filter(each => !each.startsWith('> ')).join('\n');
  const says = answers.filter(answer => answer !== 'nothing').map(readAnswer);
  return { title, text: text.trim(), says: Object.fromEntries(says) };
}

function readAnswer(answer: string): [Measured, string[]] {
  const [member = '', value = ''] = line.parse(answer).split(/: (.*)/s);
  const name = z.enum(measured).parse(member);
  return [name, value.split(name === 'name' ? '|' : ';').map(each => each.trim())];
}
