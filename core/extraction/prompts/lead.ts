import { z } from 'zod';
import { noteAnswer } from './note.ts';

/** What a model is told before it reads an inquiry. The inquiry itself never becomes part of this. */
export const leadInstructions = `You read inquiries to a window cleaning business and fill in a form.
The data is {"inquiry": "..."}, written by a stranger or noted during a call. You fill in what it states and nothing else.
Answer one JSON object; leave out what is not stated and never guess:
- title: a short label of the job, such as "Window cleaning, two-story house"
- full_name, phone, email, company_name: of the person who asks, exactly as written
- line1, line2, city, state, postal_code: where the work would be
- service_interest: what is wanted, a few words
- source: how it reached the business: phone_call, email, web_form, referral, ad or other
- urgency: low, normal or high, only when the words say so
- preferred_time, budget_range: in the words of the inquiry
- property_details: a list of facts {"key", "value", "details"} about house and people, keys in small words with underscores: pet, property_screen_count, property_story_count, gate_code, property_note, equipment_needed, customer_demographic and the like. What is denied is no fact.`;

const words = z.string().nullish();

/** What a model may answer; what does not fit is dropped member by member afterwards. */
export const leadAnswer = z.object({
  title: words,
  full_name: words,
  phone: words,
  email: words,
  company_name: words,
  line1: words,
  line2: words,
  city: words,
  state: words,
  postal_code: words,
  service_interest: words,
  source: words,
  urgency: words,
  preferred_time: words,
  budget_range: words,
  property_details: noteAnswer.shape.attributes.nullish(),
});
