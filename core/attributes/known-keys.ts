/** A key that every business starts with: its other names, what it means, whether a customer has one value of it. */
export interface KnownKey {
  key: string;
  aliases: readonly string[];
  description: string;
  is_single?: true;
}

/** What notes of a window cleaning business are usually about. Nothing is forced: other keys are as welcome (NOT-04). */
export const knownKeys: readonly KnownKey[] = [
  {
    key: 'customer_demographic',
    aliases: ['demographic', 'demographics', 'age_group', 'customer_type'],
    description: 'who lives there: elderly, young_family',
    is_single: true,
  },
  {
    key: 'pet',
    aliases: ['pets', 'animal', 'animals'],
    description: 'an animal of the house, with its name',
  },
  { key: 'allergy', aliases: ['allergies', 'allergic_to'], description: 'what somebody there cannot stand' },
  {
    key: 'accessibility_note',
    aliases: ['accessibility', 'disability'],
    description: 'hearing, sight, walking',
  },
  {
    key: 'preferred_language',
    aliases: ['language', 'speaks'],
    description: 'the language to speak',
    is_single: true,
  },
  {
    key: 'occupancy',
    aliases: ['occupancy_status', 'ownership', 'resident_type'],
    description: 'renter, rental, part_time',
    is_single: true,
  },
  {
    key: 'property_screen_count',
    aliases: ['screens', 'screen_count', 'number_of_screens', 'window_screens'],
    description: 'how many screens',
    is_single: true,
  },
  {
    key: 'property_window_count',
    aliases: ['windows', 'window_count', 'number_of_windows'],
    description: 'how many windows',
    is_single: true,
  },
  {
    key: 'property_storm_window_count',
    aliases: ['storm_window_count', 'storm_windows'],
    description: 'how many storm windows',
    is_single: true,
  },
  {
    key: 'property_french_pane_count',
    aliases: ['french_pane_count', 'french_panes'],
    description: 'how many french panes',
    is_single: true,
  },
  {
    key: 'property_french_door_count',
    aliases: ['french_door_count'],
    description: 'how many french doors',
    is_single: true,
  },
  {
    key: 'property_skylight_count',
    aliases: ['skylight_count'],
    description: 'how many skylights',
    is_single: true,
  },
  {
    key: 'property_story_count',
    aliases: ['story_count', 'stories', 'property_stories', 'floors', 'levels'],
    description: 'how many stories',
    is_single: true,
  },
  {
    key: 'property_square_feet',
    aliases: ['square_feet', 'square_footage', 'sqft'],
    description: 'size of the house',
    is_single: true,
  },
  {
    key: 'property_type',
    aliases: ['house_type', 'building_type'],
    description: 'condo, storefront, lake house',
    is_single: true,
  },
  {
    key: 'property_feature',
    aliases: ['property_features', 'feature', 'features'],
    description: 'what the house has: skylights, storm windows',
  },
  {
    key: 'property_condition',
    aliases: ['property_conditions', 'glass_condition', 'window_condition'],
    description: 'the state of the glass: hard water stains',
  },
  {
    key: 'property_detail',
    aliases: ['property_details', 'house_detail'],
    description: 'what needs a word: steep roof',
  },
  {
    key: 'property_note',
    aliases: ['property_notes', 'access_note', 'access_notes', 'access_instructions'],
    description: 'what to mind there: keep gate closed',
  },
  { key: 'gate_code', aliases: ['gate_pin', 'code_gate'], description: 'opens the gate', is_single: true },
  { key: 'garage_code', aliases: ['garage_pin'], description: 'opens the garage', is_single: true },
  { key: 'door_code', aliases: ['door_pin', 'entry_code'], description: 'opens the door', is_single: true },
  {
    key: 'lockbox_code',
    aliases: ['lock_box_code', 'key_box_code'],
    description: 'opens the lockbox',
    is_single: true,
  },
  {
    key: 'alarm_code',
    aliases: ['alarm_pin', 'security_code'],
    description: 'turns the alarm off',
    is_single: true,
  },
  {
    key: 'key_location',
    aliases: ['key_place', 'spare_key'],
    description: 'where the key is',
    is_single: true,
  },
  {
    key: 'equipment_needed',
    aliases: ['equipment', 'equipment_required', 'required_equipment', 'tools_needed'],
    description: 'what to bring',
  },
  {
    key: 'service_duration_note',
    aliases: ['duration_note', 'service_duration'],
    description: 'how long it takes: longer_than_usual',
  },
  {
    key: 'service_frequency',
    aliases: ['frequency', 'cleaning_frequency'],
    description: 'how often',
    is_single: true,
  },
  {
    key: 'preferred_time',
    aliases: ['time_preference', 'preferred_times'],
    description: 'morning, after 9am',
  },
  { key: 'preferred_day', aliases: ['day_preference', 'preferred_days'], description: 'weekdays that suit' },
  {
    key: 'payment_method',
    aliases: ['payment', 'pays_by', 'payment_preference'],
    description: 'check, cash, card',
    is_single: true,
  },
  {
    key: 'contact_note',
    aliases: ['contact_preference', 'contact_notes'],
    description: 'how to reach them: call ahead',
  },
  { key: 'discount', aliases: ['discounts'], description: 'senior, military' },
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
