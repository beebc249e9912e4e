import { html, type Markup } from '../html.ts';
import { foreign, foreignProse } from './foreign.ts';
import type { Request } from './request.ts';

/** What the agent says about it, where nobody can take it for ours (MAQ-03, MAQ-23). */
export const agentWords = ({ reference, agent, reasoning }: Request): Markup =>
  html`<section class="agent" aria-label="The agent’s own words about ${reference}"><h2>The agent’s own words</h2>
<p class="hint">Written by ${foreign(agent, 80)}, not checked by anybody.</p>
${reasoning === null ? html`<p class="empty">It gave no reason.</p>` : foreignProse(reasoning)}</section>`;
