import type { ProposedAttribute } from '../record.ts';
import { isNegated } from './negation.ts';
import { numberWord, readSmallNumber } from './numbers.ts';
import { petNames } from './pet-names.ts';
import { groupsOf, isAnywhere, matchesOf, toldIn, words } from './rule.ts';
import type { Sentence } from './sentences.ts';

/** What an animal is called in notes, and what it is. */
const species: readonly [string, string][] = [
  ['dogs?|doggies|doggy|pupp(?:y|ies)|pups?|hounds?', 'dog'],
  ['cats?|kittens?|kitty|kitties', 'cat'],
  ['parrots?', 'parrot'],
  ['cockatiels?|parakeets?|canar(?:y|ies)|pet birds?', 'bird'],
  ['horses?|pon(?:y|ies)', 'horse'],
  ['chickens?|hens?|roosters?', 'chicken'],
  ['goats?', 'goat'],
  ['rabbits?|bunn(?:y|ies)', 'rabbit'],
  ['turtles?|tortoises?', 'turtle'],
  ['ferrets?', 'ferret'],
  ['pot ?bell(?:y|ied) pigs?', 'pig'],
];

const breeds =
  '(?:german shepherd|golden retriever|golden ?doodle|labradoodle|labrador|(?:black|yellow|chocolate) lab|lab|poodle|' +
  'beagle|bulldog|pit ?bull|rottweiler|chihuahua|dachshund|corgi|husky|boxer|doberman|great dane|yorkie|shih tzu|collie|' +
  'schnauzer|pomeranian|terrier|pug)';

const temperaments =
  'friendly|aggressive|nervous|shy|skittish|old|loud|big|large|small|tiny|blind|deaf|protective|sweet';

/** Things that are called after animals. */
const notAnimals =
  '(?! ?-?(?:doors?|flaps?|parks?|houses?|walkers?|sitters?|groomers?|food|bowls?|beds?|crates?|treats?|runs?|coops?|' +
  'feeders?|droppings|policy|allerg|litter|tree|barn|fence|stable|farm|property|trailer|hair|urine)\\b)';

const many = `(?:(?<n>\\d|${numberWord}|a couple(?: of)?) )?`;
const start = "(?<![\\p{L}']|hot |corn )";
const looks = `${temperaments}|very|black|white|brown|indoor|outdoor|rescue|${breeds}`;

const animals = [
  ...species.map(([source, kind]) => ({
    kind,
    pattern: words(`${start}${many}(?<before>(?:(?:${looks}),? ){0,3})(?:${source})${notAnimals}(?!\\p{L})`),
  })),
  {
    kind: 'dog',
    pattern: words(
      `${start}${many}(?<before>(?:(?:${temperaments}|very|rescue),? ){0,2})(?<breed>${breeds})s?(?!\\p{L}| (?:dogs?|pupp|mix dogs?))`,
    ),
  },
];

interface Animal {
  kind: string;
  details: Record<string, string | number>;
}

/** The animals of the house: `pet: dog (name: Biscuit)`, one fact for each that has a name. */
export function findPets(sentences: readonly Sentence[]): ProposedAttribute[] {
  const told = toldIn(sentences);
  const named = animals.filter(({ pattern }) => isAnywhere(pattern, told));
  const seen = told.flatMap(text => inSentence(named, text));
  return merge(seen).map(({ kind, details }) => ({
    key: 'pet',
    value: kind,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  }));
}

function inSentence(named: typeof animals, sentence: string): Animal[] {
  const found: { at: number; animals: Animal[] }[] = [];
  for (const { kind, pattern } of named) {
    for (const match of matchesOf(pattern, sentence)) {
      const end = match.index + match[0].length;
      if (isNegated(sentence, match.index, end)) continue;
      found.push({ at: match.index, animals: describe(kind, match, sentence, end) });
    }
  }
  return found.sort((a, b) => a.at - b.at).flatMap(each => each.animals);
}

function describe(kind: string, match: RegExpExecArray, sentence: string, end: number): Animal[] {
  const behind = sentence.slice(end);
  const group = groupsOf(match);
  const shared = { ...breedOf(group('breed') || group('before')), ...temperOf(group('before'), behind) };
  const names = petNames(sentence.slice(0, match.index), behind, /s$/i.test(match[0]));
  if (names.length > 0) return names.map(name => ({ kind, details: { name, ...shared } }));
  const count = /couple/i.test(group('n')) ? 2 : readSmallNumber(group('n'));
  return [{ kind, details: { ...(count !== undefined && count > 1 ? { count } : {}), ...shared } }];
}

function breedOf(said: string): Record<string, string> {
  const [breed] = matchesOf(words(`\\b${breeds}\\b`), said);
  return breed ? { breed: breed[0].toLowerCase() } : {};
}

const isLike = words(
  `^[^,]{0,40}? (?:is|are) (?:very |really |quite )?(?<how>not friendly|${temperaments})\\b`,
);
const does = words('^[^,]{0,25}? (?<how>bites?|barks?|jumps?)\\b');

function temperOf(before: string, behind: string): Record<string, string> {
  const said = [
    matchesOf(words(`\\b(?:${temperaments})\\b`), before)[0]?.[0],
    matchesOf(isLike, behind)[0]?.groups?.how,
    matchesOf(does, behind)[0]?.groups?.how,
  ].find(how => how !== undefined);
  return said === undefined ? {} : { temperament: said.toLowerCase() };
}

/** An animal that is spoken of again is the same one: what has no name is joined to the only one of its kind. */
function merge(seen: readonly Animal[]): Animal[] {
  const result: Animal[] = [];
  for (const { kind, details } of seen) {
    const same = result.filter(other => other.kind === kind);
    const known =
      details.name === undefined
        ? same[0]
        : (same.find(other => other.details.name === details.name) ??
          same.find(other => other.details.name === undefined));
    const isOther = known !== undefined && details.name === undefined && same.length > 1;
    if (known && !isOther) Object.assign(known.details, { ...details, ...known.details });
    else if (!known) result.push({ kind, details: { ...details } });
  }
  return result.map(({ kind, details }) => ({ kind, details: tidy(details) }));
}

/** The name first; a number is told by the animals themselves once they have names. */
function tidy({ name, count, ...rest }: Animal['details']): Animal['details'] {
  if (name !== undefined) return { name, ...rest };
  return count === undefined ? rest : { count, ...rest };
}
