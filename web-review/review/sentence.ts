import { alongWords, callWords, generalWish } from '../../core/audit/deed-words.ts';
import { type Difference, differenceWords } from '../../core/audit/differences.ts';
import { type ToldDeed, tellCall } from '../../core/audit/sentence.ts';
import { askedCall, type Registry } from '../../core/kernel/registry/registry.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { quote } from '../../core/kernel/words/quote.ts';
import { shorten } from '../format.ts';
import { type Content, html, type Markup, visible } from '../html.ts';
import { spellMixed } from './alphabets.ts';
import { foreign } from './foreign.ts';
import type { RequestReader } from './names.ts';
import { callsOf, type Outgoing, type Request } from './request.ts';
import { toldMarkup, toldText } from './told.ts';

const mostNamed = 4;
const longestTitle = 200;

/** What a request would do, in our words with what people wrote in marks, and what differs besides. */
export function tellRequest(request: Request, reader: RequestReader): ToldDeed {
  const { action, preview } = request;
  const calls = callsOf(request);
  if (calls.length > 0)
    return {
      sentence: `do ${calls.length} things together: ${countedWishes(request, reader)}`,
      differences: [],
      is_whole: false,
    };
  const told = tellCall(reader.deeds, { action, changes: preview.changes, targets: preview.targets }, 'wish');
  const along = alongWords(reader.registry, askedCall(reader.registry, request), 'verb');
  return { ...told, sentence: [told.sentence, ...along].join(', and ') };
}

/**
 * What will happen, in the server's own words: `Office Manager wants to cancel the visit T-2001 … for Jane Smith`. Made of the
 * registration, the rows it is about and the preview; nothing in it is the agent's, and names of strangers stand apart.
 */
export const sentenceOf = (request: Request, reader: RequestReader): Markup =>
  html`${foreign(request.agent, 80)} wants to ${deedOf(request, reader)}`;

/** The same without who wants it. */
export const deedOf = (request: Request, reader: RequestReader): Markup =>
  toldMarkup(
    reader.registry,
    whole(tellRequest(request, reader).sentence + mailed(request.preview.goes_out)),
  );

// What somebody wrote may end in a mark of its own.
const whole = (text: string): string => (/[.!?]»?$/.test(text) ? text : `${text}.`);

/** The same as plain text, for titles. */
export const sentenceText = (request: Request, reader: RequestReader): string =>
  spellMixed(
    visible(
      shorten(
        capital(toldText(tellRequest(request, reader).sentence + mailed(request.preview.goes_out))),
        longestTitle,
      ),
    ),
  );

/** What differs besides the sentence, line by line, from what to what. */
export const differenceList = (differences: readonly Difference[], reader: RequestReader): Content =>
  differences.length > 0 &&
  html`<ul class="changes">${differences.map(difference => {
    const say = (text: string) => toldMarkup(reader.registry, text);
    const { label, from, to } = difference;
    if (from !== undefined && to !== undefined)
      return html`<li><span class="field">${say(label)}</span> <del>${say(from)}</del> → <ins>${say(to)}</ins></li>\n`;
    return html`<li>${say(differenceWords(difference))}</li>\n`;
  })}</ul>`;

/** `3 × void the invoice, 2 × archive the inquiry` */
function countedWishes(request: Request, { registry }: RequestReader): string {
  const counts = new Map<string, number>();
  for (const { action } of callsOf(request)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, count]) => `${count} × ${generalWish(registry, action)}`).join(', ');
}

/** `1 change`, `2 changes` */
export const countOf = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

/** `delete customers`: what somebody may do in general. */
export function habit(registry: Registry, action: string): string {
  const { verb, object } = callWords(registry, action);
  const record = registry.records.get(action.split('.')[0] ?? '');
  if (record === undefined || !object.endsWith(record.noun)) return generalWish(registry, action);
  return `${verb} ${object.slice(0, object.length - record.noun.length)}${record.nouns}`;
}

/** Whom a message goes to; '' when it does not say. */
export const addresseeOf = ({ payload }: Outgoing): string =>
  typeof payload.to === 'string' ? payload.to : '';

/** ` and send an e-mail to «jane@example.com»` */
function mailed(outgoing: readonly Outgoing[]): string {
  if (outgoing.length === 0) return '';
  const to = [...new Set(outgoing.map(addresseeOf))].filter(Boolean);
  const rest = to.length - mostNamed;
  const whom = to.slice(0, mostNamed).map(quote).join(', ');
  const kind = outgoing.every(message => message.kind === 'email') ? 'e-mail' : 'message';
  const what =
    outgoing.length === 1 ? (kind === 'e-mail' ? 'an e-mail' : 'a message') : countOf(outgoing.length, kind);
  return ` and send ${what}${whom && ` to ${whom}`}${rest > 0 ? ` and ${rest} more` : ''}`;
}
