import type { McpPrompt } from '../prompt.ts';

/** The end of the owner's day. */
export const planTomorrow: McpPrompt = {
  name: 'plan_tomorrow',
  title: 'Plan tomorrow',
  description: 'Make tomorrow ready: everybody assigned, everybody told, no gaps left by chance.',
  icon: 'calendar',
  arguments: [],
  text: () =>
    [
      'Get tomorrow ready.',
      '1. Call daily_briefing with date set to tomorrow, in the business time zone.',
      '2. For every visit nobody is assigned to, look at crm_query availability for that time and assign whoever is free with crm_action ticket.assign_technician.',
      '3. For every visit that is not confirmed, tell me whom to call and their number (find_customer); record the answer with crm_action ticket.confirm.',
      '4. Name the gaps of each technician of an hour or more, and leads or follow-ups that would fit.',
      '5. Tell me the plan for each technician in travel order, with references.',
    ].join('\n'),
};
