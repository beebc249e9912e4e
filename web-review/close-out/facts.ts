import type { ProposedAttribute } from '../../core/extraction/record.ts';
import { showAttribute } from '../../core/extraction/show.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { readFact } from '../leads/fields.ts';
import type { Closeout } from './closeout.ts';
import { fieldNamed, type Shown } from './step.ts';
import type { Typed } from './typed.ts';

/** A fact as its field has it. */
interface ShownFact {
  /** As it was found. */
  was: string;
  /** As it was corrected. */
  text: string;
  isKept: boolean;
}

/** `property detail: complex sill`; read back, it is the same fact. */
const textOf = ({ key, value, details = {} }: ProposedAttribute): string =>
  showAttribute({
    key: spaced(key),
    value,
    details: Object.fromEntries(Object.entries(details).map(([name, member]) => [spaced(name), member])),
  });

const spaced = (name: string): string => name.replaceAll('_', ' ');

const mostFacts = 30;

function typedFacts(typed: Typed): ShownFact[] {
  const facts: ShownFact[] = [];
  for (let n = 1; n <= mostFacts; n += 1) {
    const text = typed[`fact_${n}_text`];
    if (text === undefined) break;
    const was = typed[`fact_${n}_was`] ?? '';
    facts.push({ was, text: text.replace(/\s+/g, ' '), isKept: typed[`fact_${n}_keep`] === '1' });
  }
  return facts;
}

/** The facts of the review with what was typed of them; corrections of facts that are no longer found stand by hand. */
function merge(
  { attributes }: Pick<Closeout, 'attributes'>,
  typed: Typed,
): { facts: ShownFact[]; more: string } {
  const written = typedFacts(typed);
  const facts = attributes.map(textOf).map(was => {
    const known = written.find(fact => fact.was === was);
    return known ?? { was, text: was, isKept: true };
  });
  const orphans = written.filter(
    ({ was, text, isKept }) =>
      isKept && text !== '' && text !== was && !facts.some(fact => fact.was === was || fact.text === text),
  );
  const more = [typed.more ?? '', ...orphans.map(({ text }) => text)].filter(Boolean).join('\n');
  return { facts, more };
}

/** What was found, each fact to be kept, corrected or dropped, and what is missing (CLO-07). */
export function factFields(closeout: Pick<Closeout, 'attributes'>, shown: Shown): Markup {
  const { facts, more } = merge(closeout, shown.typed);
  return html`${
    facts.length > 0 &&
    html`<p class="hint" id="facts-hint">Untick what is wrong. Correct what is not quite right.</p>
<ol class="plain">${facts.map((fact, index) => factItem(fact, index + 1, shown))}</ol>`
  }
${moreField(more, shown)}`;
}

function factItem({ was, text, isKept }: ShownFact, n: number, shown: Shown): Markup {
  return html`<li class="fact">${tick(html`type="checkbox" name="fact_${n}_keep" value="1"`, html`<span class="unseen">Keep fact ${n}: ${was}</span>`, isKept)}
<label class="unseen" for="fact_${n}_text">Fact ${n}</label><textarea ${fieldNamed(`fact_${n}_text`, shown, 'facts-hint')} rows="${text.length > 32 ? 2 : 1}" maxlength="400" data-redact dir="auto">\n${asTyped(text)}</textarea><input type="hidden" name="fact_${n}_was" value="${asTyped(was)}"></li>
`;
}

/** Facts nobody found, one a line. */
export const moreField = (more: string, shown: Shown): Markup =>
  html`<label for="more">More facts, one a line</label>
<p class="hint" id="more-hint">Such as “pet: dog (name: Biscuit)”. May stay empty.</p>
<textarea ${fieldNamed('more', shown, 'more-hint')} rows="2" maxlength="8000" data-redact dir="auto">\n${asTyped(more)}</textarea>`;

/**
 * The facts that hold, as `closeout.complete` takes them: those of the page that are kept, and those written by hand. One
 * that nobody has touched stays the fact it was. Throws VALIDATION_ERROR.
 */
export function readFacts(typed: Typed, { attributes }: Pick<Closeout, 'attributes'>): ProposedAttribute[] {
  const known = new Map(attributes.map(fact => [textOf(fact), fact]));
  const kept = typedFacts(typed).flatMap(({ text, isKept }, index) =>
    isKept && text !== '' ? [{ field: `fact_${index + 1}_text`, text }] : [],
  );
  const byHand = (typed.more ?? '')
    .split('\n')
    .map(line => line.trim())
    .flatMap(text => (text === '' ? [] : [{ field: 'more', text }]));
  const all = [...kept, ...byHand];
  const beyond = all[mostFacts];
  if (beyond)
    throw invalid(beyond.field, `A visit takes at most ${mostFacts} facts. Leave out what matters least.`);
  return all.map(({ field, text }) => {
    const fact = known.get(text);
    if (fact) return { key: fact.key, value: fact.value, ...(fact.details ? { details: fact.details } : {}) };
    if (text.length <= 300) return readFact(text);
    throw invalid(field, 'A fact has at most 300 characters. Longer texts belong into the notes.');
  });
}

/** The facts a form holds, for whoever must not lose them. */
export const factWords = (typed: Typed): string[] => [
  ...typedFacts(typed).flatMap(({ text, isKept }) => (isKept && text !== '' ? [text] : [])),
  ...(typed.more ? [typed.more] : []),
];
