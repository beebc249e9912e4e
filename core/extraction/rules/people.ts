import { type Groups, type Rule, rulesFor, said } from './rule.ts';

const person = '(?:woman|man|lady|gentleman|couple|customer|client|folks|people)';

const elderly = [
  '\\belderly(?! (?:neighbou?r|dog|cat|pet))\\b',
  '\\bsenior citizens?\\b',
  `\\bolder ${person}\\b`,
  '\\bold (?:woman|man|lady|gentleman|couple)\\b',
  '\\b[789]\\d[- ](?:years?|yrs?)[- ]old(?! (?:house|home|glass|windows?|building))\\b',
  "\\bin (?:her|his|their) (?:late |early |mid[- ])?(?:seventies|eighties|nineties|(?:19)?[789]0'?s)\\b",
];
const youngFamily = [
  '\\byoung (?:family|couple|parents)\\b',
  '\\b(?:small|young|little) (?:kids|children)\\b',
  '\\b(?:toddlers?|new ?born)\\b',
  '\\b(?:has|have|with) (?:a )?baby(?! gate)\\b',
];
const retired = [`\\bretired (?:${person}|teacher|nurse|veteran)\\b`];

const renter = ['\\b(?:renters?|renting|rents|tenants?)\\b'];
const rental = ['\\brental (?:property|house|unit)\\b'];
const partTime = ['\\b(?:vacation home|second home|snow ?birds?|summer house|air ?bnb)\\b'];

const accessibility = [
  '\\b(?<said>hard of hearing|hearing impaired|legally blind|visually impaired|on oxygen)\\b',
  '\\b(?<said>(?:uses?|in) an? (?:wheelchair|walker|scooter)|wheelchair)\\b',
  '(?<!(?:dog|cat|one) is )\\b(?<said>deaf|blind)\\b(?! (?:dog|cat|one))',
];

const language =
  '(?<said>spanish|german|french|korean|chinese|mandarin|vietnamese|portuguese|japanese|hindi|arabic|russian)';
const languages = [
  `\\bspeaks (?:only |mostly |mainly )?${language}\\b`,
  `\\b${language}[- ](?:speaking|speaker)\\b`,
];

const allergicTo = [
  '\\b(?:allergic|allerg(?:y|ies)) to (?<said>[\\p{L} -]{3,40}?)(?=[,:)]|$| (?:so|please|but|use|do)\\b)',
];
const allergies = [
  '\\b(?<said>latex|ammonia|bee|wasp|dust|fragrance|perfume|pollen|vinegar|dog|cat|peanut|bleach) allerg(?:y|ies)\\b',
];

/** Who they are. */
export const peopleRules: readonly Rule[] = [
  ...rulesFor('customer_demographic', elderly, 'elderly'),
  ...rulesFor('customer_demographic', youngFamily, 'young_family'),
  ...rulesFor('customer_demographic', retired, 'retired'),
  ...rulesFor('occupancy', renter, 'renter'),
  ...rulesFor('occupancy', rental, 'rental'),
  ...rulesFor('occupancy', partTime, 'part_time'),
  ...rulesFor('accessibility_note', accessibility, said),
  ...rulesFor('preferred_language', languages, said),
  ...rulesFor('allergy', allergicTo, listOf),
  ...rulesFor('allergy', allergies, said),
];

/** "bees and dust or ammonia" as three. */
function listOf(group: Groups): string[] {
  return said(group)
    .split(/,| and | or | & /)
    .map(item => item.replace(/^(?:the|any|our|strong|most) /, '').trim())
    .filter(item => item !== '');
}
