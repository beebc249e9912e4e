import { capital } from '../../kernel/words/capital.ts';
import { words } from './rule.ts';

// Names are told by their capitals, except where the words before them say that a name comes.

const name = "\\p{Lu}[\\p{L}'-]*\\p{Ll}";
const names = `${name}(?:(?:, | and | & |, and )${name}){0,4}`;
const anyCase = "\\p{L}[\\p{L}'-]+";

/** What stands right behind an animal: "named Biscuit", "'s name is Biscuit". */
const called = words(
  `^(?:'s name(?:'s| is)|s' names are|,? (?:is |are |was )?(?:named|called|by the name of|goes by|name is|name:|names?:|whose name is)) ` +
    `(?<who>${anyCase}(?:(?:, | and | & |, and )${anyCase}){0,4})`,
);
/** "(Biscuit)" */
const inBrackets = /^ ?\(\s*(?<who>[^)]{2,60})\)/u;
/** "dogs: Rex and Molly" */
const listed = new RegExp(`^(?:,| -| –|:) (?<who>${names})(?=[,.)]|$| and | is | are )`, 'u');
/** "Labrador, Bella, who loves everyone" */
const besides = new RegExp(`^, (?<who>${name})(?=,|\\)|$| who )`, 'u');
/** "dog Biscuit" */
const directly = new RegExp(`^ (?<who>${names})(?=[,.)(!]|$| -| \\p{Ll})`, 'u');
/** "Biscuit, their" before "dog", or "Biscuit the" inside a sentence: "Saw the dog" begins with a verb. */
const before = [
  new RegExp(`(?<who>${name}), (?:the|her|his|their) $`, 'u'),
  new RegExp(`\\p{Ll} (?<who>${name}) (?:the|her|his|their) $`, 'u'),
];

/** Words that begin with a capital and are nobody's name. */
const notNames = new Set(
  (
    'The They He She It Is In On At And Or But Very Please Keep Must No Not Two Three One Has Have Gate Dog Dogs Cat ' +
    'Cats Door Code Yard Back Front House Customer Call Text Use Bring Watch Beware Friendly All Both Her His Their'
  ).split(' '),
);

/** The names of an animal or several, from the words around it in its sentence. */
export function petNames(wordsBefore: string, wordsBehind: string, areSeveral: boolean): string[] {
  // Patterns of words() remember where they were; this one starts anew each time.
  called.lastIndex = 0;
  const said = called.exec(wordsBehind)?.groups?.who;
  if (said !== undefined)
    return split(said)
      .slice(0, areSeveral ? 5 : 1)
      .map(capital)
      .filter(isName);
  const patterns = areSeveral ? [inBrackets, listed, directly] : [inBrackets, besides, directly];
  const who = firstNamed(patterns, wordsBehind) ?? firstNamed(before, wordsBefore) ?? '';
  return split(who).filter(word => /^\p{Lu}/u.test(word) && !/\s/.test(word) && isName(word));
}

const firstNamed = (patterns: readonly RegExp[], text: string) =>
  patterns.map(pattern => pattern.exec(text)?.groups?.who).find(who => who !== undefined);

const split = (who: string) =>
  who
    .split(/, and |, | and | & /)
    .map(word => word.trim())
    .filter(word => word !== '');

const isName = (word: string) => !notNames.has(word);
