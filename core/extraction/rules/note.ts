import { attributeDetails, attributeValue, type NoteFields, type ProposedAttribute } from '../record.ts';
import { accessRules } from './access.ts';
import { findEquipment } from './equipment.ts';
import { peopleRules } from './people.ts';
import { findPets } from './pets.ts';
import { propertyCounts, propertyFacts } from './property.ts';
import { propertyDetails } from './property-details.ts';
import { applyRules } from './rule.ts';
import { sentencesOf } from './sentences.ts';
import { serviceRules } from './service.ts';

const most = 30;

/** Counted features need not be listed as features too. */
const counts: Readonly<Record<string, string>> = {
  skylights: 'property_skylight_count',
  'storm windows': 'property_storm_window_count',
  'french panes': 'property_french_pane_count',
  'french doors': 'property_french_door_count',
};

/** What the rules make of a note (decision 9): who, how many, how long, which animals, how to get in, with what. */
export function noteByRules(text: string): NoteFields {
  const sentences = sentencesOf(text);
  const found = [
    ...applyRules(peopleRules, sentences),
    ...applyRules(propertyCounts, sentences),
    ...applyRules(serviceRules, sentences),
    ...findPets(sentences),
    ...applyRules(accessRules, sentences),
    ...findEquipment(sentences),
    ...applyRules(propertyDetails, sentences),
    ...applyRules(propertyFacts, sentences),
  ];
  return { attributes: distinct(found.filter(isSound).filter(isNotCounted)).slice(0, most) };
}

const isSound = ({ value, details }: ProposedAttribute) =>
  attributeValue.safeParse(value).success &&
  (details === undefined || attributeDetails.safeParse(details).success);

function isNotCounted(
  { key, value }: ProposedAttribute,
  _: number,
  all: readonly ProposedAttribute[],
): boolean {
  const counted = key === 'property_feature' ? counts[String(value)] : undefined;
  return counted === undefined || !all.some(other => other.key === counted);
}

/** The same fact said twice is one fact. */
function distinct(found: readonly ProposedAttribute[]): ProposedAttribute[] {
  const byFact = new Map(
    found.map(fact => [JSON.stringify([fact.key, fact.value, fact.details ?? {}]), fact]),
  );
  return [...byFact.values()];
}
