import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { businessPhone, postalAddress } from '../organizations/letterhead.ts';
import { wordsInUse } from '../templates/in-use.ts';
import { type Subject, valuesOf } from './facts.ts';
import { kinds } from './kinds.ts';
import type { MessageKind } from './record.ts';
import type { Values } from './variables.ts';
import { fillWords } from './words.ts';

/** The words of a mail before anything is filled in, and whose they are: of the house, or of the business and its people. */
export interface Words {
  subject: string;
  body: string;
  whose: 'ours' | 'theirs';
  /** The template they are from. */
  template_id: string | null;
}

/** A mail with its words; the names of links stand in it until it is delivered. */
export interface Composed {
  subject: string;
  text: string;
  template_id: string | null;
}

/** Undefined words are missing what is named. */
export type Composition = { mail: Composed; missing?: never } | { mail?: never; missing: readonly string[] };

/**
 * The words of a kind as they hold now: of the business's template in use, or of the house. What goes to somebody new
 * without a person is in words of the house.
 */
export async function wordsOf(
  context: ReadContext,
  { kind, is_bounded }: { kind: MessageKind; is_bounded: boolean },
): Promise<Words> {
  const template = is_bounded ? undefined : await wordsInUse(context, kind);
  if (!template) {
    const { subject, body } = kinds[kind];
    return { subject, body, whose: 'ours', template_id: null };
  }
  const { id, subject, body } = template;
  return { subject, body, whose: 'theirs', template_id: id };
}

/** Fills words with values: a subject of one line, and a text. */
export function compose({ subject, body, whose, template_id }: Words, values: Values): Composition {
  const [head, text] = [fillWords(subject, values, whose), fillWords(body, values, whose)];
  const missing = [...(head.missing ?? []), ...(text.missing ?? [])];
  if (head.text === undefined || text.text === undefined) return { missing: [...new Set(missing)] };
  const line = head.text.replace(/\s+/g, ' ');
  if (line === '' || text.text === '') return { missing: ['any words'] };
  return { mail: { subject: line, text: text.text, template_id } };
}

/** The mail of a message as things are now: of its own words where it has some, else of those of its kind. */
export async function composeMessage(
  context: ReadContext,
  message: Subject,
  own?: { subject: string; body: string },
): Promise<Composition> {
  const words: Words = own ? { ...own, whose: 'theirs', template_id: null } : await wordsOf(context, message);
  return compose(words, await valuesOf(context, message));
}

/** What stands below every mail of a business: its name, and how it is reached. */
export function footerOf(context: Pick<ReadContext, 'organization'>): string {
  const { name } = context.organization;
  const [phone, address] = [businessPhone, postalAddress].map(setting => settingOf(context, setting));
  return [name, phone, address].filter(Boolean).join('\n');
}
