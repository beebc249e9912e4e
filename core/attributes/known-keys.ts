/** A key that every business starts with: its other names, what it means, whether a customer has one value of it. */
export interface KnownKey {
  key: string;
  aliases: readonly string[];
  description: string;
  is_single: boolean;
}

const known =
  (is_single: boolean) =>
  (key: string, description: string, aliases: string): KnownKey => ({
    key,
    aliases: aliases.split(' '),
    description,
    is_single,
  });

const one = known(true);
const many = known(false);

/** What notes of a window cleaning business are usually about. Nothing is forced: other keys are as welcome (NOT-04). */
export const knownKeys: readonly KnownKey[] = [
  one(
    'customer_demographic',
    'who lives there: elderly, young_family',
    'demographic demographics age_group customer_type',
  ),
  many('pet', 'an animal of the house, with its name', 'pets animal animals'),
  many('allergy', 'what somebody there cannot stand', 'allergies allergic_to'),
  many('accessibility_note', 'hearing, sight, walking', 'accessibility disability'),
  one('preferred_language', 'the language to speak', 'language speaks'),
  one('occupancy', 'renter, rental, part_time', 'occupancy_status ownership resident_type'),
  one('property_screen_count', 'how many screens', 'screens screen_count number_of_screens window_screens'),
  one('property_window_count', 'how many windows', 'windows window_count number_of_windows'),
  one('property_storm_window_count', 'how many storm windows', 'storm_window_count storm_windows'),
  one('property_french_pane_count', 'how many french panes', 'french_pane_count french_panes'),
  one('property_french_door_count', 'how many french doors', 'french_door_count'),
  one('property_skylight_count', 'how many skylights', 'skylight_count'),
  one('property_story_count', 'how many stories', 'story_count stories property_stories floors levels'),
  one('property_square_feet', 'size of the house', 'square_feet square_footage sqft'),
  one('property_type', 'condo, storefront, lake house', 'house_type building_type'),
  many(
    'property_feature',
    'what the house has: skylights, storm windows',
    'property_features feature features',
  ),
  many(
    'property_condition',
    'the state of the glass: hard water stains',
    'property_conditions glass_condition window_condition',
  ),
  many('property_detail', 'what needs a word: steep roof', 'property_details house_detail'),
  many(
    'property_note',
    'what to mind there: keep gate closed',
    'property_notes access_note access_notes access_instructions',
  ),
  one('gate_code', 'opens the gate', 'gate_pin code_gate'),
  one('garage_code', 'opens the garage', 'garage_pin'),
  one('door_code', 'opens the door', 'door_pin entry_code'),
  one('lockbox_code', 'opens the lockbox', 'lock_box_code key_box_code'),
  one('alarm_code', 'turns the alarm off', 'alarm_pin security_code'),
  one('key_location', 'where the key is', 'key_place spare_key'),
  many('equipment_needed', 'what to bring', 'equipment equipment_required required_equipment tools_needed'),
  many('service_duration_note', 'how long it takes: longer_than_usual', 'duration_note service_duration'),
  one('service_frequency', 'how often', 'frequency cleaning_frequency'),
  many('preferred_time', 'morning, after 9am', 'time_preference preferred_times'),
  many('preferred_day', 'weekdays that suit', 'day_preference preferred_days'),
  one('payment_method', 'check, cash, card', 'payment pays_by payment_preference'),
  many('contact_note', 'how to reach them: call ahead', 'contact_preference contact_notes'),
  many('discount', 'senior, military', 'discounts'),
];

const byName = new Map(
  knownKeys.flatMap(known => [known.key, ...known.aliases].map(name => [name, known] as const)),
);

/** The key every business knows under this name, if there is one. */
export const findKnownKey = (name: string): KnownKey | undefined => byName.get(name);

/** A key as it is written, whatever way somebody wrote it: `Gate code` is `gate_code`. */
export const plainKey = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
