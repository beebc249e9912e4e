import type { ProposedAttribute } from '../record.ts';
import { isNegated } from './negation.ts';
import { isAnywhere, matchesOf, toldIn, words } from './rule.ts';
import type { Sentence } from './sentences.ts';

/** What it is called in notes, and what we call it. The longest names come first. */
const equipment: readonly [string, string][] = [
  ['extension ladder', 'extension ladder'],
  ['step ?ladder', 'stepladder'],
  ['orchard ladder|tripod ladder', 'orchard ladder'],
  ['ladder stabili[sz]er|stand-?off', 'ladder stabilizer'],
  ['ladders?', 'ladder'],
  ['water[- ]?fed pole|wfp', 'water-fed pole'],
  ['extension pole|long pole', 'extension pole'],
  ['pressure washer|power washer', 'pressure washer'],
  ['boom lift|scissor lift|bucket truck|cherry picker|man ?lift', 'lift'],
  ['scaffold(?:ing)?', 'scaffolding'],
  ['safety harness|harness|rope access', 'harness'],
  ['razor blades?|scraper', 'scraper'],
  ['shoe covers?|booties', 'shoe covers'],
  ['drop cloths?', 'drop cloth'],
  ['hard water remover', 'hard water remover'],
  ['steel wool', 'steel wool'],
];

const needs =
  '\\b(?:brings?|brought|bringing|needs?|needed|requires?|required|uses?|used|using|take|took|must have|had to use|get|rent|wear|worked from|have to have|forget)\\b';
const isNeeded = /^[^,]{0,20}?\b(?:needed|required|necessary|is a must|a must|recommended)\b/iu;

const size = "(?:(?<size>\\d{1,2})(?:'| ?-?(?:ft|foot|feet)) ?)?";
const patterns = equipment.map(([source, name]) => ({ name, pattern: words(`${size}\\b(?:${source})\\b`) }));

/** What has to be brought: `extension ladder`, `32 ft ladder`. Only where somebody needed, brought or used it. */
export function findEquipment(sentences: readonly Sentence[]): ProposedAttribute[] {
  const told = toldIn(sentences);
  const named = patterns.filter(({ pattern }) => isAnywhere(pattern, told));
  return told.flatMap(text => inSentence(named, text)).map(value => ({ key: 'equipment_needed', value }));
}

function inSentence(named: typeof patterns, sentence: string): string[] {
  const taken: [number, number][] = [];
  const found: { at: number; name: string }[] = [];
  for (const { name, pattern } of named) {
    for (const match of matchesOf(pattern, sentence)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (taken.some(([from, to]) => start < to && end > from)) continue;
      taken.push([start, end]);
      if (!isWanted(sentence, start, end)) continue;
      const feet = match.groups?.size;
      found.push({ at: start, name: feet === undefined ? name : `${feet} ft ${name}` });
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** A verb of need before it in the same sentence, or "needed" behind it; and no "not". */
function isWanted(sentence: string, start: number, end: number): boolean {
  if (isNegated(sentence, start, end)) return false;
  if (isNeeded.test(sentence.slice(end))) return true;
  const verb = matchesOf(words(needs), sentence.slice(0, start)).at(-1);
  if (!verb) return false;
  return start - verb.index <= 60 && !isNegated(sentence, verb.index, verb.index + verb[0].length);
}
