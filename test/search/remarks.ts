import { between, pick, type Random } from '../support/random.ts';
import type { Fact } from './customer.ts';
import { breeds, petNames } from './vocabulary.ts';

/** A sentence of a note in the field's words, and what is known by it. */
export interface Remark {
  text: string;
  facts: readonly Fact[];
}

const say =
  (text: string, ...facts: readonly (readonly [string, string | number])[]) =>
  (): Remark => ({
    text,
    facts: facts.map(([key, value]) => ({ key, value })),
  });

const dog = (random: Random): Remark => {
  const name = pick(random, petNames, 1.3);
  const breed = pick(random, breeds);
  return random() < 0.5
    ? { text: `Dog named ${name}.`, facts: [{ key: 'pet', value: 'dog', details: { name } }] }
    : {
        text: `${breed.slice(0, 1).toUpperCase()}${breed.slice(1)} called ${name} in the yard.`,
        facts: [{ key: 'pet', value: 'dog', details: { name, breed } }],
      };
};

const cat = (random: Random): Remark => {
  if (random() < 0.4)
    return { text: 'Two cats.', facts: [{ key: 'pet', value: 'cat', details: { count: 2 } }] };
  const name = pick(random, petNames, 1.3);
  return {
    text: `Cat named ${name}, stays inside.`,
    facts: [{ key: 'pet', value: 'cat', details: { name } }],
  };
};

const counted =
  (noun: string, key: string, low: number, high: number) =>
  (random: Random): Remark => {
    const value = between(random, low, high);
    return { text: `${value} ${noun}.`, facts: [{ key, value }] };
  };

const code =
  (what: string, key: string) =>
  (random: Random): Remark => {
    const value = String(between(random, 1000, 9999));
    return { text: `${what} code ${value}.`, facts: [{ key, value }] };
  };

/** The common ones first. */
export const remarks: readonly ((random: Random) => Remark)[] = [
  dog,
  counted('screens', 'property_screen_count', 6, 40),
  say('Pays by check.', ['payment_method', 'check']),
  say('Elderly woman, very kind.', ['customer_demographic', 'elderly']),
  say('Second story needs the extension ladder.', ['equipment_needed', 'extension ladder']),
  cat,
  code('Gate', 'gate_code'),
  say('Keep the gate closed.', ['property_note', 'keep gate closed']),
  say('Prefers mornings.', ['preferred_time', 'morning']),
  say(
    'Elderly man, hard of hearing.',
    ['customer_demographic', 'elderly'],
    ['accessibility_note', 'hard of hearing'],
  ),
  say('Hard water stains on the shower glass.', ['property_condition', 'hard water stains']),
  counted('skylights', 'property_skylight_count', 1, 5),
  say('Young family, small children.', ['customer_demographic', 'young_family']),
  say('Took longer than usual.', ['service_duration_note', 'longer_than_usual']),
  counted('French panes', 'property_french_pane_count', 8, 60),
  say('Text before coming.', ['contact_note', 'text before coming']),
  say('Storm windows on the back.', ['property_feature', 'storm windows']),
  counted('windows', 'property_window_count', 10, 60),
  say('Renters, owner lives in Nashville.', ['occupancy', 'renter']),
  say('Do not ring the bell.', ['property_note', 'do not ring bell']),
  say('Elderly couple.', ['customer_demographic', 'elderly']),
  code('Garage', 'garage_code'),
  say('Steep roof.', ['property_detail', 'steep roof']),
  say('Sunroom on the back.', ['property_feature', 'sunroom']),
  say('Afternoons only.', ['preferred_time', 'afternoon']),
  say('Solar panels on the roof.', ['property_feature', 'solar panels']),
  say('Allergic to bees.', ['allergy', 'bees']),
  say(
    'Condo on the third floor, bring the stepladder.',
    ['property_type', 'condo'],
    ['equipment_needed', 'stepladder'],
  ),
  say('Failed seal in the living room.', ['property_condition', 'failed seal']),
  say('Every six months.', ['service_frequency', 'every six months']),
  say('Military discount.', ['discount', 'military']),
  say('Speaks Spanish.', ['preferred_language', 'spanish']),
  say('Lake house, key under the mat.', ['property_type', 'lake house'], ['key_location', 'under the mat']),
  say('Stained glass above the door.', ['property_feature', 'stained glass']),
  say('Allergic to dogs, no dog hair on the drop cloth.', ['allergy', 'dogs']),
  say('Takes shoes off, bring shoe covers.', ['equipment_needed', 'shoe covers']),
];
