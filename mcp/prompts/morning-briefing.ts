import type { McpPrompt } from '../prompt.ts';

/** The start of the owner's day. */
export const morningBriefing: McpPrompt = {
  name: 'morning_briefing',
  title: 'Morning briefing',
  description: 'Today in a minute, and what needs the owner first.',
  icon: 'today',
  arguments: [],
  text: () =>
    [
      'Brief me on today.',
      '1. Call daily_briefing once; it has everything, cut to the most important.',
      '2. Tell me in at most twelve lines: the visits in order, then what needs me: requests that wait, calls that are due, new inquiries, visits nobody is assigned to or that are not confirmed. Say what I decided since last time and what you did about it.',
      '3. Propose one next step for each open point, with its reference. Look at crm_query availability before you propose a technician.',
      'Change nothing before I say so.',
    ].join('\n'),
};
