import { z } from 'zod';

/** What a model is told before it reads a note. The note itself never becomes part of this. */
export const noteInstructions = `You turn notes of a window cleaning business into facts about the customer and the property.
The data is {"note": "..."}, typed by somebody who works here or by a customer. You list the facts it states and nothing else.
Answer JSON: {"attributes": [{"key": "...", "value": "...", "details": {...}}]}, at most 30.
- key: small words with underscores. Prefer these: customer_demographic, pet, allergy, accessibility_note, preferred_language, occupancy, property_screen_count, property_window_count, property_story_count, property_type, property_feature, property_condition, property_detail, property_note, gate_code, alarm_code, key_location, equipment_needed, service_duration_note, service_frequency, preferred_time, preferred_day, payment_method, contact_note.
- value: a few words, a number or true/false, as the note says it. A count that is not exact stays text: "20+".
- details: only when a fact has a name or number of its own: {"key": "pet", "value": "dog", "details": {"name": "Biscuit"}}. A name is a detail, never the value.
- One entry for each fact. What the note denies ("no pets", "does not need a ladder") or asks is no fact. Leave out small talk, opinions and what is not stated.
Example: "Elderly woman, very nice. House has 20+ screens, takes longer than usual. Dog named Biscuit, keep gate closed." gives customer_demographic: elderly; property_screen_count: "20+"; service_duration_note: longer_than_usual; pet: dog with details name Biscuit; property_note: keep gate closed.`;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What a model may answer; what does not fit the agreed form is dropped entry by entry afterwards. */
export const noteAnswer = z.object({
  attributes: z.array(
    z.object({ key: z.string(), value: scalar, details: z.record(z.string(), scalar).nullish() }),
  ),
});
