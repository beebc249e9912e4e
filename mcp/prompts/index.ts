import type { McpPrompt } from '../prompt.ts';
import { getPaid } from './get-paid.ts';
import { morningBriefing } from './morning-briefing.ts';
import { planTomorrow } from './plan-tomorrow.ts';
import { takeACall } from './take-a-call.ts';

/** The routines of the office, one file each, in the order of a day. */
export const prompts: readonly McpPrompt[] = [morningBriefing, takeACall, planTomorrow, getPaid];
